"""One sentence as it is read aloud. Each step looks for one thing; what it does not know is left to the engine."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names
from babel.numbers import get_currency_name, get_decimal_symbol, get_group_symbol
from babel.units import format_unit

from nodes.tts.reading import numbers
from nodes.tts.reading.language import Language, of_locale

_NUMBER = r"\d+(?:[.,\u00a0\u202f'’]\d+)*"
_CURRENCIES = {
    **{"£": "GBP", "€": "EUR", "$": "USD", "₹": "INR", "₨": "PKR", "¥": "JPY", "円": "JPY", "₩": "KRW", "₱": "PHP"},
    **{"zł": "PLN", "元": "CNY"},
    **{code: code for code in ("GBP", "EUR", "USD", "INR", "PKR", "JPY", "KRW", "PHP", "PLN", "CNY", "CHF")},
}
_UNITS = {
    **{"°C": "temperature-celsius", "℃": "temperature-celsius", "°F": "temperature-fahrenheit", "°": "angle-degree"},
    **{"km/h": "speed-kilometer-per-hour", "mph": "speed-mile-per-hour", "km": "length-kilometer"},
    **{"cm": "length-centimeter", "mm": "length-millimeter", "m": "length-meter", "kg": "mass-kilogram"},
    **{"g": "mass-gram", "mg": "mass-milligram", "ml": "volume-milliliter", "l": "volume-liter", "L": "volume-liter"},
    **{"h": "duration-hour", "min": "duration-minute", "%": "concentr-percent"},
}
_MONEY_NAMES = "|".join(sorted(map(re.escape, _CURRENCIES), key=len, reverse=True))
_UNIT_NAMES = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_MONEY_FIRST = re.compile(rf"(?<![A-Za-z\d])({_MONEY_NAMES})\s?({_NUMBER})(?![A-Za-z\d%])")
_MONEY_LAST = re.compile(rf"(?<![A-Za-z\d.,])({_NUMBER})\s?({_MONEY_NAMES})(?![A-Za-z\d])")
_MEASURE = re.compile(rf"(?<![A-Za-z\d.,])([-−]?)({_NUMBER})\s?({_UNIT_NAMES})(?![A-Za-z\d/])")
_ISO = re.compile(r"(?<![A-Za-z\d/.-])(\d{4})-(\d{1,2})-(\d{1,2})(?![A-Za-z\d/-])")
_DATE = re.compile(r"(?<![A-Za-z\d/.-])(\d{1,4})([/.])(\d{1,2})\2(\d{4}|\d{1,2})(?![A-Za-z\d/-]|\.\d)")
_CLOCK = re.compile(r"(?<![A-Za-z\d:.,])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![A-Za-z\d:]|\.\d)")
_CLOCK_HALF = re.compile(
    r"(?<![\w:.,])(1[0-2]|0?[1-9])(?:[:.]([0-5]\d))?\s?([AaPp])\.?\s?[Mm](?:\.(?=\s+[a-z]|[,;])|\b)"
)
_PHONE = re.compile(r"(?<![A-Za-z\d.,/-])\+?\(?\d(?:[\s()-]?\d){8,14}(?![A-Za-z\d/]|[.,]\d)")
_ENGLISH_ORDINAL = re.compile(r"(?<!\w)(\d{1,4})(?:st|nd|rd|th)\b")
_ROMANCE_ORDINAL = re.compile(r"(?<!\w)(\d{1,3})\.?([ºª°])(?!\s?[CF]\b)")
_YEAR = re.compile(
    r"\b((?:in|since|until|till|from|by|before|after|of|around|about|year|summer|winter|spring|autumn|January|February|"
    r"March|April|May|June|July|August|September|October|November|December),?\s)(1[1-9]\d\d|20\d\d)\b(?![,.:]\d|\s?%)"
)
_RANGE = re.compile(r"(?<=\d)\s?[–-]\s?(?=\d)")
_ANY_NUMBER = re.compile(rf"(?<![\w]){_NUMBER}")
_HOST = re.compile(
    r"(?<![\w.@])([\w-]+(?:\.[\w-]+)*\.(?:org|com|net|info|uk|eu|wales|cymru|pl|pt|it|in|pk|ph|jp|kr|cn|de|fr|ie))(?!\w)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<!\S)([\w.+-]+)@([\w-]+(?:\.[\w-]+)+)")
_UNSPACED = frozenset({"ja", "zh"})
_NOT_LATIN = frozenset({"hi", "ja", "ko", "pa", "ur", "zh"})
_SPACE = re.compile(r"\s+")


def read(sentence: str, locale: str, pronunciations: Mapping[str, str] | None = None) -> str:
    """`sentence` in words. `pronunciations`: written -> spoken, before all else; for the rest see `languages/`."""
    text = pronounced(sentence, pronunciations or {})
    try:
        parsed = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return text
    how = of_locale(parsed.language)
    if how is None:
        return text
    reading = _Reading(how, parsed)
    for step in (
        reading.addresses,
        reading.money,
        reading.dates,
        reading.counters,
        reading.times,
        reading.telephone,
        reading.measures,
        reading.ordinals,
        reading.abbreviations,
        reading.years,
        reading.ranges,
        reading.symbols,
        reading.numbers,
        reading.sounds,
    ):
        text = step(text)
    return _SPACE.sub(" ", text).strip()


def pronounced(text: str, pronunciations: Mapping[str, str]) -> str:
    """`text` with each listed word or name respelled; the longest first, whole words, whatever their case."""
    if not pronunciations:
        return text
    spoken = {written.casefold(): said for written, said in pronunciations.items() if written.strip()}
    parts = []
    for written in sorted(spoken, key=len, reverse=True):
        # Scripts without spaces have no word boundaries.
        unspaced = any("\u3040" <= letter <= "\u30ff" or "\u4e00" <= letter <= "\u9fff" for letter in written)
        parts.append(re.escape(written) if unspaced else rf"(?<!\w){re.escape(written)}(?!\w)")
    pattern = re.compile("|".join(parts), re.IGNORECASE)
    return pattern.sub(lambda match: spoken.get(match.group().casefold(), match.group()), text)


@cache
def _pattern(kind: str, written: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words: an abbreviation ends where no letter follows, a word where no letter touches it."""
    found = "|".join(re.escape(word) for word in sorted(written, key=len, reverse=True))
    if kind == "name":
        return re.compile(rf"(?<![\w.])({found})(?=\s+[^\W\d_a-z])")
    if kind == "word":
        return re.compile(rf"(?<!\w)({found})(?!\w)", re.IGNORECASE)
    return re.compile(rf"(?<![\w.])({found})(?!\w)")


