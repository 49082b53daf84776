"""Arguments and options that several subcommands share."""

import getpass
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click

from culture_profiles.fact import Source

_Function = TypeVar("_Function", bound=Callable[..., Any])

RESIDENT = click.argument("resident_id", metavar="ID")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
WHO = click.option("--who", default=None, help="Who says or writes it (default: you, by your login name).")
BY = click.option("--by", default=None, help="Id of the member of staff who decides (default: your login name).")
_NOTE = click.option("--note", default="", help="A remark kept with it.")


def written_by(*sources: Source) -> Callable[[_Function], _Function]:
    """What every writing subcommand is told beside the fact: `who`, `source` (one of these), `note`, `as_json`."""
    source = click.option(
        "--source",
        type=click.Choice([source.value for source in sources]),
        default=Source.CARER.value,
        show_default=True,
        help="Whose word it is.",
    )

    def add(function: _Function) -> _Function:
        return cast(_Function, WHO(source(_NOTE(JSON(click.pass_obj(function))))))

    return add


def login() -> str:
    """The login name, or nothing where the machine knows none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
