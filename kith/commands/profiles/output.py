"""How facts are printed."""

import json
from collections.abc import Iterable
from typing import Any

import click

from culture_profiles.fact import Fact

_WIDEST_VALUE = 40


def plain(fact: Fact) -> dict[str, Any]:
    """A fact as JSON has it."""
    return fact.model_dump(mode="json")


def echo_json(content: Any) -> None:
    """Print JSON with every script as it is."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def echo_facts(facts: Iterable[Fact], *, with_resident: bool = False) -> None:
    """Print one line per fact, in columns; one very long value does not push all others to the right."""
    shown = list(facts)
    keys = max((len(fact.key) for fact in shown), default=0)
    values = min(max((len(fact.value) for fact in shown), default=0), _WIDEST_VALUE)
    for fact in shown:
        who = f" · {fact.who}" if fact.who else ""
        resident = f"{fact.resident_id:12} " if with_resident else ""
        click.echo(
            f"{resident}{fact.key:{keys}} {fact.value:{values}}  {fact.status.value} · {fact.source.value}{who} · "
            f"{fact.when:%Y-%m-%d %H:%M} UTC"
        )
