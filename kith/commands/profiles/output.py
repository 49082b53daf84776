"""How facts are printed."""

import json
from collections.abc import Iterable
from typing import Any

import click

from culture_profiles.fact import Fact


def plain(fact: Fact) -> dict[str, Any]:
    """A fact as JSON has it."""
    return fact.model_dump(mode="json")


def echo_json(content: Any) -> None:
    """Print JSON with every script as it is."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def echo_facts(facts: Iterable[Fact], *, with_resident: bool = False) -> None:
    """Print one line per fact."""
    for fact in facts:
        who = f" · {fact.who}" if fact.who else ""
        resident = f"{fact.resident_id:12} " if with_resident else ""
        click.echo(
            f"{resident}{fact.key:22} {fact.value:30} {fact.status.value} · {fact.source.value}{who} · "
            f"{fact.when:%Y-%m-%d %H:%M} UTC"
        )
