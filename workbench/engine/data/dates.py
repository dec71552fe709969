"""Reads dates that are written as texts: 2013-12-24 10:00, 24.12.2013, 12/24/2013 3:05 PM, 24 Dec 2013."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Literal, TypeAlias

Order: TypeAlias = Literal["auto", "day_first", "month_first"]
Parts: TypeAlias = tuple[float, float, float]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = "(?P<month>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september"
_NAME += "|october|november|december)"
_DATES = {
    "year_first": r"(?P<year>\d{4})([-/.])(?P<month>\d\d?)\2(?P<day>\d\d?)",
    "day_first": r"(?P<day>\d\d?)([-/.])(?P<month>\d\d?)\2(?P<year>\d{4})",
    "month_first": r"(?P<month>\d\d?)([-/.])(?P<day>\d\d?)\2(?P<year>\d{4})",
    "named_day_first": rf"(?P<day>\d\d?)[-. ]+{_NAME}[-., ]+(?P<year>\d{{4}})",
    "named_month_first": rf"{_NAME}\.? +(?P<day>\d\d?),? +(?P<year>\d{{4}})",
}
TIME_LINES = (
    r"(?:(?:T|,? +)(?P<hour>\d\d?):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<part>\d{1,6})\d*)?)?",
    r"(?: ?(?P<half>[AP])M)?)?(?: ?(?:Z|[-+]\d\d:?\d\d))?",
)
TIME = "".join(TIME_LINES)
_GROUPS = ("year", "month", "day", "hour", "minute", "second", "part", "half")
_EPOCH = datetime(1970, 1, 1)
_DAY = timedelta(days=1)
_ENOUGH = 0.9
_GLANCE = 20
_LOOKED_AT = 5_000


@dataclass(frozen=True)
class Written:
    """One way of writing dates, by its name: `year_first`, `day_first` …"""

    name: str

    @property
    def date(self) -> str:
        """A regular expression for a date without its time, which `TIME` matches; capitals or not."""
        return _DATES[self.name]

    def parts(self, text: str) -> Parts:
        """A date as days since 1970, day of the year and day of the week (Monday is 0), in the time of its own zone.
        Raises ValueError on what is no such date."""
        found = _compiled(self.name).fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text[:40]!r} is no date")
        year, month, day, hour, minute, second, part, half = found.group(*_GROUPS)
        hour = int(hour or 0)
        if half:
            if not 1 <= hour <= 12:
                raise ValueError(f"{text[:40]!r} has no such hour")
            hour = hour % 12 + 12 * (half in "Pp")
        number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
        fraction = int(part.ljust(6, "0")) if part else 0
        moment = datetime(int(year), number, int(day), hour, int(minute or 0), int(second or 0), fraction)
        day_of_year = moment.toordinal() - date(moment.year, 1, 1).toordinal() + 1
        return (moment - _EPOCH) / _DAY, day_of_year, moment.weekday()

    def holds(self, text: str) -> bool:
        """Whether a text is such a date."""
        try:
            self.parts(text)
        except ValueError:
            return False
        return True


@cache
def _compiled(name: str) -> "re.Pattern[str]":
    return re.compile(_DATES[name] + TIME, re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """How the dates of a column are `written`; None where day and month could each be the other, as in `either`."""

    written: Written | None
    either: str = ""


def find_written(texts: Sequence[str], order: Order) -> Found | None:
    """How different texts of a column are written as dates, None where they are none; a tenth of them may be something
    else. `order` decides where numbers of day and month could be either, but for 24.12.2013, where the day stands
    first everywhere. Of very many texts, some that are spread evenly are looked at."""
    texts = texts[:: max(1, len(texts) // _LOOKED_AT)]
    glance = texts[:: max(1, len(texts) // _GLANCE)]
    possible = [name for name in _DATES if any(map(Written(name).holds, glance))]
    counts = {name: sum(map(Written(name).holds, texts)) for name in possible}
    good = {name: count for name, count in counts.items() if count >= _ENOUGH * len(texts)}
    if not good:
        return None
    best = max(good, key=lambda name: good[name])
    day, month = good.get("day_first", 0), good.get("month_first", 0)
    if not day or not month or (order == "auto" and day != month):
        return Found(Written(best))
    first = next(text for text in texts if Written("day_first").holds(text))
    if "." in first[:3]:
        return Found(Written("day_first" if day >= month else "month_first"))
    return Found(None, first) if order == "auto" else Found(Written(order))


IMPORTS = ("import re", "from datetime import datetime, timedelta")
SCRIPT = '''\
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def date_cells(text, pattern):
    """Days since 1970, day of the year, day of the week (Monday is 0)."""
    found = re.fullmatch(pattern, text.strip(), re.ASCII | re.IGNORECASE)
    if found is None:
        raise ValueError(f"{text!r} is no date")
    given = found.groupdict()
    month, hour = given["month"].lower(), int(given["hour"] or 0)
    if given["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f"{text!r} has no such hour")
        hour = hour % 12 + 12 * (given["half"] in "Pp")
    moment = datetime(
        int(given["year"]),
        int(month) if month.isdigit() else MONTHS.index(month[:3]) + 1,
        int(given["day"]),
        hour,
        int(given["minute"] or 0),
        int(given["second"] or 0),
        int((given["part"] or "").ljust(6, "0")),
    )
    days = (moment - datetime(1970, 1, 1)) / timedelta(days=1)
    return [str(days), str(moment.timetuple().tm_yday), str(moment.weekday())]
'''
"""Python source that defines `date_cells(text, pattern)`, the same numbers as texts; it needs these imports."""
