"""Facts and profiles come through messages unchanged, bytes and all."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kith_msgs import msg
from rclpy.serialization import deserialize_message, serialize_message

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact
from culture_profiles.profile import Profile
from nodes.base.profile_messages import (
    fact_from_msg,
    fact_to_msg,
    profile_from_snapshot_msg,
    profile_to_snapshot_msg,
)

NOW = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60).filter(str.strip)


def fact(value: str, source: Source = Source.RESIDENT, status: Status = Status.STATED, sequence: int = 7) -> Fact:
    return make_fact(
        resident_id="r1",
        key="name.full",
        value=value,
        source=source,
        status=status,
        confidence=0.9,
        who="ann",
        when=NOW,
        note="as heard",
        sequence=sequence,
    )


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_fact_survives_the_wire_exactly(value: str) -> None:
    sent = fact(value)
    assert fact_from_msg(deserialize_message(serialize_message(fact_to_msg(sent)), msg.Fact)) == sent


def test_every_source_and_status_has_its_number() -> None:
    for source in Source:
        for status in Status:
            try:
                sent = fact("x", source, status)
            except KithError:
                continue
            assert fact_from_msg(fact_to_msg(sent)) == sent
    with pytest.raises(KithError, match="source"):
        fact_from_msg(msg.Fact(resident_id="r1", key="k", value="v", source=0, status=2))
    with pytest.raises(KithError, match="status"):
        fact_from_msg(msg.Fact(resident_id="r1", key="k", value="v", source=2, status=77))


def test_a_snapshot_carries_what_may_yet_come_into_force() -> None:
    facts = [
        fact("carer's", Source.CARER, sequence=1),
        fact("own", sequence=2),
        fact("locked", Source.CARER, Status.LOCKED, sequence=3),
    ]
    profile = Profile("r1", facts=facts)
    copy = profile_from_snapshot_msg(profile_to_snapshot_msg(profile, NOW))
    assert copy == profile
    unlock = fact("", Source.CARER, Status.RETRACTED, sequence=4)
    assert copy.with_fact(unlock).value("name.full") == profile.with_fact(unlock).value("name.full") == "own"
