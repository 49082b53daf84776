"""How the templates write names, values, dates and times in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from starlette.types import ASGIApp, Receive, Scope, Send

from culture_profiles.fact import Fact
from culture_profiles.keys import ValueType, spec
from nodes.tablet.languages import chosen, current, locale_of, translations
from nodes.tablet.questions import CULTURE, label, pack_name
from nodes.tablet.view import kind_words


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a sentence as one that is translated where it is shown."""
    return text


_KINDS = {
    "emergency": N_("Emergency"),
    "on_floor": N_("On the floor"),
    "pain": N_("Pain"),
    "medicine": N_("Medicine"),
    "reminder": N_("Reminder"),
    "calls_not_covered": N_("Calls not covered"),
    "unwell": N_("Unwell"),
    "distress": N_("Distress"),
    "self_harm": N_("Self-harm"),
    "question": N_("A question to staff"),
    "language": N_("Language"),
    "call": N_("Call"),
    "visit": N_("Visit"),
    "activity": N_("Activity"),
    "appointment": N_("Appointment"),
    "exercise": N_("Exercises"),
    "prayer": N_("Prayer"),
    "drink": N_("Drink"),
    "meal": N_("Meal"),
    "custom": N_("Something else"),
}


_PLACES = {
    "lounge": N_("lounge"),
    "dining_room": N_("dining room"),
    "corridor": N_("corridor"),
    "garden": N_("garden"),
    "dock": N_("charging place"),
}


class InItsLanguage:
    """Middleware: each request is answered in a language that its device accepts, until somebody's own is known."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http":
            accepted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
            current.set(chosen("", accepted.decode("latin-1")))
        await self._app(scope, receive, send)


class Words:
    """The filters of one language."""

    def __init__(self, language: str, zone: ZoneInfo) -> None:
        self._words = translations(language)
        self._locale, self._zone = locale_of(language), zone

    @property
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """By the names that the templates use. None marks anything as safe: what they give is escaped."""
        return {
            "tr": self.text,
            "kind": self.kind,
            "words": self.value,
            "label": self.question,
            "background": self.background,
            "brief": lambda key: self.question(key).split(" (", 1)[0],
            "choice": lambda choice: self.text(choice.replace("_", " ")),
            "language": self.language,
            "minutes_ago": self.minutes_ago,
            "place": lambda place: self.text(_PLACES.get(place, "")) or place.replace("_", " "),
            "clock": lambda when: format_time(self._local(when), "short", locale=self._locale),
            "day": lambda when: self._skeleton("yMMMd", when),
            "weekday": lambda when: self._skeleton("MMMMEEEEd", when),
            "moment": self.moment,
            "moment_of": lambda stamp: self.moment(datetime.fromisoformat(stamp)),
            "dayname": lambda day: self._skeleton("EEE", day),
            "hour": lambda hour: format_time(time(hour), "short", locale=self._locale),
            "date": lambda day: format_date(day, "medium", locale=self._locale),
        }

    def text(self, text: str) -> str:
        """A sentence in this language, where it has one."""
        return self._words.gettext(text) if text else ""

    def question(self, key: str) -> str:
        """A key as it is asked on the page; a side of a background by its name."""
        return self.background(key) if key.startswith(f"{CULTURE}.") else self.text(label(key))

    def background(self, key: str) -> str:
        """One side of a background: a language by its name, the rest as the packs are called."""
        facet, name = key.split(".")[-2:]
        return self.language("_".join((name[:-3], name[-2:].upper()))) if facet == "language" else pack_name(key)

    def kind(self, kind: str) -> str:
        """What a call or a reminder is about."""
        return self.text(_KINDS.get(kind, "")) or kind_words(kind)

    def value(self, fact: Fact) -> str:
        """A fact's value as people read it."""
        known = spec(fact.key)
        if known.type is ValueType.LOCALE:
            return self.language(fact.value)
        if known.type is ValueType.BOOLEAN:
            return self.text(N_("yes") if fact.value == "true" else N_("no"))
        return self.text(fact.value.replace("_", " ")) if known.type is ValueType.CHOICE else fact.value

    def moment(self, when: datetime) -> str:
        """Day and time on the home's clock."""
        return f"{self._skeleton('yMMMd', when)} {format_time(self._local(when), 'short', locale=self._locale)}"

    def language(self, code: str) -> str:
        """pl_PL as Polish; another region than the language's own is named."""
        try:
            named = Locale.parse(code)
        except (ValueError, LookupError):
            return code
        return str(named.get_language_name(self._locale) or code)

    def ago(self, then: datetime, now: datetime) -> str:
        """How long ago, in the words of a page that is read in passing."""
        return self.minutes_ago(int((now - then).total_seconds() // 60))

    def minutes_ago(self, minutes: int) -> str:
        """The same from whole minutes."""
        if minutes < 1:
            return self.text(N_("just now"))
        if minutes < 60:
            return self.text(N_("%(count)d min ago")) % {"count": minutes}
        hours = minutes // 60
        if hours < 48:
            return self.text(N_("%(count)d h ago")) % {"count": hours}
        return self.text(N_("%(count)d days ago")) % {"count": hours // 24}

    def _local(self, when: datetime) -> datetime:
        return when.astimezone(self._zone)

    def _skeleton(self, skeleton: str, when: datetime | date) -> str:
        moment = self._local(when) if isinstance(when, datetime) else when
        return str(format_skeleton(skeleton, moment, locale=self._locale))
