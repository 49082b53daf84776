"""When something is: the forms that `when` takes in a pack. `culture_profiles.culture.calendar` works the dates out."""

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Days = Annotated[int, Field(ge=1, le=60)]


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Yearly(_Form):
    """The same day of the Gregorian year, `days` long."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    days: Days = 1


class HolidayName(_Form):
    """A public holiday as python-holidays names it in English."""

    country: str = Field(pattern="^[A-Z]{2}$")
    name: str = Field(min_length=1)
    subdivision: str | None = None
    category: str | None = None


class PublicHoliday(_Form):
    """A day that the library `holidays` knows."""

    holiday: HolidayName


class HijriDay(_Form):
    """A day of the Islamic year (Umm al-Qura); where the moon is sighted it may be a day off."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=30)
    days: Days = 1


class Hijri(_Form):
    """A day of the Islamic calendar."""

    hijri: HijriDay


class LunarDay(_Form):
    """A day of the Chinese lunisolar year, not in a leap month."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=30)
    days: Days = 1


class Lunar(_Form):
    """A day of the Chinese lunisolar calendar."""

    lunar: LunarDay


class Easter(_Form):
    """So many days after Easter Sunday, of the Western churches or the Orthodox ones."""

    easter: int = Field(ge=-120, le=120)
    orthodox: bool = False
    days: Days = 1


def _not_zero(number: int) -> int:
    if number == 0:
        raise ValueError("must be 1 to 4, or -1 for the last")
    return number


class NthDay(_Form):
    """The n-th such weekday of a month; -1 is the last."""

    month: int = Field(ge=1, le=12)
    weekday: Weekday
    n: Annotated[int, Field(ge=-1, le=4), AfterValidator(_not_zero)]


class Nth(_Form):
    """The n-th weekday of a month."""

    nth: NthDay


class Listed(_Form):
    """Dates that had to be looked up, one per year."""

    dates: tuple[date, ...] = Field(min_length=1)
    days: Days = 1


class Sun(_Form):
    """A moment of each day, or of one weekday, that the sun gives."""

    sun: Literal["dawn", "sunrise", "noon", "sunset", "dusk"]
    offset_minutes: int = Field(default=0, ge=-180, le=180)
    weekday: Weekday | None = None


class Clock(_Form):
    """A time on the clock, each day or on one weekday."""

    clock: time
    weekday: Weekday | None = None


class During(_Form):
    """All the days of a festival or another time of the same pack."""

    during: str = Field(pattern="^[a-z][a-z0-9_]*$")


_FORMS = ("holiday", "hijri", "lunar", "easter", "nth", "dates", "sun", "clock", "during", "month")


def _form(value: Any) -> str | None:
    if isinstance(value, dict):
        return next((name for name in _FORMS if name in value), None)
    return next((name for name in _FORMS if hasattr(value, name)), None)


DayForm = Yearly | PublicHoliday | Hijri | Lunar | Easter | Nth | Listed
TimeForm = DayForm | Sun | Clock | During
_Yearly = Annotated[Yearly, Tag("month")]
_Holiday = Annotated[PublicHoliday, Tag("holiday")]
_Hijri = Annotated[Hijri, Tag("hijri")]
_Lunar = Annotated[Lunar, Tag("lunar")]
_Easter = Annotated[Easter, Tag("easter")]
_Nth = Annotated[Nth, Tag("nth")]
_Listed = Annotated[Listed, Tag("dates")]


def _discriminator(forms: tuple[str, ...]) -> Discriminator:
    named = ", ".join("month and day" if each == "month" else each for each in forms)
    return Discriminator(_form, custom_error_type="when", custom_error_message=f"must have one of: {named}")


DayWhen = Annotated[
    _Yearly | _Holiday | _Hijri | _Lunar | _Easter | _Nth | _Listed,
    _discriminator(("month", "holiday", "hijri", "lunar", "easter", "nth", "dates")),
]
"""When a festival is."""

TimeWhen = Annotated[
    _Yearly
    | _Holiday
    | _Hijri
    | _Lunar
    | _Easter
    | _Nth
    | _Listed
    | Annotated[Sun, Tag("sun")]
    | Annotated[Clock, Tag("clock")]
    | Annotated[During, Tag("during")],
    _discriminator(("sun", "clock", "during", "month", "holiday", "hijri", "lunar", "easter", "nth", "dates")),
]
"""When a time of prayer, rest or fasting is."""
