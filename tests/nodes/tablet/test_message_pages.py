"""Messages on the pages: a named sender, a preview in the resident's language, barred senders (care rule 22)."""

from nodes.tablet.roles import Role
from nodes.tablet.sent import Standing
from tests.nodes.tablet.homes import TestHome

PATH = "/residents/hanna/messages"


def _texts(tablet: TestHome) -> list[tuple[str, str, Standing]]:
    return [(each.sender, each.text, each.state) for each in tablet.records.call(lambda: tablet.sent.all())]


def _share(tablet: TestHome) -> None:
    for key, value in (("", "yes"), (".basis", "own"), (".decider", "Hanna Nowak")):
        tablet.know(f"consent.sharing{key}", value)


def test_preview_in_the_residents_language_then_sent_once(tablet: TestHome) -> None:
    tablet.know("language.preferred", "pl_PL", "resident")
    carer = tablet.signed_in(Role.CARER)
    preview = carer.post(PATH, sender="Ewa", text="See you on Sunday.", act="preview")
    assert "wiadomość" in preview.text and "Ewa" in preview.text and "See you on Sunday." in preview.text
    assert _texts(tablet) == []
    for _ in range(2):  # a double tap
        assert carer.post(PATH, sender="Ewa", text="See you on Sunday.", act="send", once="1").status == 303
    assert _texts(tablet) == [("Ewa", "See you on Sunday.", Standing.WAITING)]
    assert "Ewa" in carer.get("/messages").text and "Waiting" in carer.get(PATH).text


def test_family_write_in_their_own_name_and_see_only_their_own(tablet: TestHome) -> None:
    _share(tablet)
    tablet.signed_in(Role.CARER).post(PATH, sender="the chaplain", text="A private word.", act="send")
    family = tablet.signed_in(Role.FAMILY, "Ewa Nowak")
    family.post(PATH, sender="the King", text="Hello mother.", act="send")
    assert ("Ewa Nowak", "Hello mother.", Standing.WAITING) in _texts(tablet)
    page = family.get(PATH).text
    assert "Hello mother." in page and "A private word." not in page


def test_barred_senders_and_refusals(tablet: TestHome) -> None:
    tablet.know("safety.barred_sender", "Jan Nowak")
    carer = tablet.signed_in(Role.CARER)
    answer = carer.post(PATH, sender="jan nowak", text="Sign this.", act="send")
    assert answer.status == 409 and "not passed on" in answer.text
    tablet.know("consent.talk", "no", "resident")
    assert carer.post(PATH, sender="Ewa", text="Hello.", act="send").status == 409
    assert _texts(tablet) == []


def test_taken_back_by_who_may(tablet: TestHome) -> None:
    _share(tablet)
    carer, family = tablet.signed_in(Role.CARER), tablet.signed_in(Role.FAMILY, "Ewa Nowak")
    carer.post(PATH, sender="the chaplain", text="A word.", act="send")
    (message,) = tablet.records.call(lambda: tablet.sent.all())
    assert family.post(f"{PATH}/back", message_id=message.id).status == 409
    assert carer.post("/residents/george/messages/back", message_id=message.id).status == 409
    assert carer.post(f"{PATH}/back", message_id=message.id).status == 303
    assert _texts(tablet)[0][2] is Standing.STOPPED


def test_scripts_in_a_message_are_words(tablet: TestHome) -> None:
    carer = tablet.signed_in(Role.CARER)
    preview = carer.post(PATH, sender="<b>Ewa</b>", text="<script>alert(1)</script>", act="preview")
    assert "<script>alert" not in preview.text and "<b>Ewa" not in preview.text
