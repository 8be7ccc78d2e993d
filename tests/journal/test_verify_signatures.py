"""Ed25519 as the verifier computes it: against the vectors of RFC 8032, against the library that signs, and as strict as can be."""

import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.journal import verify

# RFC 8032, 7.1: secret key, public key, message, signature. Of the long message, what the key signs of it is recomputed below.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]
ORDER = 2**252 + 27742317777372353535851937790883648493
PRIME = 2**255 - 19


def cases(count, seed):
    """Keys, messages, and signatures that are good or changed in one place."""
    random_ = random.Random(seed)
    for n in range(count):
        key = Ed25519PrivateKey.from_private_bytes(random_.randbytes(32))
        message = random_.randbytes(n % 90)
        yield key.public_key().public_bytes_raw(), message, key.sign(message), random_


def by_library(public, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize(("secret", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard_are_good_and_any_changed_byte_makes_them_bad(secret, public, message, signature):
    public, message, signature = (bytes.fromhex(each) for each in (public, message, signature))
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert (key.public_key().public_bytes_raw(), key.sign(message)) == (public, signature)
    assert verify.is_signed(public, message, signature)
    assert not verify.is_signed(public, message + b"x", signature)
    for place in range(64):
        changed = bytearray(signature)
        changed[place] ^= 1 << place % 8
        assert not verify.is_signed(public, message, bytes(changed))


def test_it_agrees_with_the_library_that_signs():
    verdicts = {True: 0, False: 0}
    for public, message, signature, random_ in cases(150, 8032):
        assert verify.is_signed(public, message, signature)
        parts = [bytearray(each) for each in (public, message, signature)]
        part = random_.choice([each for each in parts if each])
        part[random_.randrange(len(part))] ^= 1 << random_.randrange(8)
        changed = [bytes(each) for each in parts]
        assert verify.is_signed(*changed) is by_library(*changed)
        verdicts[verify.is_signed(*changed)] += 1
    assert verdicts == {True: 0, False: 150}


def test_a_signature_has_one_spelling():
    for public, message, signature, _ in cases(20, 1):
        half, scalar = signature[:32], int.from_bytes(signature[32:], "little")
        more = half + (scalar + ORDER).to_bytes(32, "little")
        assert not verify.is_signed(public, message, more)
        assert not by_library(public, message, more)
        for length in (0, 32, 63):
            assert not verify.is_signed(public, message, signature[:length])
        assert not verify.is_signed(public, message, signature + b"\0")


# Points of small order: whoever has such a key can sign anything. A point and its negative have another spelling each that is refused.
IDENTITY = (1).to_bytes(32, "little")


def test_a_public_key_has_one_spelling():
    signature = IDENTITY + bytes(32)
    assert verify.is_signed(IDENTITY, b"anything", signature)
    for y in (PRIME + 1, 1 | 1 << 255, PRIME | 1 << 255, PRIME + 1 | 1 << 255):
        assert not verify.is_signed(y.to_bytes(32, "little"), b"anything", signature)
        assert not verify.is_signed(IDENTITY, b"anything", y.to_bytes(32, "little") + bytes(32))


def test_a_public_key_that_is_no_point_signs_nothing():
    refused = 0
    for public, message, signature, random_ in cases(20, 2):
        other = random_.randbytes(32)
        assert not verify.is_signed(other, message, signature)
        refused += verify._decoded(other) is None
        assert verify._encoded(verify._decoded(public)) == public
    assert 0 < refused < 20
