"""One pack as a page to read."""

from collections.abc import Iterable, Sequence
from datetime import date

from babel.dates import format_date, format_time
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from culture_profiles.culture import calendar
from culture_profiles.culture.pack import Counted, Implies, Pack, SourceOfPack
from culture_profiles.culture.preferences import preferences
from culture_profiles.culture.when import Clock, DayForm, During, Sun, TimeForm

_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "all")
_WIDTH_PIPED = 100


def print_page(pack: Pack, today: date) -> None:
    """Print a pack: styled on a terminal, plain where it is piped."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, no_color=True, width=_WIDTH_PIPED)
    console.print(Text(pack.name, style="bold") + Text(f"  {pack.reference}", style="dim"))
    if pack.reviewed:
        names = ", ".join(f"{each.name} ({each.role}, {each.date})" for each in pack.reviewed_by)
        console.print(f"Reviewed by {names}.")
    else:
        console.print(Text("UNREVIEWED", style="bold red") + Text(": " + _unreviewed(pack)))
    if pack.within:
        console.print(f"Within {', '.join(pack.within)}.")
    console.print()
    console.print(pack.about)
    numbers = {name: place for place, name in enumerate(pack.sources, start=1)}
    for title, lines in _sections(pack, today):
        _section(console, title, lines, numbers)
    if pack.sources:
        console.print()
        console.print(Text("Sources", style="bold"))
        for name, number in numbers.items():
            console.print(Padding(Text(f"[{number}] {_source(pack.sources[name])}"), (0, 0, 0, 2), expand=False))


def _unreviewed(pack: Pack) -> str:
    count = len({reviewer.name for reviewer in pack.reviewed_by})
    who = "nobody of the community has" if count == 0 else "only one person of the community has"
    return f"{who} checked this yet. In a real home it gives only phrases and calendar; nothing is expected from it."


Lines = Sequence[tuple[str, str]]
"""(text, name of its source or nothing)."""


def _sections(pack: Pack, today: date) -> Iterable[tuple[str, Lines]]:
    yield "What to expect, until the person says otherwise (of ten people)", [_prior(pack, at) for at in _order(pack)]
    yield (
        "How to begin",
        [(f"{each.key} {each.value}: {_of_ten(each)}", each.source) for each in pack.manner],
    )
    yield (
        "Gestures such people may like; the robot waits for the person's word",
        [(f"{each.gesture}: {_of_ten(each)}{_implies(each.implies)}", each.source) for each in pack.gestures],
    )
    yield "Festivals", _festivals(pack, today)
    yield (
        "Times, for staff to know; they move no food, drink or medicine",
        [(f"{each.name} ({each.kind}): {_when(each.when, pack, today)}", each.source) for each in pack.times],
    )
    yield (
        "Food, for staff only; the robot neither asks nor says",
        [(each.text, each.source) for each in pack.food_rules],
    )
    yield (
        "Painful: the robot never raises it",
        [
            (f"{each.name}{f' (anniversary {_month_day(each.anniversary)})' if each.anniversary else ''}", each.source)
            for each in pack.painful
        ],
    )
    yield "Often enjoyed in talk", [(each.name, each.source) for each in pack.topics]
    phrases = sum(len(options) for options in pack.phrases.values())
    yield "Phrases", [(f"{phrases} sentences for {len(pack.phrases)} occasions", "")] if phrases else []


def _section(console: Console, title: str, lines: Lines, numbers: dict[str, int]) -> None:
    if not lines:
        return
    console.print()
    console.print(Text(title, style="bold"))
    for text, source in lines:
        line = Text(text)
        if source in numbers:
            line.append(f" [{numbers[source]}]", style="dim")
        console.print(Padding(line, (0, 0, 0, 2), expand=False))


def _order(pack: Pack) -> list[int]:
    def share(place: int) -> float:
        prior = pack.priors[place]
        return -prior.yes / (prior.yes + prior.no)

    return sorted(range(len(pack.priors)), key=share)


def _prior(pack: Pack, place: int) -> tuple[str, str]:
    prior = pack.priors[place]
    taste = preferences().get(prior.preference)
    said = taste.stated(liked=True) if taste else prior.preference
    note = f" ({prior.note})" if prior.note else ""
    return f"{_of_ten(prior)}: {said}{note}", prior.source


def _of_ten(counted: Counted) -> str:
    total = counted.yes + counted.no
    evidence = "well known" if total >= 8 else "described" if total >= 4 else "a hint"
    return f"about {_NUMBERS[round(10 * counted.yes / total)]} ({evidence})"


def _implies(implies: Implies) -> str:
    return "" if implies is Implies.NONE else f"; says something of {implies.value}, so only if the person stated it"


def _festivals(pack: Pack, today: date) -> Lines:
    dated = [(calendar.next_span(each.when, today), each) for each in pack.festivals]
    dated.sort(key=lambda item: (item[0] is None, item[0].first if item[0] else today, item[1].name))
    return [
        (
            f"{_days(each.when, today)}  {each.name}"
            f"{''.join(f' · {name}' for name in each.local_name.values())} ({each.mood}){_implies(each.implies)}",
            each.source,
        )
        for _, each in dated
    ]


def _days(when: DayForm, today: date) -> str:
    span = calendar.next_span(when, today)
    if span is None:
        return "date not known"
    first = format_date(span.first, "EEE d MMM y", locale="en_GB")
    return first if span.last == span.first else f"{first} to {format_date(span.last, 'EEE d MMM y', locale='en_GB')}"


def _when(when: TimeForm, pack: Pack, today: date) -> str:
    match when:
        case Sun():
            offset = f" {when.offset_minutes:+d} minutes" if when.offset_minutes else ""
            return f"at {when.sun}{offset}, {_weekday(when.weekday)}"
        case Clock():
            return f"at {format_time(when.clock, 'HH:mm', locale='en_GB')}, {_weekday(when.weekday)}"
        case During():
            around = calendar.during(when, pack)
            days = f", {_when(around, pack, today)}" if around is not None else ""
            return f"during {when.during.replace('_', ' ')}{days}"
        case _:
            return _days(when, today)


def _weekday(weekday: str | None) -> str:
    return f"on {weekday.capitalize()}s" if weekday else "every day"


def _month_day(text: str) -> str:
    month, day = text.split("-")
    return format_date(date(2024, int(month), int(day)), "d MMMM", locale="en_GB")


def _source(source: SourceOfPack) -> str:
    return f"{source.by}: {source.title}, {source.date}{f'. {source.url}' if source.url else ''}"
