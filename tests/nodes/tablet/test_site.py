"""What carers do on the pages, and what comes of it."""

from datetime import UTC, datetime, timedelta

import pytest

from behaviours.routines.occurrence import State
from nodes.tablet.roles import Role
from tests.nodes.tablet.homes import Device, TestHome, call, occurrence

EVIL = "<script>alert(1)</script>\"'<img src=x>"


@pytest.fixture
def carer(tablet: TestHome) -> Device:
    return tablet.signed_in(Role.CARER, "Anna Price")


@pytest.fixture
def senior(tablet: TestHome) -> Device:
    return tablet.signed_in(Role.SENIOR_CARER, "Joan Reed")


def test_the_card_says_how_to_be_with_somebody_and_from_whom_it_is_known(tablet: TestHome, carer: Device) -> None:
    tablet.know("address.form", "pani Hanno", "resident")
    tablet.know("topics.liked", "mushroom picking", "observed", "assumed")
    tablet.know("language.mother", "pl_PL", "family")
    tablet.know("safety.swallowing", "thickened drinks, level 2")
    page = carer.get("/residents/hanna").text
    for words in ("pani Hanno", "they said so", "Assumed", "mushroom picking", "thickened drinks"):
        assert words in page
    assert "Cannot hear a call for help in Polish" in " ".join(page.split())


def test_an_assumption_is_confirmed_corrected_or_never_made_again(tablet: TestHome, carer: Device) -> None:
    for value in ("chess", "bingo"):
        tablet.know("topics.liked", value, "observed", "assumed")
    carer.post("/residents/hanna/facts", key="topics.liked", value="chess", act="confirm", said_by="staff")
    carer.post("/residents/hanna/facts", key="topics.liked", value="bingo", act="never", said_by="staff")
    tablet.know("topics.liked", "bingo", "observed", "assumed")
    facts = [fact for fact in tablet.home.store.snapshot("hanna").facts if fact.key == "topics.liked"]
    assert [(fact.value, fact.status) for fact in facts] == [("chess", "confirmed")]


def test_a_wrong_guess_is_corrected_and_not_made_again(tablet: TestHome, carer: Device) -> None:
    tablet.know("topics.liked", "bingo", "observed", "assumed")
    carer.post("/residents/hanna/facts", key="topics.liked", value="bridge", old="bingo", said_by="staff")
    tablet.know("topics.liked", "bingo", "observed", "assumed")
    assert tablet.known("topics.liked") == ("bridge",)


def test_a_change_is_undone(tablet: TestHome, carer: Device) -> None:
    tablet.know("name.preferred", "Hania")
    carer.post("/residents/hanna/facts", key="name.preferred", value="Hanka", said_by="staff")
    assert tablet.known("name.preferred") == ("Hanka",)
    sequence = tablet.home.store.snapshot("hanna").sequence
    assert "Undo" in carer.get("/residents/hanna").text
    carer.post("/residents/hanna/undo", sequence=str(sequence))
    assert tablet.known("name.preferred") == ("Hania",)
    carer.post("/residents/hanna/facts", key="food.liked", value="plums")
    carer.post("/residents/hanna/undo", sequence=str(tablet.home.store.snapshot("hanna").sequence))
    assert tablet.known("food.liked") == ()


def test_two_carers_at_once_both_are_kept_and_shown(tablet: TestHome, carer: Device, senior: Device) -> None:
    seen = str(tablet.know("name.preferred", "Hania").sequence)
    carer.post("/residents/hanna/facts", key="name.preferred", value="Hanka", seen=seen, said_by="staff")
    answer = senior.post("/residents/hanna/facts", key="name.preferred", value="Hanusia", seen=seen, said_by="staff")
    assert answer.status == 409
    assert "Hanka" in answer.text
    assert "Hanusia" in answer.text
    assert tablet.known("name.preferred") == ("Hanka",)
    newest = str(tablet.home.store.snapshot("hanna").sequence)
    senior.post("/residents/hanna/facts", key="name.preferred", value="Hanusia", seen=newest, said_by="staff")
    assert tablet.known("name.preferred") == ("Hanusia",)


def test_a_double_tap_acts_once(tablet: TestHome, carer: Device) -> None:
    fields = {"resident_id": "hanna", "kind": "activity", "clock": "15:00", "once": "form-1"}
    assert carer.post("/reminders", **fields).status == carer.post("/reminders", **fields).status == 303
    assert len(tablet.home.routines) == 1