class _Reading:
    """The steps, in one language. `how`: its file."""

    def __init__(self, how: Language, locale: Locale) -> None:
        self._how = how
        self._locale = locale
        self._code = "fil" if locale.language == "tl" else locale.language
        self._point = get_decimal_symbol(locale)
        self._group = get_group_symbol(locale)

    def addresses(self, text: str) -> str:
        dot, at = self._how.dot, self._how.symbols.get("@", "")
        if not dot:
            return text
        if at:
            text = _MAIL.sub(lambda mail: f"{mail[1]} {at} {mail[2]}".replace(".", f" {dot} "), text)
        return _HOST.sub(lambda host: host[1].replace(".", f" {dot} "), text)

    def money(self, text: str) -> str:
        text = _MONEY_FIRST.sub(lambda match: self._money(match[0], match[2], match[1]), text)
        return _MONEY_LAST.sub(lambda match: self._money(match[0], match[1], match[2]), text)

    def _money(self, written: str, number: str, sign: str) -> str:
        amount = self._decimal(number)
        if amount is None:
            return written
        currency = _CURRENCIES[sign]
        if (name := self._how.money.get(currency)) and amount == int(amount):
            return f"{self._plain(amount)}{'' if self._code in _UNSPACED else ' '}{name}"
        if sign == "$" and self._locale.territory in ("CA", "AU"):
            currency = {"CA": "CAD", "AU": "AUD"}[self._locale.territory]
        said = numbers.money(amount, currency, self._code)
        if said is None:
            name = get_currency_name(currency, count=amount, locale=self._locale)
            said = f"{self._plain(amount)} {name}"
        return said

    def dates(self, text: str) -> str:
        text = _ISO.sub(lambda match: self._date(match[0], match[1], match[2], match[3]), text)

        def numeric(match: re.Match[str]) -> str:
            parts = (match[1], match[3], match[4])
            order = "ymd" if len(match[1]) == 4 else self._order()
            day, month, year = (parts[order.index(part)] for part in "dmy")
            return self._date(match[0], year, month, day)

        return self._absorb(_DATE.sub(numeric, text))

    def _order(self) -> str:
        return "mdy" if self._locale.territory in ("US", "PH") else self._how.order

    def _date(self, written: str, year: str, month: str, day: str) -> str:
        if len(year) == 3:
            return written
        full = int(year) if len(year) == 4 else 2000 + int(year)
        try:
            found = date(full, int(month), int(day))
        except ValueError:
            return written
        how = self._how
        name = how.months.get(str(found.month)) or (
            str(found.month)
            if "{month}월" in how.date or "{month}月" in how.date
            else get_month_names("wide", locale=self._locale)[found.month]
        )
        said = how.date.format(
            day=how.days.get(str(found.day)) or self._day(found.day),
            month=name,
            year=numbers.say(found.year, how.year, self._code),
        )
        return said + _END

    def _day(self, day: int) -> str:
        said = numbers.say(day, self._how.day, self._code)
        return f"{said}にち" if self._code == "ja" else said

    def counters(self, text: str) -> str:
        """A number before a character that counts: 11月, 10時."""
        if not self._how.counters:
            return text
        signs = "".join(self._how.counters)

        def counted(match: re.Match[str]) -> str:
            number, sign = int(match[1]), match[2]
            table = self._how.counters[sign]
            if table == "minutes":
                return self._minute(number) if number < 60 else match[0]
            if table in ("hours", "months", "days"):
                listed = getattr(self._how, table).get(str(number))
                return listed or (self._day(number) if table == "days" else match[0])
            return numbers.say(number, "cardinal", self._code) + table

        return re.sub(rf"(?<!\d)(\d{{1,4}})([{signs}])(?!間)", counted, text)

    def times(self, text: str) -> str:
        halves = self._how.half_days
        if halves:
            text = _CLOCK_HALF.sub(
                lambda match: (
                    f"{self._time(int(match[1]), int(match[2] or 0), with_half=True)} {halves[match[3].lower() + 'm']}"
                ),
                text,
            )
        return self._absorb(_CLOCK.sub(self._clock, text))

    def _clock(self, match: re.Match[str]) -> str:
        hour, minute = int(match[1]), int(match[2])
        half = ""
        if self._how.twelve_hours:
            if self._how.half_days and (hour > 12 or hour == 0):
                half = self._how.half_days["pm" if 12 < hour < 24 else "am"]
            hour = hour % 12 or 12
        before = match.string[: match.start()].rstrip().rpartition(" ")[2].lower().strip("(„\"'")
        return f"{self._time(hour, minute, before, with_half=bool(half))} {half}".rstrip() + _END

    def _time(self, hour: int, minute: int, before: str = "", *, with_half: bool = False) -> str:
        how = self._how
        form = how.hour_after if before in how.after else how.hour
        said = how.hours.get(str(hour)) or numbers.say(hour, form if form != "clock" else "digits", self._code)
        if not minute:
            # "three p m" needs no "o'clock".
            return said if with_half else how.time["whole"].format(hour=said)
        return how.time["early" if minute < 10 else "other"].format(hour=said, minute=self._minute(minute))

    def _minute(self, minute: int) -> str:
        how = self._how
        if listed := how.minutes.get(str(minute)):
            return listed
        tens, units = minute // 10 * 10, minute % 10
        if units and str(tens) in how.minute_tens:
            return f"{how.minute_tens[str(tens)]}{'' if self._code == 'ja' else '-'}{how.minutes[str(units)]}"
        return numbers.say(minute, how.minute if how.minute != "clock" else "digits", self._code)

    def telephone(self, text: str) -> str:
        """Long numbers digit by digit, the groups kept apart."""

        def told(match: re.Match[str]) -> str:
            groups = re.findall(r"\d+", match[0])
            plus = f"{self._how.symbols.get('+', '')} " if match[0].startswith("+") else ""
            return plus + ", ".join(numbers.signs(group, self._code) for group in groups)

        return _PHONE.sub(told, text)

    def measures(self, text: str) -> str:
        def measured(match: re.Match[str]) -> str:
            amount = self._decimal(match[2])
            if amount is None:
                return match[0]
            # The number is put in by us: Babel would write it with its own separators.
            said: str = format_unit(amount, _UNITS[match[3]], "long", locale=self._locale)
            own = self._how.symbols.get(match[3])
            if own:
                said = f"{amount} {own}"
            if self._code in _NOT_LATIN and re.search(r"[a-z]{3}", said):
                return match[0]  # Babel does not know it in this language
            digits = re.search(r"\d[\d.,\u00a0\u202f]*", said)
            minus = "minus " if match[1] else ""
            return (
                said
                if digits is None
                else f"{minus}{said[: digits.start()]}{self._plain(amount)}{said[digits.end() :]}"
            )

        return _MEASURE.sub(measured, text)

    def ordinals(self, text: str) -> str:
        if self._code == "en":
            return _ENGLISH_ORDINAL.sub(lambda match: numbers.say(int(match[1]), "ordinal", "en"), text)
        if self._code in ("it", "pt"):

            def romance(match: re.Match[str]) -> str:
                said = numbers.say(int(match[1]), "ordinal", self._code)
                return re.sub(r"o\b", "a", said) if match[2] == "ª" else said

            return _ROMANCE_ORDINAL.sub(romance, text)
        return text

    def abbreviations(self, text: str) -> str:
        for kind, table in (("name", self._how.before_name), ("short", self._how.abbreviations)):
            if table:
                text = _pattern(kind, tuple(table)).sub(_from(table), text)
        return text

    def years(self, text: str) -> str:
        if self._how.year != "year":
            return text
        return _YEAR.sub(lambda match: match[1] + numbers.say(int(match[2]), "year", self._code), text)

    def ranges(self, text: str) -> str:
        if not self._how.range:
            return text
        return _RANGE.sub(f" {self._how.range} ", text)

    def symbols(self, text: str) -> str:
        for sign, said in self._how.symbols.items():
            text = text.replace(sign, f" {said} ")
        return text.replace("°", " ")

    def numbers(self, text: str) -> str:
        """Numbers in words, where the voice that speaks the language is not its own."""
        if not self._how.spell_numbers:
            return text

        def spelled(match: re.Match[str]) -> str:
            amount = self._decimal(match[0])
            if amount is None:
                return match[0]
            return self._plain(amount) if amount != int(amount) else numbers.say(int(amount), "cardinal", self._code)

        return _ANY_NUMBER.sub(spelled, text)

    def sounds(self, text: str) -> str:
        table = self._how.sounds
        return _pattern("word", tuple(table)).sub(_from(table), text) if table else text

    def _absorb(self, text: str) -> str:
        """Drop what follows a date or time and was said already ("10:30 बजे")."""
        for word in self._how.absorbs if _END in text else ():
            text = re.sub(rf"{_END}\s+{re.escape(word)}(?!\w)", "", text)
        return text.replace(_END, "")

    def _decimal(self, written: str) -> Decimal | None:
        """What is written as this language writes it; "3,50" is a number in English too."""
        point, group = self._point, self._group
        if group in ".," and re.fullmatch(rf"\d+{re.escape(group)}\d{{1,2}}", written):
            point, group = group, point
        return numbers.parsed(written, point, group)

    def _plain(self, amount: Decimal) -> str:
        if self._how.spell_numbers and amount == int(amount):
            return numbers.say(int(amount), "cardinal", self._code)
        return f"{amount:f}".replace(".", self._point)


_END = "\ue000"  # ends a reading until what follows was looked at; a private character, which `clean` takes out


def _from(table: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    lower = {written.casefold(): said for written, said in table.items()}
    return lambda match: table.get(match[1]) or lower.get(match[1].casefold(), match[1])
