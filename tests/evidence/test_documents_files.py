"""The file of a document: sent by coordinators, and named by the document from then on."""

from tests.support.refusals import told
from tests.support.tus import Phone, an_id


def test_the_file_of_a_document_becomes_its_file(server, trial):
    boss = Phone(server, trial.coordinator.token, document=trial.document)
    address = boss.sent(b"%PDF-1.7 a judgment", filename="judgment.pdf")
    shown = server.get(f"/v1/documents/{trial.document}", token=boss.token).json()
    assert (shown["attachment_id"], shown["version"]) == (address.rpartition("/")[2], 2)
    assert boss.get(address).content == b"%PDF-1.7 a judgment"
    cleared = server.patch(f"/v1/documents/{trial.document}", {"attachment_id": None}, token=boss.token)
    assert cleared.json()["attachment_id"] is None
    again = server.patch(f"/v1/documents/{trial.document}", {"attachment_id": shown["attachment_id"]}, token=boss.token)
    assert again.json()["attachment_id"] == shown["attachment_id"]
    unknown = server.patch(f"/v1/documents/{trial.document}", {"attachment_id": an_id()}, token=boss.token)
    assert told(unknown) == (404, "not_found", [("/attachment_id", "not_found")])


def test_an_observer_adds_no_file_to_a_document(server, trial):
    phone = Phone(server, trial.observer.token, document=trial.document)
    assert told(phone.create(b"not hers to add")) == (403, "forbidden", [])
