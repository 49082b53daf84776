"""Messages: kept until read, asked again another day after a no, never from a barred sender."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from behaviours.routines.occurrence import Outcome
from culture_profiles.errors import KithError
from nodes.base.durable import DurableFile
from nodes.tablet.audit import AuditLog, read_rows, verify
from nodes.tablet.records import APPLICATION_ID, MIGRATIONS, Records, records_path
from nodes.tablet.roles import Role
from nodes.tablet.sent import SentMessages, Standing, barred, may_bring
from tests.culture_profiles.profiles import fact, profile
from tests.nodes.tablet.homes import NOW, TestHome

LONDON = ZoneInfo("Europe/London")


def _add(tablet: TestHome, sender: str = "Ewa", text: str = "See you on Sunday.") -> str:
    return tablet.records.call(lambda: tablet.sent.add("hanna", sender, text, "p-1", NOW)).id


def _all(tablet: TestHome) -> list[tuple[Standing, str]]:
    return [(each.state, each.text) for each in tablet.records.call(lambda: tablet.sent.all("hanna"))]


def _asked(tablet: TestHome, message: str, outcome: Outcome, later_s: int = 0) -> None:
    assert tablet.records.call(lambda: tablet.sent.asking(message))
    tablet.records.call(lambda: tablet.sent.came_to(message, outcome, later_s, NOW))


def test_read_after_a_yes_and_its_words_are_forgotten_a_day_later(tablet: TestHome) -> None:
    message = _add(tablet)
    _asked(tablet, message, Outcome.ACCEPTED)
    assert _all(tablet) == [(Standing.READ, "See you on Sunday.")]
    assert tablet.records.call(lambda: tablet.sent.due(NOW + timedelta(days=2))) == []
    assert _all(tablet) == [(Standing.READ, "")]


def test_a_no_rests_until_another_day_and_two_end_it(tablet: TestHome) -> None:
    message = _add(tablet)
    _asked(tablet, message, Outcome.DECLINED)
    assert tablet.records.call(lambda: tablet.sent.due(NOW + timedelta(hours=8))) == []
    assert len(tablet.records.call(lambda: tablet.sent.due(NOW + timedelta(hours=20)))) == 1
    _asked(tablet, message, Outcome.DECLINED)
    assert _all(tablet)[0][0] is Standing.DECLINED


@pytest.mark.parametrize("outcome", [Outcome.LATER, Outcome.NO_ANSWER, Outcome.ABSENT, Outcome.INTERRUPTED])
def test_anything_else_is_tried_again_in_a_while(tablet: TestHome, outcome: Outcome) -> None:
    _asked(tablet, _add(tablet), outcome, 300 if outcome is Outcome.LATER else 0)
    assert tablet.records.call(lambda: tablet.sent.due(NOW)) == []
    assert len(tablet.records.call(lambda: tablet.sent.due(NOW + timedelta(minutes=11)))) == 1


def test_a_crash_while_asking_is_told(tablet: TestHome) -> None:
    message = _add(tablet)
    tablet.records.call(lambda: tablet.sent.asking(message))
    again = tablet.records.call(lambda: SentMessages(tablet.records.file))
    (due,) = tablet.records.call(lambda: again.due(NOW))
    assert due.maybe_asked


def test_what_was_taken_back_is_not_asked(tablet: TestHome) -> None:
    message = _add(tablet)
    tablet.records.call(lambda: tablet.sent.end(message, Standing.STOPPED, NOW))
    assert not tablet.records.call(lambda: tablet.sent.asking(message))


@pytest.mark.parametrize(("sender", "text"), [("", "Hello"), ("Ewa", " "), ("Ewa", "x" * 601), ("E\x00a", "Hello")])
def test_what_cannot_be_read_aloud_is_refused(tablet: TestHome, sender: str, text: str) -> None:
    with pytest.raises(KithError):
        _add(tablet, sender, text)


@pytest.mark.parametrize("sender", ["Jan Nowak", "jan  nowak", "Jan Nowak (nephew)", "Nowak Jan"])
def test_a_barred_sender_is_known_however_it_is_written(sender: str) -> None:
    assert barred(profile(fact("safety.barred_sender", "Jan Nowak")), sender)
    assert not barred(profile(fact("safety.barred_sender", "Jan Nowak")), "Ewa Nowak")


def test_when_it_may_be_asked_about(tablet: TestHome) -> None:
    _add(tablet)
    (message,) = tablet.records.call(lambda: tablet.sent.due(NOW))
    here = profile()
    assert may_bring(message, here, NOW, LONDON)
    assert may_bring(message, here, NOW.replace(hour=23), LONDON) is False
    assert may_bring(message, profile(fact("state_of_life", "hospital", "carer")), NOW, LONDON) is False
    assert may_bring(message, profile(fact("care_in_progress", "doctor", "carer")), NOW, LONDON) is False
    assert may_bring(message, profile(fact("consent.talk", "no")), NOW, LONDON) is False
    assert may_bring(message, profile(fact("state_of_life", "died", "carer", "confirmed")), NOW, LONDON) is None
    assert may_bring(message, profile(fact("safety.barred_sender", "Ewa", "carer")), NOW, LONDON) is None


def test_words_and_names_cannot_be_read_on_the_disk(tablet: TestHome) -> None:
    _add(tablet, text="The plum cake is for you.")
    tablet.signed_in(Role.CARER, "Anna Price")
    folder = records_path(tablet.folder).parent
    everything = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    for word in (b"plum cake", b"Ewa", b"Anna Price", b"hanna"):
        assert word not in everything


def test_records_that_an_earlier_version_kept_open_are_encrypted_and_whole(tmp_path: Path) -> None:
    path = records_path(tmp_path)
    plain = DurableFile(path, APPLICATION_ID, MIGRATIONS)
    SentMessages(plain).add("hanna", "Ewa", "The plum cake is for you.", "p-1", NOW)
    AuditLog(plain).add(NOW, "p-1", "carer", "send message", "hanna")
    plain.close()
    assert b"plum cake" in path.read_bytes()
    records = Records(path)
    assert [each.text for each in records.call(lambda: SentMessages(records.file).all())] == [
        "The plum cake is for you."
    ]
    records.close()
    assert verify(read_rows(path)).whole
    assert [each.name for each in path.parent.iterdir() if b"plum cake" in each.read_bytes()] == []


def test_whoever_is_erased_leaves_no_message_behind(tablet: TestHome) -> None:
    _add(tablet, text="The plum cake is for you.")
    tablet.records.call(lambda: tablet.sent.add("george", "Ewa", "Bread.", "p-1", NOW))
    tablet.records.call(lambda: tablet.sent.forget(["hanna"]))
    assert tablet.records.call(tablet.sent.residents) == {"george"}
