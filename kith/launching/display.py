"""Shows what happens to a running home: a live table on a terminal, plain lines elsewhere, JSON lines for programs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TextIO

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from kith.launching.status import Event, Said, State, Status
from nodes.tablet.addresses import Addresses

_COLOUR = {
    State.STARTING: "cyan",
    State.READY: "green",
    State.WAITING: "yellow",
    State.TROUBLED: "red",
    State.RESTARTING: "magenta",
    State.FINISHED: "dim",
    State.FAILED: "bold red",
    State.STOPPING: "dim",
    State.STOPPED: "dim",
}


class Display(Protocol):
    """Where events go."""

    def show(self, event: Event) -> None:
        """Show one event."""

    def ready(self, at_s: float, tablet: Addresses | None) -> None:
        """Say that all nodes are ready, and where the tablet's pages are."""


@contextmanager
def make_display(stream: TextIO, *, as_json: bool) -> Iterator[Display]:
    """The display that fits the stream."""
    if as_json:
        yield _JsonLines(stream)
    elif stream.isatty():
        display = _Table()
        # Lines that nodes print go above the table; it stays at the bottom.
        with Live(console=Console(file=stream), get_renderable=display.render, refresh_per_second=4) as live:
            display.live = live
            yield display
    else:
        yield _PlainLines(stream)


def words(status: Status) -> str:
    """A status in a few words: `waiting for profiles`, `restarting: ended by SIGKILL`."""
    if status.state is State.WAITING:
        return status.detail
    return f"{status.state}: {status.detail}" if status.detail else str(status.state)


def _ready_line(at_s: float, tablet: Addresses | None) -> str:
    where = f"; the tablet is at {tablet.pages}, how the system is at {tablet.health}" if tablet else ""
    return f"All ready after {at_s:.1f} s{where}. Ctrl-C stops."


class _JsonLines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def show(self, event: Event) -> None:
        made: dict[str, object] = {"at_s": round(event.at_s, 3)}
        if isinstance(event, Said):
            made |= {"event": "said", "node": event.node or None, "line": event.line}
        else:
            status = event.status
            made |= {"event": "state", "node": event.node, "state": status.state, "detail": status.detail}
            made |= {"pid": status.pid, "restarts": status.restarts}
        self._write(made)

    def ready(self, at_s: float, tablet: Addresses | None) -> None:
        made = {"tablet": tablet.health, "pages": tablet.pages} if tablet else {"tablet": None, "pages": None}
        self._write({"at_s": round(at_s, 3), "event": "ready", **made})

    def _write(self, made: dict[str, object]) -> None:
        self._stream.write(json.dumps(made) + "\n")
        self._stream.flush()


class _PlainLines:
    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def show(self, event: Event) -> None:
        text = event.line if isinstance(event, Said) else words(event.status)
        self._write(f"{event.node}: {text}" if event.node else text)

    def ready(self, at_s: float, tablet: Addresses | None) -> None:
        self._write(_ready_line(at_s, tablet))

    def _write(self, line: str) -> None:
        self._stream.write(line + "\n")
        self._stream.flush()


@dataclass
class _Table:
    statuses: dict[str, Status] = field(default_factory=dict)
    footer: str = ""
    live: Live | None = None

    def show(self, event: Event) -> None:
        if isinstance(event, Said):
            self._print(f"{event.node}: {event.line}" if event.node else event.line)
        else:
            self.statuses[event.node] = event.status

    def ready(self, at_s: float, tablet: Addresses | None) -> None:
        self.footer = _ready_line(at_s, tablet)

    def _print(self, line: str) -> None:
        if self.live is not None:
            self.live.console.print(Text(line))

    def render(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for name, status in self.statuses.items():
            again = f"  (started again {status.restarts}×)" if status.restarts else ""
            table.add_row(Text(name), Text(words(status) + again, style=_COLOUR[status.state]))
        if self.footer:
            table.add_row(Text(""), Text(self.footer))
        return table
