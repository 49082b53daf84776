"""Numbers as words: num2words where it knows the language, a table here where it does not, else digits as they are."""

from decimal import Decimal, InvalidOperation

from num2words import CONVERTER_CLASSES, num2words

LONGEST = 12  # digits; longer ones are read digit by digit

_FILIPINO = ("", "isa", "dalawa", "tatlo", "apat", "lima", "anim", "pito", "walo", "siyam")
_FILIPINO_TEENS = {
    **{11: "labing-isa", 12: "labindalawa", 13: "labintatlo", 14: "labing-apat", 15: "labinlima"},
    **{16: "labing-anim", 17: "labimpito", 18: "labingwalo", 19: "labinsiyam"},
}
_FILIPINO_TENS = (
    *("", "sampu", "dalawampu", "tatlumpu", "apatnapu"),
    *("limampu", "animnapu", "pitumpu", "walumpu", "siyamnapu"),
)


def say(number: int, form: str, language: str) -> str:
    """A number from 0 in a form of `language.FORMS`; digits where that form is not known for the language."""
    digits = str(number)
    if form == "signs":
        return signs(digits, language)
    if form == "digits" or len(digits) > LONGEST:
        return digits
    if language == "fil":
        return _filipino(number)
    if language not in CONVERTER_CLASSES:
        return digits
    if language == "ja":
        return str(num2words(number, lang="ja", reading=True))
    if form in ("genitive", "feminine", "feminine_oblique"):
        return _polish(number, form)
    try:
        return str(num2words(number, lang=language, to=form if form in ("ordinal", "year") else "cardinal"))
    except (NotImplementedError, OverflowError, ValueError):
        return digits


def decimal(text: str, language: str) -> str:
    """A number with a decimal point, as `parsed` gives it, in words; unchanged where they are not known."""
    value = parsed(text, ".", ",")
    if value is None or language not in CONVERTER_CLASSES or len(text) > LONGEST:
        return text
    try:
        return str(num2words(value, lang=language))
    except (NotImplementedError, OverflowError, ValueError):
        return text


def signs(digits: str, language: str) -> str:
    """Digit by digit, as telephone numbers are told."""
    named = " ".join(say(int(digit), "cardinal", language) for digit in digits if digit.isdecimal())
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in digits) if language == "zh" else named


def money(amount: Decimal, currency: str, language: str) -> str | None:
    """An amount with its currency (GBP), or None where num2words cannot say it."""
    if language not in CONVERTER_CLASSES or abs(amount) >= 10**LONGEST:
        return None
    # num2words takes whole numbers for hundredths.
    exact = str(amount.quantize(Decimal("0.01")))
    try:
        said = str(num2words(exact, lang=language, to="currency", currency=currency, separator=" |"))
        nothing = str(num2words(0, lang=language))
    except (NotImplementedError, OverflowError, ValueError, InvalidOperation, TypeError):
        return None
    whole, _, rest = said.replace("pounds sterling", "pounds").replace("pound sterling", "pound").partition(" |")
    if rest.strip().startswith(nothing):
        return whole.strip()
    if whole.startswith(nothing):
        return rest.strip()
    return f"{whole.strip()} {rest.strip()}".strip()


def parsed(text: str, point: str, group: str) -> Decimal | None:
    """The number that is written with this decimal point and group sign, or None."""
    plain = text.replace(group, "") if group.strip() else text
    for space in " \u00a0\u202f'":
        plain = plain.replace(space, "")
    try:
        return Decimal(plain.replace(point, "."))
    except InvalidOperation:
        return None


def _polish(number: int, form: str) -> str:
    """Polish ordinals: `genitive` for days and years (trzeciego), `feminine` for hours (trzecia, o trzeciej)."""
    thousands, rest = divmod(number, 1000)
    if thousands > 1 and rest:
        return f"{num2words(thousands * 1000, lang='pl')} {_polish(rest, form)}"
    said = str(num2words(number, lang="pl", to="ordinal"))
    # Of thousands and hundreds only the last words are ordinals: tysiąc dziewięćset dziewięćdziesiąty ósmy.
    return " ".join(_declined(word, form) for word in said.split())


_POLISH_ENDINGS = {
    "y": {"genitive": "ego", "feminine": "a", "feminine_oblique": "ej"},
    "gi": {"genitive": "giego", "feminine": "ga", "feminine_oblique": "giej"},
    "ci": {"genitive": "ciego", "feminine": "cia", "feminine_oblique": "ciej"},
}


def _declined(word: str, form: str) -> str:
    for ending, forms in _POLISH_ENDINGS.items():
        if word.endswith(ending):
            return word.removesuffix(ending) + forms[form]
    return word


def _filipino(number: int) -> str:
    if number == 0:
        return "sero"
    if number >= 1_000_000:
        return str(number)
    parts = []
    thousands, rest = divmod(number, 1000)
    if thousands:
        parts.append("isang libo" if thousands == 1 else f"{_linked(_filipino(thousands))} libo")
    hundreds, small = divmod(rest, 100)
    if hundreds:
        parts.append("isang daan" if hundreds == 1 else _hundreds(hundreds))
    if small:
        parts.append(_filipino_small(small))
    return " at ".join(parts)


def _filipino_small(number: int) -> str:
    if number in _FILIPINO_TEENS:
        return _FILIPINO_TEENS[number]
    tens, units = divmod(number, 10)
    if not tens:
        return _FILIPINO[units]
    return f"{_FILIPINO_TENS[tens]}'t {_FILIPINO[units]}" if units else _FILIPINO_TENS[tens]


def _hundreds(hundreds: int) -> str:
    word = _FILIPINO[hundreds]
    return f"{word} na raan" if word[-1] not in "aeiou" else f"{word}ng daan"


def _linked(word: str) -> str:
    """With the linker: dalawang, apat na."""
    if word[-1] in "aeiou":
        return f"{word}ng"
    return f"{word[:-1]}ng" if word[-1] == "n" else f"{word} na"
