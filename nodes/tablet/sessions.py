"""Who is signed in on which device at this moment. In memory alone: after a restart everybody enters the PIN again."""

import hmac
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from nodes.tablet.home import Home
from nodes.tablet.people import Person

LONGEST = timedelta(hours=12)
_ONCE_KEPT = 200


@dataclass
class Session:
    """One person on one device. `token` is the cookie; `form_token` goes into every form (against forged requests)."""

    person: Person
    token: str
    form_token: str
    since: datetime
    used: datetime
    said: str = ""
    undo: tuple[str, int] | None = None
    done: "OrderedDict[str, str]" = field(default_factory=OrderedDict)
    """Forms that were carried out, by their one-time id, with where they led: a double tap acts once."""

    practice: Home | None = None
    """A home in memory, while this person practises."""
    shown: dict[str, set[str]] = field(default_factory=dict)
    """Residents that pages of many have shown so far, by what of them: recorded once."""

    def fits(self, form_token: str) -> bool:
        """Whether a form was made for this very session."""
        return hmac.compare_digest(self.form_token.encode(), form_token.encode())

    def remember(self, once: str, led_to: str) -> None:
        """A form was carried out."""
        if once:
            self.done[once] = led_to
            while len(self.done) > _ONCE_KEPT:
                self.done.popitem(last=False)


class Sessions:
    """All of them; used from the web server's thread alone."""

    def __init__(self, lock_after: timedelta) -> None:
        self.lock_after = lock_after
        self._open: dict[str, Session] = {}

    def language_of(self, person_id: str, language: str) -> None:
        """Somebody reads the pages in this language from now on, on every device."""
        for session in self._open.values():
            if session.person.id == person_id:
                session.person = replace(session.person, language=language)

    def begin(self, person: Person, now: datetime) -> Session:
        """Somebody has entered the right PIN."""
        made = Session(person, secrets.token_urlsafe(32), secrets.token_urlsafe(24), now, now)
        self._open[made.token] = made
        return made

    def find(self, token: str, now: datetime, *, used: bool) -> Session | None:
        """The session of a cookie, unless it is over. `used`: a person did something, so the lock waits anew."""
        session = self._open.get(token)
        if session is None:
            return None
        if not self._holds(session, now):
            del self._open[token]
            return None
        if used:
            session.used = now
        return session

    def end(self, token: str) -> None:
        """Locked, or switched to somebody else."""
        self._open.pop(token, None)

    def end_all_of(self, person_id: str) -> None:
        """This person is signed out everywhere."""
        self._open = {token: each for token, each in self._open.items() if each.person.id != person_id}

    def signed_in(self, name: str, now: datetime) -> bool:
        """Whether a device of this person is open now."""
        return any(each.person.name == name and self._holds(each, now) for each in self._open.values())

    def _holds(self, session: Session, now: datetime) -> bool:
        ends = session.person.ends_at
        return (
            session.used <= now < session.used + self.lock_after
            and now < session.since + LONGEST
            and (ends is None or now < ends)
        )
