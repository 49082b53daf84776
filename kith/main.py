"""The command line. Each subcommand is a file in `kith/commands`, loaded only when it is used."""

import importlib
import os
import sys
from pathlib import Path

import click

from culture_profiles.errors import KithError
from kith.context import Context, default_home

_SUMMARY = {
    "up": "Run a home: every node, with a live status.",
    "demo": "A morning in a simulated home, in about a minute.",
    "doctor": "Say what is ready, what is not, and what to do.",
    "models": "List, install, verify and remove models.",
    "converse": "Talk with the robot by text.",
    "transcribe": "Turn a WAV file into text.",
    "say": "Say a sentence in the robot's voice.",
    "profiles": "Show and change what is known about residents.",
    "packs": "List, show and check culture packs.",
    "reminders": "Show, add and close reminders.",
    "tablet": "Where the tablet's pages are; pair a device.",
    "audit": "Check who looked at what on the tablet.",
    "breach": "List whose data was seen, by whom and when.",
    "simulate": "Live through days of a home in minutes, and judge them.",
    "service": "Run Kith as a service of this machine.",
    "upgrade": "Upgrade with backup and rollback.",
    "behaviours": "Show the tree that decides what the robot does.",
    "sim": "Watch the simulated home.",
    "bench": "Measure the running system.",
}


class _Commands(click.Group):
    """Loads a subcommand when it is asked for: `kith --help` must not load an engine."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_SUMMARY)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _SUMMARY:
            return None
        command = importlib.import_module(f"kith.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_SUMMARY.items()))


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="KITH_HOME",
    help="Directory with the home's data (default: the platform's data folder).",
)
@click.version_option(package_name="kith-companion", prog_name="kith")
@click.pass_context
def kith(ctx: click.Context, home: Path | None) -> None:
    """Kith: companion robots for care homes.

    A companion: not a nurse-call system, not a medicines record, not a medical device.
    """
    ctx.obj = Context(home=(home or default_home()).absolute())


def main() -> int:
    """Run the command line. Exit codes: 0 done, 1 the answer is no, 2 bad input or a problem the user can mend."""
    try:
        result = kith.main(prog_name="kith", standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return 2
    except KithError as problem:
        click.echo(f"kith: {problem}", err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # The reader went away (`kith … | head`): nothing to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    sys.exit(main())
