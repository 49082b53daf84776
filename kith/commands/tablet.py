"""`kith tablet`: where the pages are, and how a device comes to trust them."""

import json
import sys
from pathlib import Path

import click
import segno

from culture_profiles.errors import KithError
from kith import home as homes
from kith.context import Context
from nodes.tablet.addresses import Addresses, read_addresses
from nodes.tablet.certificates import ca_path
from nodes.tablet.pairing import Pairing
from nodes.tablet.records import setup_code

_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.group(name="tablet")
def command() -> None:
    """The tablet's pages: where they are, the first manager's code, pairing."""


@command.command()
@_json
@click.pass_obj
def where(context: Context, as_json: bool) -> None:
    """The addresses of a running home's pages, and the code with which the first manager begins."""
    found = _addresses(context.home)
    code = setup_code(context.home)
    if as_json:
        click.echo(json.dumps({"pages": found.pages, "health": found.health, "pairing": found.pairing or None}))
        return
    click.echo(f"pages    {found.pages}")
    click.echo(
        f"pairing  {found.pairing or 'only this machine is served: kith up tablet_address:=ADDRESS lets tablets in'}"
    )
    click.echo(f"health   {found.health}")
    if code:
        click.echo(f"set-up   {code}  (the first manager types it)")


@command.command()
@_json
@click.pass_obj
def pair(context: Context, as_json: bool) -> None:
    """The code that a new tablet scans, and the number that both must show."""
    found = _addresses(context.home)
    try:
        pairing = Pairing(ca_path(context.home).read_text(encoding="ascii"), found.pages, found.pairing)
    except OSError as problem:
        raise KithError(f"{ca_path(context.home)}: cannot be read ({problem.strerror}): check its owner") from None
    if as_json:
        click.echo(json.dumps({"open": pairing.start, "fingerprint": pairing.fingerprint.replace(" ", "")}))
        return
    if not found.pairing:
        click.echo("The pages are served on this machine alone: kith up tablet_address:=ADDRESS lets tablets in.")
        click.echo(f"A browser here trusts them with {ca_path(context.home)}.")
    else:
        segno.make(pairing.start, error="m").terminal(sys.stdout, compact=True)
        click.echo(f"Scan it with the new tablet, or open {pairing.start} there.")
    click.echo(f"Both must show {pairing.fingerprint}")


def _addresses(home: Path) -> Addresses:
    found = read_addresses(home) if homes.running(home) is not None else None
    if found is None:
        raise KithError("no tablet serves this home: start it with `kith up`")
    return found
