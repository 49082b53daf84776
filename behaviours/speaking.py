"""From a phrase key to an utterance in the person's language and manner, never the same sentence twice in a day."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime

from behaviours.acts import Speak
from behaviours.conversation.ledger import parts
from behaviours.floor import Priority
from behaviours.manner import address, manner, with_address
from behaviours.person import Person
from behaviours.phrases import Phrase, Phrasebook
from culture_profiles.culture.approach import says_avoided

_ADDRESS_EVERY = 5  # utterances: often enough to be personal, not so often as to sound sold


class Speaker:
    """Words for one robot. `rng` chooses among equals, so that a seed gives the same talk."""

    def __init__(self, book: Phrasebook, rng: random.Random) -> None:
        self.book = book
        self.rng = rng

    def phrase(
        self, person: Person, key: str, locale: str = "", *, must: bool = False, values: Mapping[str, str] | None = None
    ) -> Phrase | None:
        """A phrase not said yet today. When all are said: the one said longest ago if it `must` be, else None."""
        where = locale or person.locale or "en_GB"
        key = self.book.fitting(key, person.stated("address.manner"), where)
        known = {"address": address(person.profile), **(values or {})}
        found = self._fresh(person, self.book.all(key, where, known))
        if found is None and must:
            order = list(person.said)
            options = self.book.all(key, where, known)
            found = min(options, key=lambda each: order.index(each.template)) if options else None
        if found is not None:
            self.note(person, found.template)
        return found

    def choose(self, person: Person, options: Sequence[str], values: Mapping[str, str]) -> str:
        """One of some sentences kept elsewhere that was not said in four weeks and holds no word to avoid; else "".

        `values`: what stands for `{value}` in a sentence, by sentence.
        """
        ledger = person.talk.ledger
        fresh = [
            option
            for option in options
            if option not in person.said and not ledger.has(option) and not says_avoided(option, person.avoid)
        ]
        if not fresh:
            return ""
        chosen = self.rng.choice(fresh)
        self.note(person, chosen)
        return chosen.format(value=values[chosen]) if chosen in values else chosen

    def _fresh(self, person: Person, options: Sequence[Phrase]) -> Phrase | None:
        """A phrase not said today; of those the ones not said in four weeks, else the one said longest ago."""
        today = [each for each in options if each.template not in person.said]
        ledger = person.talk.ledger
        new = [each for each in today if not ledger.has(each.template)]
        if new:
            return self.rng.choice(new)
        return min(today, key=lambda each: ledger.said[parts(each.template)[0]]) if today else None

    @staticmethod
    def note(person: Person, template: str) -> None:
        """Remember that a template was used."""
        person.said.pop(template, None)
        person.said[template] = None
        if person.said_on is not None:
            person.talk.ledger.note(template, person.said_on)

    def speak(
        self,
        person: Person,
        text: str,
        locale: str,
        act: str,
        now: datetime,
        *,
        priority: Priority = Priority.CONVERSATION,
        why: str = "",
        plain: bool = False,
    ) -> Speak:
        """An utterance. `plain`: no form of address is worked in (somebody may be listening, or it has one)."""
        form = address(person.profile)
        if not plain and form and (person.address_due or person.utterances % _ADDRESS_EVERY == _ADDRESS_EVERY - 1):
            text = with_address(text, form, locale)
        if form and form.casefold() in text.casefold():
            person.address_due = False
            person.utterances = 0
        person.utterances += 1
        if act != "manner":  # "again" asks for what was said, not for how
            person.last_text, person.last_locale = text, locale
        made = f"{now:%Y%m%dT%H%M%S}-{self.rng.getrandbits(40):010x}"
        return Speak(made, text, locale, manner(person.profile, person.wish), act, person.id, priority, why)
