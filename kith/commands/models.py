"""`kith models`: list, install, verify and remove what Kith hears and speaks with."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from kith.models import added, manager, understanding
from kith.models.catalogue import Model, catalogue
from nodes.base.models import default_models_dir

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(name="models")
def command() -> None:
    """List, install, verify and remove models."""


@command.command(name="list")
@_JSON
def list_models(as_json: bool) -> None:
    """Show every model Kith knows, and which are installed."""
    root = default_models_dir()
    models = [_described(model, root) for model in catalogue().values()]
    if as_json:
        click.echo(json.dumps(models, indent=1))
        return
    for model in models:
        mark = "installed" if model["installed"] else "-"
        click.echo(
            f"{model['name']:16} {mark:10} {model['bytes'] / 1e6:5.0f} MB  {','.join(model['languages']):6} "
            f"{model['licence']:11} {model['description']}"
        )
    click.echo(f"in {root}")


@command.command()
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every model of the catalogue.")
@_JSON
def install(names: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Install the named models; without a name those that Kith needs by default.

    `understanding` is torch, transformers and the sentence model together.
    """
    if understanding.NAME in names:
        understanding.install_libraries(lambda line: click.echo(line, err=True))
        names = tuple(understanding.MODEL if name == understanding.NAME else name for name in names)
    wanted = list(catalogue().values()) if everything else [manager.find(name) for name in names]
    progress = manager.quiet if as_json else _Shown()
    root = default_models_dir()
    for model in wanted or manager.default_models():
        manager.install(model, progress, root)
    if as_json:
        click.echo(json.dumps([_described(model, root) for model in wanted or manager.default_models()], indent=1))


@command.command()
@click.argument("kind", type=click.Choice(["llm"]))
@click.argument("source", metavar="DIR_OR_ID")
@_JSON
def add(kind: str, source: str, as_json: bool) -> None:
    """Add a local language model: a folder that transformers can load, or the id of one in its cache on this machine.

    Off until it is asked for: `kith converse --open-talk`, or `open_talk: true` for the dialogue node in robot_params.
    Every sentence passes the guard.
    """
    place = added.add(kind, source, default_models_dir())
    click.echo(json.dumps({"kind": kind, "name": place.name, "path": str(place)}) if as_json else f"added: {place}")


@command.command()
@click.argument("names", nargs=-1)
@_JSON
def verify(names: tuple[str, ...], as_json: bool) -> int:
    """Hash the named models' files again (without a name: all that are installed)."""
    root = default_models_dir()
    models = [manager.find(name) for name in names] or [
        model for model in catalogue().values() if (root / model.name).is_dir()
    ]
    problems = {model.name: manager.verify(model, root) for model in models}
    if as_json:
        click.echo(json.dumps([{"name": name, "ok": not found, "problems": found} for name, found in problems.items()]))
    else:
        for name, found in problems.items():
            click.echo(f"{name}: {'; '.join(found) + f'; run `kith models install {name}`' if found else 'good'}")
        if not problems:
            click.echo("no model is installed: run `kith models install`")
    return 1 if any(problems.values()) else 0


@command.command()
@click.argument("names", nargs=-1, required=True)
@_JSON
def remove(names: tuple[str, ...], as_json: bool) -> None:
    """Delete the named models from this machine."""
    root = default_models_dir()
    removed = {
        name: added.remove(name, root) if added.is_added(name, root) else manager.remove(manager.find(name))
        for name in names
    }
    if as_json:
        click.echo(json.dumps([{"name": name, "removed": done} for name, done in removed.items()]))
        return
    for name, done in removed.items():
        click.echo(f"{name}: {'removed' if done else 'was not installed'}")


def _described(model: Model, root: Path) -> dict[str, Any]:
    return {
        "name": model.name,
        "kind": model.kind,
        "description": model.description,
        "languages": list(model.languages),
        "licence": model.licence,
        "bytes": model.size,
        "default": model.default,
        "installed": manager.is_installed(model, root),
        "path": str(root / model.name),
        "files": [{"path": file.path, "bytes": file.size, "sha256": file.sha256} for file in model.files],
        "sources": [source.url or source.requirement for source in model.sources],
    }


class _Shown:
    """Progress for a person: one moving line on a terminal, one line per stage in a log."""

    def __init__(self) -> None:
        self._moving = sys.stderr.isatty()
        self._before = ("", "")

    def __call__(self, step: manager.Step) -> None:
        if step.stage == "download":
            if self._moving:
                percent = 100 * step.done // step.total
                click.echo(f"\r{step.model}: {percent:3d}% of {step.total / 1e6:.0f} MB ", nl=False, err=True)
            elif self._before != (step.model, step.stage):
                click.echo(f"{step.model}: fetching {step.total / 1e6:.0f} MB", err=True)
        elif step.stage == "passed over":
            self._line(f"{step.model}: {step.note}, trying the next source")
        elif step.stage != "check":
            self._line(f"{step.model}: {'installed' if step.stage == 'installed' else 'is there already'}")
        self._before = (step.model, step.stage)

    def _line(self, text: str) -> None:
        click.echo(f"\r\x1b[K{text}" if self._moving else text, err=True)
