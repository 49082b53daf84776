"""Between facts and rows of the table."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from culture_profiles.fact import Fact, Source, Status
from culture_profiles.store.problems import DamagedFactError
from culture_profiles.store.schema import FACT_FIELDS

Row = tuple[Any, ...]
"""sequence, then the columns of FACT_FIELDS."""

COLUMNS = f"sequence, {', '.join(FACT_FIELDS)}"
INSERT = f"INSERT INTO facts ({COLUMNS}) VALUES ({', '.join('?' * (1 + len(FACT_FIELDS)))})"  # noqa: S608
SELECT = f"SELECT {COLUMNS} FROM facts"  # noqa: S608
_SOURCES = {source.value: source for source in Source}
_STATUSES = {status.value: status for status in Status}
_FIELDS_SET = frozenset(Fact.model_fields)


def by_key(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by the key of their facts, in their order."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[2]].append(row)
    return dict(found)


def row_of(fact: Fact) -> list[Any]:
    """The columns of FACT_FIELDS."""
    said_at = fact.when.isoformat(timespec="microseconds")
    who = (fact.source.value, fact.status.value, fact.confidence, fact.who)
    return [fact.resident_id, fact.key, fact.value, *who, said_at, fact.note]


def fact_of(row: Row) -> Fact:
    """The fact in a row. Errors: DamagedFactError."""
    # Rows were checked before they were written; checking them at each reading takes ten times as long, and even
    # `model_construct` takes twice as long.
    sequence, resident_id, key, value, source, status, confidence, who, said_at, note = row
    try:
        content = {
            "sequence": sequence,
            "resident_id": resident_id,
            "key": key,
            "value": value,
            "source": _SOURCES[source],
            "status": _STATUSES[status],
            "confidence": confidence,
            "who": who,
            "when": datetime.fromisoformat(said_at),
            "note": note,
        }
    except (KeyError, ValueError):
        raise DamagedFactError from None
    made = Fact.__new__(Fact)
    object.__setattr__(made, "__dict__", content)
    object.__setattr__(made, "__pydantic_fields_set__", _FIELDS_SET)
    object.__setattr__(made, "__pydantic_extra__", None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made
