"""Who is away, as staff said: read from the profiles one after the other, and again when one changes.

Nothing else of a profile is kept.
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import date

from culture_profiles.profile import Profile
from culture_profiles.state_of_life import Life, StateOfLife

AWAY = frozenset({StateOfLife.OUT, StateOfLife.HOSPITAL, StateOfLife.ISOLATION})
"""What colleagues in passing may read. The end of a life is told on the resident's own page alone."""
_AT_ONCE = 20


class Whereabouts:
    """On the web server's thread; `changed` from any."""

    def __init__(self, profile: Callable[[str], Awaitable[Profile]]) -> None:
        self._profile = profile
        self._states: dict[str, StateOfLife] = {}
        self._stale: set[str] = set()

    def changed(self, resident_id: str) -> None:
        """Something of this resident was written or erased."""
        self._stale.add(resident_id)

    async def away(self, residents: Iterable[str], today: date) -> dict[str, StateOfLife]:
        """Who is away, of those read so far: a few are read each time it is asked. Errors: KithError."""
        known = set(residents)
        self._states = {each: state for each, state in self._states.items() if each in known}
        self._stale &= known
        for each in sorted((known - self._states.keys()) | self._stale)[:_AT_ONCE]:
            self._stale.discard(each)
            self._states[each] = Life.of(await self._profile(each), today).state
        return {each: state for each, state in self._states.items() if state in AWAY}
