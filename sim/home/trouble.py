"""What goes wrong in a simulated home: nodes die, the wireless link is cut, the clock is set."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sim.home.agenda import Agenda

_SOON_S = (0, 12)
_WAITS_FOR_LADDER_S = 6 * 3600
_CUT_S = (30, 60, 120, 240, 480, 900)
_ALL_CUT_S = (30, 60, 120)
_CLOCK_S = (-600, -60, -5, 5, 60, 600)


@dataclass(frozen=True)
class Troubles:
    """How often each happens; None: never."""

    kill_every: timedelta | None = None
    cut_every: timedelta | None = None
    clock_jumps: bool = False


class Trouble:
    """Makes it happen, by the seed."""

    def __init__(
        self,
        troubles: Troubles,
        agenda: Agenda,
        rng: random.Random,
        robots: tuple[str, ...],
        kill: Callable[[random.Random], str],
        cut: Callable[[frozenset[str]], None],
        set_clock: Callable[[timedelta], None],
    ) -> None:
        self._agenda = agenda
        self._rng = rng
        self._robots = robots
        self._kill = kill
        self._cut = cut
        self._set_clock = set_clock
        self._waiting = 0  # kills that wait for an open ladder
        self.kills = self.kills_in_ladder = self.cuts = self.clock_jumps = 0
        self.log: list[dict[str, str]] = []
        """Each one: `at` (UTC, ISO 8601), and what happened to what."""
        if troubles.kill_every is not None:
            self._repeat(troubles.kill_every, self._kill_time)
        if troubles.cut_every is not None:
            self._repeat(troubles.cut_every, self._cut_time)
        if troubles.clock_jumps:
            self._repeat(timedelta(hours=24), self._clock_time)

    def ladder_open(self) -> None:
        """A robot has just begun to say something: a moment at which a death hurts."""
        if self._waiting:
            self._waiting -= 1
            self._agenda.after(self._rng.randint(*_SOON_S), lambda: self._die(in_ladder=True))

    def _repeat(self, every: timedelta, call: Callable[[], None]) -> None:
        # One in each span, anywhere in it.
        span = every.total_seconds()
        at = self._rng.uniform(0, span)

        def next_span() -> None:
            self._repeat(every, call)

        self._agenda.after(at, call)
        self._agenda.after(span, next_span)

    def _kill_time(self) -> None:
        if (self.kills + self._waiting) % 2:
            self._waiting += 1
            self._agenda.after(_WAITS_FOR_LADDER_S * 2, self._wait_no_longer)
        else:
            self._die(in_ladder=False)

    def _wait_no_longer(self) -> None:
        if self._waiting:
            self._waiting -= 1
            self._die(in_ladder=False)

    def _die(self, *, in_ladder: bool) -> None:
        self.kills += 1
        self.kills_in_ladder += in_ladder
        self._note("killed", self._kill(self._rng))

    def _cut_time(self) -> None:
        self.cuts += 1
        whole = self._rng.random() < 0.2
        cut = frozenset(self._robots if whole else {self._rng.choice(self._robots)})
        self._cut(cut)
        self._note("cut off", " ".join(sorted(cut)))
        seconds = self._rng.choice(_ALL_CUT_S if whole or len(self._robots) == 1 else _CUT_S)
        self._agenda.after(seconds, self._join)

    def _join(self) -> None:
        self._cut(frozenset())
        self._note("joined", "")

    def _clock_time(self) -> None:
        self.clock_jumps += 1
        seconds = self._rng.choice(_CLOCK_S)
        self._note("clock set by", f"{seconds} s")
        self._set_clock(timedelta(seconds=seconds))

    def _note(self, what: str, whom: str) -> None:
        self.log.append({"at": self._agenda.now.isoformat(), "what": what, "whom": whom})
