"""A table as CSV: one resident a line, the first line names keys (name.full, room.name, language.mother …).

Several values of one key stand in one field, separated by `|`. Columns by comma, semicolon or tab.
"""

import csv
import io

from culture_profiles.errors import KithError
from culture_profiles.incoming.arrival import Arrival, Item, checked_spec

MOST_RESIDENTS = 2_000
_LONGEST_FIELD = 20_000


def read_table(name: str, text: str) -> list[Arrival]:
    """The residents of a table. `name`: of the file, for messages. Errors: KithError naming file, line and column."""
    if "\0" in text or "\ufffd" in text:
        at = next(place for place, each in enumerate(text) if each in "\0\ufffd")
        raise KithError(f"{name}, line {text.count(chr(10), 0, at) + 1}: is not UTF-8 text: save it as CSV UTF-8")
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        columns = [each.strip() for each in next(reader, [])]
        _check(columns, name)
        found: list[Arrival] = []
        for row in reader:
            line = reader.line_num
            if not any(field.strip() for field in row):
                continue
            if len(row) != len(columns):
                raise KithError(f"{name}, line {line}: has {len(row)} fields, the first line names {len(columns)}")
            if len(found) == MOST_RESIDENTS:
                raise KithError(f"{name}, line {line}: more than {MOST_RESIDENTS} residents: split the file")
            found.append(_arrival(name, line, columns, row))
    except csv.Error as problem:
        raise KithError(f"{name}, line {reader.line_num}: {problem}") from None
    if not found:
        raise KithError(f"{name}: holds nobody: the first line names the columns, each further line is a resident")
    return found


def _check(columns: list[str], name: str) -> None:
    for place, column in enumerate(columns):
        where = f"{name}, line 1: column {place + 1}"
        if not column:
            raise KithError(f"{where}: has no name")
        if column in columns[:place]:
            raise KithError(f"{where}: {column[:100]} is there twice")
        checked_spec(column, where)
    if "name.full" not in columns:
        raise KithError(f"{name}, line 1: needs a column name.full")


def _arrival(name: str, line: int, columns: list[str], row: list[str]) -> Arrival:
    made = Arrival(f"{name}, line {line}")
    for column, field in zip(columns, row, strict=True):
        where = f"{name}, line {line}: {column}"
        many = checked_spec(column, where).many
        for value in field.split("|") if many else [field]:
            if value := " ".join(value.split()):
                made.items.append(Item(column, value, where))
    return made
