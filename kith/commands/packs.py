"""`kith packs`: list, show and check culture packs."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from culture_profiles.culture.lint import Findings
from culture_profiles.culture.lint import lint as lint_packs
from culture_profiles.culture.loader import packs

_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.group(name="packs")
def command() -> None:
    """List, show and check culture packs: what is known of groups, never of a person."""


@command.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--strict", is_flag=True, help="Let warnings fail, too.")
@_JSON
def lint(files: tuple[Path, ...], strict: bool, as_json: bool) -> int:
    """Check FILES, or all packs: schema, sources, placeholders, dates, contradictions, sensitive or painful topics.

    Exit code 1 when a pack may not ship.
    """
    known = packs()
    paths = list(files) or [known.path(reference) for reference in known]
    found = lint_packs(paths, known, datetime.now(UTC).year)
    if as_json:
        click.echo(json.dumps({"ok": not found.mistakes, **asdict(found)}, ensure_ascii=False))
    else:
        _tell(found)
    return 1 if found.mistakes or (strict and found.warnings) else 0


def _tell(found: Findings) -> None:
    for each in found.mistakes:
        click.echo(str(each))
    for each in found.warnings:
        click.echo(f"warning: {each}")
    if found.unreviewed:
        click.echo(f"unreviewed ({len(found.unreviewed)}): {', '.join(found.unreviewed)}")
    click.echo(f"{len(found.packs)} packs, {len(found.mistakes)} mistakes, {len(found.warnings)} warnings")
