"""Practice mode: everything works as in earnest, and nothing of it is real."""

from nodes.tablet.audit import read_rows
from nodes.tablet.records import records_path
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import PIN, TestHome, call


def test_what_is_practised_reaches_nobody(tablet: TestHome) -> None:
    tablet.home.listed = [call("c1", text="A real pain.")]
    device = tablet.signed_in(Role.SENIOR_CARER, "Sue Hall")
    assert device.post("/practice", on="yes").status == 303
    before = len(read_rows(records_path(tablet.folder)))
    page = device.get("/now").text
    assert "Practice: nothing here is real" in page
    assert "There are real calls" in page
    assert "A real pain." not in page
    assert "Hanna Nowak" not in device.get("/residents").text
    assert "Rosa Practice" in device.get("/residents").text
    device.post("/residents/practice-rosa/facts", key="food.liked", value="pierogi", said_by="resident")
    assert "pierogi" in device.get("/residents/practice-rosa").text
    device.post("/residents/practice-rosa/state", state="hospital")
    device.post("/reminders", resident_id="practice-rosa", kind="visit", clock="15:00")
    device.post("/calls/accept", call_id="practice-1", done="no")
    device.post("/reminders/close", occurrence_id="practice-1")
    device.post("/residents/practice-rosa/consent", purpose="memory", answer="yes", basis="own", decider="Rosa")
    assert device.get("/residents/hanna").status == 409
    assert device.post("/practice", on="no").status == 303
    assert len(read_rows(records_path(tablet.folder))) == before
    assert (tablet.home.accepted, tablet.home.closed, tablet.home.routines) == ([], [], [])
    assert sorted(tablet.home.store.names()) == ["george", "hanna"]
    assert "A real pain." in device.get("/now").text


def test_what_would_be_real_cannot_be_practised(tablet: TestHome) -> None:
    manager = tablet.signed_in(Role.MANAGER, "Mary Low")
    manager.post("/practice", on="yes")
    answer = manager.post("/staff", name="Eve", role="manager", pin=PIN)
    assert (answer.status, "cannot be practised" in answer.text) == (409, True)
    assert manager.get("/audit").status == 409
    assert len(tablet.records.call(tablet.people.all)) == 1


def test_who_carries_the_calls_does_not_practise(tablet: TestHome) -> None:
    carer = tablet.signed_in(Role.CARER, "Anna Price")  # the holder
    answer = carer.post("/practice", on="yes")
    assert (answer.status, "You carry the calls" in answer.text) == (409, True)
    assert "Practice: nothing" not in carer.get("/now").text
