"""Who is away, as staff said: read from the profiles one after the other, and again when one changes.

Nothing else of a profile is kept.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date

from culture_profiles.errors import KithError
from culture_profiles.profile import Profile
from culture_profiles.state_of_life import Life, StateOfLife

AWAY = frozenset({StateOfLife.OUT, StateOfLife.HOSPITAL, StateOfLife.ISOLATION})
"""What colleagues in passing may read. The end of a life is told on the resident's own page alone."""


class Whereabouts:
    """On the web server's thread; `changed` from any."""

    def __init__(self, profile: Callable[[str], Awaitable[Profile]]) -> None:
        self._profile = profile
        self._states: dict[str, StateOfLife] = {}
        self._stale: set[str] = set()
        self._reading: asyncio.Task[None] | None = None

    def changed(self, resident_id: str) -> None:
        """Something of this resident was written or erased."""
        self._stale.add(resident_id)

    def away(self, residents: Iterable[str]) -> dict[str, StateOfLife]:
        """Who of these is away, as far as it has been read."""
        known = set(residents)
        return {each: state for each, state in self._states.items() if state in AWAY and each in known}

    def begin(self, residents: Iterable[str], today: date) -> None:
        """Read what has not been read, or has changed, while nobody waits for it. On a running event loop."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self.read(residents, today))

    async def read(self, residents: Iterable[str], today: date) -> None:
        """Read it. What cannot be read now is read another time."""
        known = set(residents)
        self._states = {each: state for each, state in self._states.items() if each in known}
        self._stale &= known
        for each in sorted((known - self._states.keys()) | self._stale):
            self._stale.discard(each)
            try:
                self._states[each] = Life.of(await self._profile(each), today).state
            except KithError:
                self._stale.add(each)
                return
