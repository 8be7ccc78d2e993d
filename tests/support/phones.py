"""Phones as observers carry them: a key pair that never leaves, a code redeemed once, refreshes that are signed."""

import base64
import hashlib
import secrets
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def encoded(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def a_code(server, programme, member, **body):
    """The answer to a coordinator's request for a code."""
    answer = server.post(f"/v1/programmes/{programme.id}/enrolments", {"member_id": member.member_id, **body}, token=programme.token)
    assert answer.status_code == 201, answer.text
    return answer.json()


class Phone:
    """A phone with its own key, not enrolled yet."""

    def __init__(self, server, label="Phone 3") -> None:
        self.server, self.label = server, label
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.token = self.refresh_token = self.id = None

    @property
    def public_key(self):
        numbers = self._key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": encoded(numbers.x.to_bytes(32)), "y": encoded(numbers.y.to_bytes(32))}

    def body_with(self, code, **changed):
        """What it sends to be enrolled."""
        return {"code": code, "public_key": self.public_key, "label": self.label, **changed}

    def ask(self, code, **changed):
        """The answer to an enrolment."""
        return self.server.post("/v1/devices", self.body_with(code, **changed))

    def enrolled(self, code):
        """The same phone, let in."""
        answer = self.ask(code)
        assert answer.status_code in (200, 201), answer.text
        shown = answer.json()
        self.id = shown["device"]["id"]
        self.token, self.refresh_token = shown["access_token"], shown["refresh_token"]
        return self

    def signature(self, body, nonce=None, path="/v1/auth/token"):
        """A `Hearsight-Signature`, as WebCrypto makes it: nonce, then `r` and `s` of 32 bytes each."""
        nonce = nonce or secrets.token_urlsafe(16)
        text = f"POST\n{path}\n{hashlib.sha256(body).hexdigest()}\n{nonce}"
        r, s = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{nonce}.{encoded(r.to_bytes(32) + s.to_bytes(32))}"

    def body(self, token=None):
        return urlencode({"grant_type": "refresh_token", "refresh_token": token or self.refresh_token}).encode()

    def refresh(self, token=None, **signed):
        """The answer to a signed refresh, which is remembered where it is good."""
        body = self.body(token)
        answer = self.send(body, self.signature(body, **signed))
        if answer.status_code == 200:
            self.token, self.refresh_token = answer.json()["access_token"], answer.json()["refresh_token"]
        return answer

    def send(self, body, signature=None):
        """The answer to a refresh with any signature, or with none."""
        headers = FORM if signature is None else {**FORM, "Hearsight-Signature": signature}
        return self.server.client.post("/v1/auth/token", content=body, headers=headers)


def a_phone(server, programme, member, **body):
    """An enrolled phone of a member."""
    return Phone(server).enrolled(a_code(server, programme, member, **body)["code"])
