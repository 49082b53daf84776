"""Care rule 25: the day's summaries go after a week, with the consent, and with everything else that is erased."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from behaviours.day_summary import KEYS, TOPIC, Line
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.store import ProfileStore
from nodes.profiles.register import Register, store_path

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with ProfileStore(store_path(tmp_path)) as store:
        made = Register(store, tmp_path)
        for key, value in (("name.full", "Hanna Nowak"), ("consent.summaries", "yes")):
            store.set_fact(_fact(key, value))
        for back in (0, 3):
            line = Line((NOW - timedelta(days=back)).date(), TOPIC, "garden").fact("hanna", NOW - timedelta(days=back))
            assert line is not None
            store.set_fact(line)
        yield made


def _fact(key: str, value: str) -> Fact:
    return make_fact(
        resident_id="hanna", key=key, value=value, source=Source.RESIDENT, status=Status.STATED, who="hanna", when=NOW
    )


def _kept(register: Register) -> list[str]:
    return [fact.value[:10] for key in KEYS for fact in register.history("hanna", key)]


def test_a_week_is_kept_and_no_longer(register: Register) -> None:
    assert register.forget_days(NOW) == []
    assert [each.key for each in register.forget_days(NOW + timedelta(days=4))] == ["summary.friday"]
    assert _kept(register) == ["2026-11-23"]


def test_the_history_of_what_is_over_is_gone_too(register: Register) -> None:
    register.forget_days(NOW + timedelta(days=30))
    assert _kept(register) == []


def test_they_go_with_the_consent(register: Register) -> None:
    register.store.set_fact(_fact("consent.summaries", "no"))
    assert len(register.forget_days(NOW)) == 2
    assert _kept(register) == []


def test_a_legal_hold_spares_them_and_nothing_breaks(register: Register) -> None:
    register.store.place_hold("hanna", "inquest", "p-1", NOW)
    assert register.forget_days(NOW + timedelta(days=30)) == []
    assert len(_kept(register)) == 2


def test_they_go_with_everything(register: Register) -> None:
    receipt = register.erase("hanna", "", "p-1", NOW)
    assert receipt.facts >= 4
