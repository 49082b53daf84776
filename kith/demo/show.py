"""How a performance is told: live for people, as JSON lines for programs, and the same lines in a file."""

import json
import time
from pathlib import Path
from typing import IO, Any

import click

from kith.demo.player import Line, Noted, ResidentSpoke, RobotSpoke, StepDone, StepStarted, plain


def as_json(line: Line) -> dict[str, Any]:
    """One line as plain values, `event` first."""
    match line:
        case StepStarted(number, text):
            return {"event": "step", "number": number, "text": text}
        case ResidentSpoke(resident_id, text, heard):
            return {"event": "said", "who": resident_id, "text": text, "heard": heard}
        case RobotSpoke(text, locale, response_ms):
            made = {"event": "said", "who": "robot", "text": text, "locale": locale}
            return made if response_ms is None else {**made, "response_ms": round(response_ms)}
        case Noted(text):
            return {"event": "noted", "text": text}
        case StepDone(number, text, problem):
            return {"event": "done", "number": number, "text": text, "ok": not problem, "problem": problem}


class Teller:
    """Tells each line on standard output and writes it to the transcript. Use as a context manager."""

    def __init__(self, transcript: Path, json_lines: bool) -> None:
        """Errors: OSError when the transcript cannot be written."""
        self._json_lines = json_lines
        self._file: IO[str] = transcript.open("w", encoding="utf-8")
        self._began = time.monotonic()

    def __enter__(self) -> "Teller":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def tell(self, line: Line) -> None:
        """Tell one line of the performance."""
        self.write({"at_s": round(time.monotonic() - self._began, 2), **as_json(line)})
        if not self._json_lines:
            _print(line)

    def write(self, content: dict[str, Any]) -> None:
        """Write one JSON line to the transcript and, where asked for, to standard output."""
        text = json.dumps(content, ensure_ascii=False)
        self._file.write(text + "\n")
        self._file.flush()
        if self._json_lines:
            click.echo(text)


def _print(line: Line) -> None:
    match line:
        case StepStarted(number, text):
            click.echo(f"\n{number}. {click.style(text, bold=True)}")
        case ResidentSpoke(resident_id, text, heard):
            click.echo(f"   {resident_id:>6}: {click.style(text, fg='cyan')}")
            if plain(heard) != plain(text):
                understood = f"heard as: {heard}" if heard else "not heard"
                click.echo(f"           {click.style(understood, fg='yellow')}")
        case RobotSpoke(text, _, response_ms):
            took = "" if response_ms is None else click.style(f"  [{response_ms:.0f} ms]", dim=True)
            click.echo(f"   {'robot':>6}: {click.style(text, fg='green')}{took}")
        case Noted(text):
            click.echo(click.style(f"           {text}", dim=True))
        case StepDone(_, _, problem) if problem:
            click.echo(f"           {click.style(f'DID NOT HAPPEN: {problem}', fg='red')}")
