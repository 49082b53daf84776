"""`kith packs`: list, show and check culture packs."""

import difflib
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from culture_profiles.culture.lint import Findings
from culture_profiles.culture.lint import lint as lint_packs
from culture_profiles.culture.loader import Packs, packs
from culture_profiles.culture.pack import Pack
from culture_profiles.errors import KithError

_JSON = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.group(name="packs")
def command() -> None:
    """List, show and check culture packs: what is known of groups, never of a person."""


@command.command(name="list")
@_JSON
def list_packs(as_json: bool) -> None:
    """Every pack by facet, and whether people of the community have reviewed it."""
    known = packs()
    if as_json:
        click.echo(json.dumps([_summary(known[reference]) for reference in known], ensure_ascii=False, indent=1))
        return
    for reference in known:
        pack = known[reference]
        click.echo(f"{reference:44} {pack.name:44} {'reviewed' if pack.reviewed else 'unreviewed'}")


@command.command()
@click.argument("reference", metavar="FACET:ID")
@_JSON
def show(reference: str, as_json: bool) -> None:
    """Read one pack, for example region:japan: what it expects, its calendar, its sources."""
    pack = _find(packs(), reference)
    today = datetime.now().astimezone().date()
    if as_json:
        click.echo(json.dumps({**_summary(pack), **pack.model_dump(mode="json")}, ensure_ascii=False, indent=1))
        return
    from kith.packs.page import print_page  # rich only where somebody reads

    print_page(pack, today)


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


def _summary(pack: Pack) -> dict[str, object]:
    return {"reference": pack.reference, "name": pack.name, "reviewed": pack.reviewed}


def _find(known: Packs, reference: str) -> Pack:
    if reference in known:
        return known[reference]
    near = difflib.get_close_matches(reference[:100], list(known), n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else "see `kith packs list`"
    raise KithError(f"there is no such pack; {hint}")
