"""Days as people type them."""

import re
import unicodedata
from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_EARLIEST_YEAR, _LATEST_YEAR = 1850, 2199
_HOW = "Enter a day, month and year, such as 4 5 2018 or 4 May 2018."


def parse_day(text: str, today: date, *, ahead: bool = False) -> date:
    """Read a day as it is typed in England, day first: `4/5/2018`, `4 5 18`, `04.05.2018`, `4 May 2018`, `04052018`.

    `2018-05-04` and `20180504` are read year first. A two-digit year is the latest one that is not after `today`,
    as suits birth dates; with `ahead` (an expected date of delivery) it may lie up to a year after today.
    Raises `ValueError` with a plain sentence that repeats nothing typed.
    """
    typed = unicodedata.normalize("NFKC", text).strip().casefold()
    if re.fullmatch(r"\d{8}", typed):
        return _eight_digits(typed)
    typed = re.sub(r"(?<=\d)(st|nd|rd|th)\b", " ", typed)
    parts = re.findall(r"\d+|[^\W\d_]+", typed)
    parts = [part for part in parts if part != "of"]
    if len(parts) != 3 or re.search(r"[^\w\s./,\-\\\u2010-\u2014]", typed):
        raise ValueError(_HOW)
    if len(parts[0]) == 4 and parts[0].isdecimal():
        year_text, month_text, day_text = parts
    elif parts[1].isdecimal() and not parts[0].isdecimal():
        month_text, day_text, year_text = parts  # "May 4 2018"
    else:
        day_text, month_text, year_text = parts
    if not (day_text.isdecimal() and year_text.isdecimal()) or len(day_text) > 2:
        raise ValueError(_HOW)
    return _checked(_year(year_text, today, ahead), _month(month_text), int(day_text))


def _year(text: str, today: date, ahead: bool) -> int:
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        raise ValueError(_HOW)
    latest = today.year + 1 if ahead else today.year
    century = latest // 100 * 100
    year = century + int(text)
    return year if year <= latest else year - 100


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text) if len(text) <= 2 else 0
    for number, month in enumerate(MONTHS, 1):
        if len(text) >= 3 and month.casefold().startswith(text):
            return number
    raise ValueError(_HOW)


def _eight_digits(typed: str) -> date:
    # A year from 1850 on, read as day and month or as month and day, is never one: only one reading can be a date.
    year_first = int(typed[:4]), int(typed[4:6]), int(typed[6:])
    day_first = int(typed[4:]), int(typed[2:4]), int(typed[:2])
    year, month, day = (
        year_first if _EARLIEST_YEAR <= year_first[0] <= _LATEST_YEAR and year_first[1] <= 12 else day_first
    )
    return _checked(year, month, day)


def _checked(year: int, month: int, day: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError("Check the month: it must be between 1 and 12. The day comes first.")
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        raise ValueError("Check the year: it must have two or four digits, such as 18 or 2018.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("Check the day: that month has no such day.") from None
