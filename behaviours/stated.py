"""A fact in a resident's own words."""

from datetime import datetime

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact, Source, Status, make_fact


def stated(resident_id: str, key: str, value: str, now: datetime, note: str = "") -> Fact | None:
    """What the resident said of themselves; None where it cannot be kept, such as for a control character in it."""
    try:
        return make_fact(
            resident_id=resident_id,
            key=key,
            value=value,
            source=Source.RESIDENT,
            status=Status.STATED,
            who=resident_id,
            when=now,
            note=note,
        )
    except KithError:
        return None
