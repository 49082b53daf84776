r"""Text with substitutions, as ROS 2 launch writes them: `$(name argument …)`, nested, quoted, `\`-escaped.

Arguments are separated by exactly one space. An argument is either plain (no space, quote or parenthesis unless
escaped) or one quoted text, in which substitutions still count. A `$` is plain text unless `(` follows it.
"""

import re
from dataclasses import dataclass

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


class GrammarError(ValueError):
    """The text breaks the grammar; the message says where, in one line."""


@dataclass(frozen=True)
class Text:
    """Words that stand for themselves, already unescaped."""

    value: str


@dataclass(frozen=True)
class Call:
    """A substitution: its name and its arguments, each again text with substitutions."""

    name: str
    arguments: "tuple[Template, ...]"


Template = tuple[Text | Call, ...]


def unescape(text: str) -> str:
    r"""Take each `\` away and keep the character behind it."""
    return re.sub(r"\\(.)", r"\1", text)


def parse(text: str) -> Template:
    """The parts of `text`. Errors: GrammarError."""
    if not text:
        return (Text(""),)
    parser = _Parser(text)
    parts = parser.fragments(quote="")
    if parser.at < len(text):
        raise parser.error("unexpected character")
    return parts


class _Parser:
    """Recursive descent over one text. `quote` is the quotation mark around the present place, or empty."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def error(self, what: str) -> GrammarError:
        return GrammarError(f"{what} at character {self.at + 1} of {self.text!r}")

    def fragments(self, quote: str) -> Template:
        """A whole text: everything up to the closing quotation mark, or to the end."""
        parts: list[Text | Call] = []
        while self.at < len(self.text) and not (quote and self._here(quote)):
            parts.append(self._call(quote) if self._opens() else self._text(quote))
        return tuple(parts)

    def _call(self, quote: str) -> Call:
        self.at += 2
        name = _IDENTIFIER.match(self.text, self.at)
        if name is None:
            raise self.error("the name of a substitution is missing")
        self.at = name.end()
        arguments = []
        while self._here(" "):
            self.at += 1
            arguments.append(self._argument(quote))
        if not self._here(")"):
            raise self.error("the substitution is not closed here")
        self.at += 1
        return Call(name.group(), tuple(arguments))

    def _argument(self, quote: str) -> Template:
        mark = self.text[self.at : self.at + 1]
        if not quote and mark in ("'", '"'):
            self.at += 1
            inside = self.fragments(mark)
            if not self._here(mark):
                raise self.error("the quotation is not closed")
            self.at += 1
            return inside
        # Outside quotes both marks must be escaped, inside only the one around.
        stops = " ()" + (quote or "'\"")
        parts: list[Text | Call] = []
        while self.at < len(self.text) and (self._opens() or not self._stopped(stops)):
            parts.append(self._call(quote) if self._opens() else self._text(stops))
        if not parts:
            raise self.error("an argument is missing")
        return tuple(parts)

    def _text(self, stops: str) -> Text:
        start = self.at
        while self.at < len(self.text) and not self._opens() and not self._stopped(stops):
            self.at += 1
        return Text(unescape(self.text[start : self.at]))

    def _here(self, character: str) -> bool:
        return self.text[self.at : self.at + 1] == character

    def _escaped(self) -> bool:
        return self.at > 0 and self.text[self.at - 1] == "\\"

    def _opens(self) -> bool:
        return self.text.startswith("$(", self.at) and not self._escaped()

    def _stopped(self, stops: str) -> bool:
        character = self.text[self.at]
        return character in stops and (character == " " or not self._escaped())
