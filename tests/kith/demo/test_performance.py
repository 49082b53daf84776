"""What surrounds a performance."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from culture_profiles.errors import KithError
from culture_profiles.store import ProfileStore
from kith.demo.performance import Result, move_in, zone_where_it_is_morning
from nodes.profiles.register import store_path


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001
def test_it_is_always_morning_in_the_demo(now: datetime) -> None:
    assert now.astimezone(ZoneInfo(zone_where_it_is_morning(now))).hour == 9


def test_residents_move_in_once(home_dir: Path) -> None:
    move_in(("hanna", "kenji"), home_dir)
    with ProfileStore(store_path(home_dir)) as store:
        assert set(store.residents()) == {"hanna", "kenji"}
        assert store.snapshot("hanna").value("address.form") == "pani Hanno"
        before = store.snapshot("hanna").sequence
    move_in(("hanna",), home_dir)
    with ProfileStore(store_path(home_dir)) as store:
        assert store.snapshot("hanna").sequence == before


def test_an_unknown_resident_is_refused_with_those_there_are(home_dir: Path) -> None:
    with pytest.raises(KithError, match=r"no simulated resident nobody: there are .*hanna"):
        move_in(("nobody",), home_dir)


def test_percentiles_of_the_answers() -> None:
    result = Result(1, 1, "", tuple(float(ms) for ms in range(100, 1101, 10)), 1.0, 1.0, 1.0)
    assert (result.percentile(50), result.percentile(95)) == (600.0, 1050.0)
    assert Result(1, 1, "", (700.0,), 1.0, 1.0, 1.0).percentile(95) == 700.0
    assert Result(1, 1, "", (), 1.0, 1.0, 1.0).percentile(50) is None