def test_scripts_stay_words_in_every_field(tablet: TestHome, carer: Device, senior: Device) -> None:
    senior.post("/residents", name=EVIL, room=EVIL)
    for key in ("name.preferred", "food.liked", "address.form"):
        carer.post("/residents/hanna/facts", key=key, value=EVIL)
    tablet.home.listed = [call("c1", EVIL, text=EVIL)]
    tablet.home.due = [occurrence(EVIL)]
    paths = ["/now", "/residents", f"/residents?q={EVIL}", "/residents/hanna", "/residents/hanna/profile", "/reminders"]
    for path in [*paths, "/hand-over", "/residents/hanna/history/food.liked", "/residents/hanna/profile/likes"]:
        page = carer.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_huge_pastes_and_nonsense_are_refused_and_change_nothing(tablet: TestHome, carer: Device) -> None:
    before = tablet.home.store.snapshot("hanna").sequence
    for value in ("x" * 1_001, "x" * 500_000, "\x00", ""):
        assert carer.post("/residents/hanna/facts", key="food.liked", value=value).status in (403, 409)
    for key in ("no.such.key", "state_of_life", "consent.talk", "", "said.event"):
        assert carer.post("/residents/hanna/facts", key=key, value="died").status in (403, 409)
    assert carer.get("/residents/nobody").status == 409
    assert carer.get("/residents/..%2f..").status in (404, 409)
    assert tablet.home.store.snapshot("hanna").sequence == before


def test_safety_is_for_seniors_to_write(tablet: TestHome, carer: Device, senior: Device) -> None:
    fields = {"key": "safety.allergy", "value": "penicillin"}
    assert carer.post("/residents/hanna/facts", **fields).status == 403
    assert senior.post("/residents/hanna/facts", **fields).status == 303
    assert tablet.known("safety.allergy") == ("penicillin",)


def test_culture_is_asked_in_four_words_never_in_percentages(tablet: TestHome, carer: Device) -> None:
    tablet.know("culture.region.poland", "a_little", "resident")
    page = carer.get("/residents/hanna/profile/culture").text
    for words in ("Matters a lot", "A little", "Not me", "Ask me"):
        assert words in page
    assert "%" not in page
    carer.post("/residents/hanna/facts", key="culture.region.poland", value="not_me", said_by="resident")
    assert tablet.known("culture.region.poland") == ("not_me",)
    # A region says nothing of a faith.
    assert not any(fact.key.startswith("culture.faith") for fact in tablet.home.store.snapshot("hanna").facts)


def test_who_said_what_when(tablet: TestHome, carer: Device) -> None:
    tablet.know("food.liked", "plums", "family")
    carer.post("/residents/hanna/facts", key="food.liked", value="plums", act="remove", said_by="family")
    page = carer.get("/residents/hanna/history/food.liked").text
    assert page.index("taken back") < page.index("family")
    assert "Anna Price" in page


def test_a_reminder_in_the_homes_own_time(tablet: TestHome, carer: Device) -> None:
    # 11:00 in London, where summer time holds: half past ten is tomorrow's.
    carer.post("/reminders", resident_id="hanna", kind="visit", clock="10:30")
    carer.post("/reminders", resident_id="hanna", kind="call", clock="15:00", title="your daughter Ewa")
    assert [(each.start, each.title) for each in tablet.home.routines] == [
        (datetime(2026, 6, 2, 9, 30, tzinfo=UTC), "your visit"),
        (datetime(2026, 6, 1, 14, 0, tzinfo=UTC), "your daughter Ewa"),
    ]
    assert tablet.home.routines[0].created_by == carer.person.id


def test_what_happened_to_a_reminder_and_closing_it(tablet: TestHome, carer: Device) -> None:
    tablet.home.due = [occurrence("o1", State.DECLINED), occurrence("o2", State.CLOSED, hours=2)]
    page = carer.get("/reminders?resident=hanna").text
    assert "Declined" in page
    carer.post("/reminders/close", occurrence_id="o1")
    assert tablet.home.closed == [("o1", "Anna Price")]


def test_calls_are_accepted_and_closed_by_name(tablet: TestHome, carer: Device) -> None:
    tablet.home.listed = [call("c1")]
    page = carer.get("/now").text
    assert "Hanna Nowak" in page
    assert "Her hip hurts." in page
    carer.post("/calls/accept", call_id="c1", done="no")
    carer.post("/calls/accept", call_id="c1", done="yes")
    carer.post("/calls/shown", ids="c1\nunknown")
    assert tablet.home.accepted == [("c1", "Anna Price", False), ("c1", "Anna Price", True)]
    assert tablet.home.shown == [("c1", "Anna Price")]


def test_every_answer_forbids_what_the_pages_do_not_need(tablet: TestHome, carer: Device) -> None:
    for path in ("/now", "/sign-in", "/static/kith.js", "/nothing", "/residents/nobody"):
        headers = carer.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        # A style sheet may be kept, if it is asked for anew each time; a page never.
        assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")
        assert "max-age" in headers["strict-transport-security"]
    page = carer.get("/now").text
    assert "style=" not in page
    # Every script is a file of our own, and none is written into the page.
    scripts = ("kith.js", "htmx/htmx.min.js", "htmx/sse.min.js")
    assert page.count("<script") == len(scripts)
    assert all(f'<script src="/static/{name}" defer></script>' in page for name in scripts)


def test_a_form_sent_after_the_lock_says_that_nothing_was_saved(tablet: TestHome, carer: Device) -> None:
    token = carer.form_token
    tablet.home.at += timedelta(minutes=10)
    answer = carer.client.post("/residents/hanna/facts", data={"form_token": token, "key": "food.liked", "value": "x"})
    assert (answer.status_code, "nothing was saved" in answer.text) == (401, True)
