"""`kith profiles`: one file per subcommand, loaded when it is used."""

import importlib

import click

_FILES = {
    "list": "listing",
    "show": "show",
    "history": "history",
    "explain": "explain",
    "set": "writing.set_fact",
    "retract": "writing.retract",
    "lock": "writing.lock",
    "questions": "questions",
    "import": "importing",
    "export": "export",
    "erase": "erasing.erase",
    "receipts": "erasing.receipts",
    "hold": "erasing.hold",
    "release": "erasing.release",
    "backup": "backups.backup",
    "restore": "backups.restore",
    "verify": "backups.verify",
}
"""Subcommand → module in this folder that holds it as `command`, or module.name."""


class _Subcommands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_FILES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _FILES:
            return None
        module, _, name = _FILES[cmd_name].partition(".")
        command = getattr(importlib.import_module(f"{__name__}.{module}"), name or "command")
        assert isinstance(command, click.Command)
        return command


@click.group(name="profiles", cls=_Subcommands)
def command() -> None:
    """Show and change what is known about residents.

    Works on the home's files, or through its nodes while the home runs. Nothing is overwritten: every fact keeps
    its source, and precedence decides which is in force.
    """
