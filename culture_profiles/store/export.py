"""Everything kept about one resident as one archive: JSON for machines, one printable page for people."""

import html
import io
import json
import os
import zipfile
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime

from culture_profiles.errors import KithError
from culture_profiles.fact import Fact
from culture_profiles.keys import keys
from culture_profiles.profile import Profile

FORMAT = 1
_WORDS = Path(__file__).with_name("export_words.yaml")
_COLUMNS = ("key", "value", "source", "status", "who", "when", "note")
_STYLE = """
body { font: 12pt/1.4 sans-serif; margin: 2em; } table { border-collapse: collapse; width: 100%; margin-bottom: 2em; }
th, td { border: 1px solid #666; padding: 0.3em 0.5em; text-align: start; vertical-align: top; }
td { overflow-wrap: anywhere; } tr { break-inside: avoid; } thead { display: table-header-group; }
"""


def write_archive(to: Path, profile: Profile, history: list[Fact], questions: list[Fact], made_at: datetime) -> None:
    """Write the new file `to` (a zip with profile.json and profile.html), for its owner alone; whole or not at all.

    `made_at`: aware. Errors: KithError when the file is there already or cannot be written.
    """
    if to.exists():
        raise KithError(f"{to}: is there already: choose another file")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("profile.json", as_json(profile, history, questions, made_at))
        archive.writestr("profile.html", as_page(profile, history, questions, made_at))
    partial = to.with_name(f"{to.name}.partial")
    try:
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.getvalue())
            file.flush()
            os.fsync(file.fileno())
        partial.rename(to)
    except OSError as problem:
        partial.unlink(missing_ok=True)
        raise KithError(f"{to}: cannot be written: {problem.strerror}") from None


def as_json(profile: Profile, history: list[Fact], questions: list[Fact], made_at: datetime) -> str:
    """All facts with their source, status and time, as `kith profiles history --json` shows them."""
    content = {
        "format": FORMAT,
        "id": profile.resident_id,
        "made_at": made_at.isoformat(),
        "in_force": [fact.sequence for fact in profile.facts],
        "history": [fact.model_dump(mode="json") for fact in history],
        "questions_to_staff": [fact.model_dump(mode="json") for fact in questions],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def as_page(profile: Profile, history: list[Fact], questions: list[Fact], made_at: datetime) -> str:
    """One printable page in the resident's language where its words exist, otherwise in English."""
    locale = _locale(profile)
    words = _words()[locale.language]
    title = html.escape(words["title"])

    def table(heading: str, facts: Iterable[Fact]) -> str:
        head = "".join(f'<th scope="col">{html.escape(words[column])}</th>' for column in _COLUMNS)
        return (
            f"<h2>{html.escape(words[heading])}</h2>\n<table><thead><tr>{head}</tr></thead>\n<tbody>\n"
            + "\n".join(_line(fact, locale) for fact in facts)
            + "\n</tbody></table>\n"
        )

    body = table("now", sorted(profile.facts, key=lambda fact: fact.key)) + table("before", history)
    if questions:
        body += table("questions", questions)
    printed = html.escape(f"{words['printed']} {format_date(made_at, 'long', locale)}")
    return (
        f'<!DOCTYPE html>\n<html lang="{locale.language}" dir="{locale.text_direction}">\n<head><meta charset="utf-8">'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n"
        f"<p>{html.escape(profile.resident_id)} · {printed}</p>\n{body}</body></html>\n"
    )


def _line(fact: Fact, locale: Locale) -> str:
    known = keys().get(fact.key)
    about = known.description if known is not None else fact.key
    when = format_datetime(fact.when, "short", locale=locale)
    cells = (about, fact.value, fact.source.value, fact.status.value, fact.who, f"{when} UTC", fact.note)
    # Each cell finds its own direction: a Hebrew name in an English table reads right.
    return "<tr>" + "".join(f'<td dir="auto">{html.escape(cell)}</td>' for cell in cells) + "</tr>"


def _locale(profile: Profile) -> Locale:
    for key in ("language.preferred", "language.mother", "language.greeting"):
        try:
            locale = Locale.parse(profile.value(key) or "")
        except (UnknownLocaleError, ValueError, TypeError):
            continue
        if locale.language in _words():
            return locale
    return Locale("en", "GB")


@cache
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return found
