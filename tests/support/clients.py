"""Service clients, made over HTTP by a programme's coordinator."""


def a_client(server, programme, scopes, **body):
    """A service client as it is shown when it is made, with its secret."""
    asked = {"label": "Another system", "scopes": list(scopes), **body}
    answer = server.post(f"/v1/programmes/{programme.id}/clients", asked, token=programme.token)
    assert answer.status_code == 201, answer.text
    return answer.json()


def ask_for_token(server, client):
    """The answer to a client that shows its secret."""
    form = {"grant_type": "client_credentials", "client_id": client["id"], "client_secret": client["secret"]}
    return server.client.post("/v1/auth/token", data=form)


def admitted(server, programme, scopes):
    """The token of a new client."""
    answer = ask_for_token(server, a_client(server, programme, scopes))
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]
