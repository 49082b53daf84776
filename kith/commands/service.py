"""`kith service`: install, uninstall, status, maintain, restore."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from culture_profiles.errors import KithError
from kith.keeping import backup, maintenance
from kith.keeping.owner import as_owner
from kith.service import machine, units

_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.group(name="service")
def command() -> None:
    """Run Kith as a service of this machine, with nightly maintenance."""


def _say(answer: dict[str, Any], lines: list[str], as_json: bool) -> None:
    click.echo(json.dumps(answer) if as_json else "\n".join(lines))


@command.command()
@click.option(
    "--user", default="kith", show_default=True, help="System user that the service runs as; made if missing."
)
@click.option(
    "--prefix",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("/"),
    show_default=True,
    help="Only write the files below this folder, to look at them or to build an image.",
)
@click.argument("up_arguments", nargs=-1, type=click.UNPROCESSED)
@_json
def install(user: str, prefix: Path, up_arguments: tuple[str, ...], as_json: bool) -> None:
    """Install and start the service, at every boot from now on; what follows `--` goes to `kith up`.

    Data is kept in /var/lib/kith. Needs the administrator, except with --prefix.
    """
    service = machine.describe(user, up_arguments)
    problems = machine.readable_problems()
    if prefix != Path("/"):
        written = machine.write(units.render(service), prefix)
        _say(
            {"files": written, "enabled": False, "problems": problems},
            [
                *written,
                "Written only; nothing was enabled.",
                *(f"Before it can run: {problem}" for problem in problems),
            ],
            as_json,
        )
        return
    here = machine.Machine()
    here.require()
    if problems:
        raise KithError(problems[0])
    machine.compile_sources()
    written = here.install(service)
    _say(
        {"files": written, "enabled": True, "home": str(units.service_home())},
        [
            *written,
            f"Kith runs as a service, now and at every boot. Its data: {units.service_home()}",
            "`kith service status` tells how it is; `journalctl -u kith` what it says.",
        ],
        as_json,
    )


@command.command()
@_json
def uninstall(as_json: bool) -> None:
    """Stop the service and remove it. The data in /var/lib/kith stays."""
    removed = machine.Machine().uninstall()
    kept = f"The data in {units.service_home()} stays; remove it yourself if nobody needs it any more."
    _say({"removed": removed}, [*removed, kept] if removed else ["No service was installed."], as_json)


def _last_maintenance(home: Path) -> maintenance.Report | None:
    """None before the first run, or when we may not look."""
    with as_owner(home):
        return maintenance.last(home)


@command.command()
@_json
def status(as_json: bool) -> int:
    """Say whether the service runs, since when, and how the last maintenance went. Exit 1 when it does not run."""
    here = machine.Machine()
    if not here.has_systemd:
        text = "this machine does not run systemd: Kith is not its service (`kith up` runs a home without)"
        _say({"systemd": False, "running": False, "what": text}, [text], as_json)
        return 1
    service, timer = here.unit(units.SERVICE), here.unit(units.TIMER)
    last = _last_maintenance(units.service_home())
    running = service.active == "active"
    answer = {
        "systemd": True,
        "running": running,
        "service": asdict(service),
        "timer": asdict(timer),
        "maintenance": asdict(last) if last else None,
    }
    if not service.enabled:
        lines = ["Kith is not installed as a service: `kith service install`"]
    else:
        lines = [f"Kith: {service.active} since {service.since or 'never'}, restarted {service.restarts} times"]
        lines += [f"At boot: {service.enabled}", f"Next maintenance: {timer.next_run or 'not planned'}"]
        lines += [f"Last backup: {last.when} ({last.backup})" if last and last.backup else "Last backup: none seen"]
        lines += [f"Needs attention: {problem}" for problem in (last.problems if last else [])]
    _say(answer, lines, as_json)
    return 0 if running else 1


@command.command()
@_json
@click.pass_context
def maintain(ctx: click.Context, as_json: bool) -> int:
    """Back up and verify, apply retention, pack large logs, look at the disk. The timer runs this every night."""
    home = units.home_of(ctx)
    with as_owner(home):
        report = maintenance.maintain(home, datetime.now(UTC))
    lines = [f"Backup {report.backup}: {report.stores} files, verified"] if report.backup else []
    lines += [f"Removed {number} of {kind.replace('_', ' ')}" for kind, number in report.removed.items() if number]
    lines += [f"Packed {name}" for name in report.packed_logs]
    lines += [f"Needs attention: {problem}" for problem in report.problems]
    _say(asdict(report), lines, as_json)
    return 1 if report.problems else 0


@command.command()
@click.argument("name", required=False)
@click.option("--list", "only_list", is_flag=True, help="List the backups instead.")
@_json
@click.pass_context
def restore(ctx: click.Context, name: str | None, only_list: bool, as_json: bool) -> None:
    """Put the home's data back as it was in a backup (default: the newest). The home must not run."""
    home = units.home_of(ctx)
    with as_owner(home):
        if only_list:
            found = backup.backups(home)
            answer = [
                {"name": item.name, "when": item.when.isoformat(), "reason": item.reason, "files": sorted(item.files)}
                for item in found
            ]
            lines = [f"{item.name}  {item.reason}  {len(item.files)} files" for item in found] or ["No backup yet."]
            click.echo(json.dumps(answer) if as_json else "\n".join(lines))
            return
        chosen = backup.find(home, name)
        replaced = backup.restore(home, chosen, datetime.now(UTC))
    _say(
        {"restored": chosen.name, "replaced": str(replaced)},
        [f"Restored {chosen.name}. What it replaced is in {replaced}"],
        as_json,
    )
