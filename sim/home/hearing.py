"""What a resident makes of a sentence: whether it reminds, of what kind of thing, and what it says besides."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NO_PROMPT = frozenset(
    {
        "may_have_asked", "late", "excuse", "what", "what_medicine", "yes_or_no", "accepted", "later", "later_in",
        "declined", "taken", "staff_come",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """A prompt. `kind`: private where it was not said what it is about."""

    kind: str
    may_have_asked: bool
    late: bool


class Ear:
    """Knows prompts by the sentences of the language packs, given as (locale, key, template)."""

    def __init__(self, templates: Iterable[tuple[str, str, str]]) -> None:
        self._prompts: list[tuple[str, re.Pattern[str]]] = []
        self._besides: dict[str, list[re.Pattern[str]]] = {"may_have_asked": [], "late": []}
        for _, key, template in templates:
            family, _, rest = key.partition(".")
            what = rest.split(".")[0]
            if family != "reminder":
                continue
            if what in self._besides:
                self._besides[what].append(_pattern(template))
            elif what not in _NO_PROMPT:
                self._prompts.append((what, _pattern(template)))
        self._prompts.sort(key=lambda each: -len(each[1].pattern))

    def hear(self, text: str) -> Heard | None:
        """The prompt in a sentence; None: it is none."""
        kind = next((kind for kind, pattern in self._prompts if pattern.search(text)), None)
        if kind is None:
            return None
        said = {what: any(each.search(text) for each in patterns) for what, patterns in self._besides.items()}
        return Heard(kind, said["may_have_asked"], said["late"])


def _pattern(template: str) -> re.Pattern[str]:
    plain = re.sub(r"\[[^\[\]]*\]", "", template)
    parts = [re.escape(part.strip()) for part in re.split(r"\{\w+\}", plain)]
    return re.compile(".+".join(parts), re.IGNORECASE)
