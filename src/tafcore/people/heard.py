"""What somebody hears about a person and types in one line, read word by word: nothing is looked up here.

Every word goes into one part as it was typed, in whatever order they come; what is no date, postcode or number is a
name. A part is kept as typed, right or wrong: the form that takes it says what is wrong beside the field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import eq

from tafcore.days import parse_day
from tafcore.folding import fold
from tafcore.people import identifiers

Is = Callable[[str, date], bool]

_WORD = re.compile(r"[^\s,;]+|[,;]")
_TAKEN = ""
_BREAKS = frozenset({_TAKEN, ",", ";"})
_READ = 60
"""Words looked through for dates and numbers; whatever comes behind them is a name."""
_DUE = frozenset({"due", "due on", "due date"})
_LABELS = {
    "born": _DUE | {"born", "born on", "dob", "birth date", "date of birth"},
    "postcode": {"postcode"},
    "phone": {"tel", "telephone", "phone", "mobile", "mob", "tel no", "phone number"},
    "email": {"email"},
    "nhs_number": {"nhs", "nhs no", "nhs number"},
    "upn": {"upn"},
}
"""What people write before a part to say which it is."""
_BEFORE_SURNAMES = {
    "al", "bin", "binti", "da", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn", "la", "le",
    "mac", "mc", "o'", "st", "ten", "ter", "van", "von", "y",
}  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """What was read, each part as typed. `due`: the day is one on which a baby is expected. `ordered`: a comma or
    capitals say which name is the surname. `labels` are the words that said what came next, and are part of nothing."""

    forename: str = ""
    surname: str = ""
    born: str = ""
    address: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    nhs_number: str = ""
    upn: str = ""
    due: bool = False
    ordered: bool = False
    labels: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)

    @property
    def parts(self) -> Mapping[str, str]:
        """Part -> what was typed, without those that are empty."""
        return {name: value for name, value in vars(self).items() if isinstance(value, str) and value}

    @property
    def name(self) -> str:
        """The names, in the order in which they are kept."""
        return f"{self.forename} {self.surname}".strip()

    @property
    def only_named(self) -> bool:
        """Whether nothing but a name was typed."""
        return bool(self) and self.parts.keys() <= {"forename", "surname"}

    @property
    def readings(self) -> tuple[Heard, ...]:
        """Itself; and with its names the other way round, where nothing but their order tells them apart."""
        if self.ordered or not (self.forename or self.surname):
            return (self,)
        return self, replace(self, forename=self.surname, surname=self.forename)

    def named_as(self, forename: str, surname: str) -> Heard:
        """The reading whose names are in the order in which somebody of this name has them."""
        known = (fold(forename), fold(surname))

        def agreeing(one: Heard) -> int:
            return sum(map(eq, (fold(one.forename), fold(one.surname)), known))

        return max(self.readings, key=agreeing)


def read(text: str, today: date) -> Heard:
    """Read one line. A day after `today` is one on which a baby is expected."""
    every = _WORD.findall(text)
    words, rest = every[:_READ], every[_READ:]
    found: dict[str, str] = {}
    labels: list[str] = []
    due = False
    for part, longest, is_one in _PARTS:
        span = None if part in found else _first(words, longest, is_one, today)
        if span is None:
            continue
        begin, end = span
        found[part] = " ".join(words[begin:end])
        begins = _labelled(words, begin, _LABELS[part])
        if part == "born":
            due = _said(words[begins:begin]) in _DUE or _is_ahead(found[part], today)
        labels += words[begins:begin]
        words[begins:end] = [_TAKEN]
    names = _named([*words, *rest])
    return Heard(
        forename=names.forename,
        surname=names.surname,
        address=names.address,
        due=due,
        ordered=names.ordered,
        labels=tuple(labels),
        **found,
    )


def _first(words: Sequence[str], longest: int, is_one: Is, today: date) -> tuple[int, int] | None:
    """Where the first words stand that are such a part: as many as can be."""
    for begin in range(len(words)):
        for end in range(min(begin + longest, len(words)), begin, -1):
            window = words[begin:end]
            if _BREAKS.isdisjoint(window) and is_one(" ".join(window), today):
                return begin, end
    return None


def _labelled(words: Sequence[str], begin: int, labels: Collection[str]) -> int:
    """Where a part begins, with the words before it that only say what it is."""
    starts = (start for start in range(max(0, begin - 3), begin) if _said(words[start:begin]) in labels)
    return next(starts, begin)


def _said(words: Sequence[str]) -> str:
    return " ".join(words).casefold().replace(".", "").rstrip(":")


def _named(words: Sequence[str]) -> Heard:
    """The names. What begins with a number and is none we know is where they live, to the comma."""
    runs: list[tuple[str, list[str]]] = [("", [])]
    for word in words:
        if word in _BREAKS:
            runs.append((word, []))
        else:
            runs[-1][1].append(word)
    address, names = [], []
    for before, run in runs:
        house = next((place for place, word in enumerate(run) if re.search(r"\d", word)), len(run))
        address += [" ".join(run[house:])] if run[house:] else []
        names.append((before, run[:house]))
    return replace(_called(names), address=", ".join(address))


def _called(runs: Sequence[tuple[str, list[str]]]) -> Heard:
    first = next((place for place, (_, run) in enumerate(runs) if run), 0)
    words = [word for _, run in runs for word in run]
    follows = runs[first + 1] if first + 1 < len(runs) else (_TAKEN, [])
    at = len(words) - _surname_length(words)
    forename, surname, ordered = words[:at], words[at:], False
    if follows[0] == "," and follows[1]:
        surname, ordered = runs[first][1], True
        forename = words[len(surname) :]
    elif shouted := _shouted(words):
        forename, surname, ordered = [word for word in words if word not in shouted], list(shouted), True
    return Heard(forename=" ".join(forename), surname=" ".join(surname), ordered=ordered)


def _surname_length(words: Sequence[str]) -> int:
    """How many of the last words are the surname; of one word nobody can say, and it is what they are called by."""
    if len(words) < 2:
        return 0
    begins = (place for place in range(1, len(words) - 1) if words[place].casefold() in _BEFORE_SURNAMES)
    return len(words) - next(begins, len(words) - 1)


def _shouted(words: Sequence[str]) -> Sequence[str]:
    """The words in capitals, as records write surnames, where they stand together at one end."""
    loud = [word for word in words if len(word) > 1 and word.isupper()]
    together = loud in (list(words[: len(loud)]), list(words[len(words) - len(loud) :]))
    return loud if together and len(loud) < len(words) else ()


def _reads(reader: Callable[[str], object]) -> Is:
    """Whether words with a number among them are what `reader` reads."""
    return lambda typed, today: re.search(r"\d", typed) is not None and _readable(reader, typed)


def _readable(reader: Callable[[str], object], typed: str) -> bool:
    try:
        reader(typed)
    except ValueError:
        return False
    return True


def _is_day(typed: str, today: date) -> bool:
    # "Theresa May 4 12 90": a month that comes first needs the whole year.
    begins = re.match(r"\d", typed) or re.search(r"\d{4}$", typed)
    return begins is not None and _readable(lambda text: parse_day(text, today), typed)


def _is_ahead(typed: str, today: date) -> bool:
    try:
        return parse_day(typed, today) > today
    except ValueError:
        return False


def _is_phone(typed: str, today: date) -> bool:
    return typed[0] in "0+(" and _readable(identifiers.phone, typed)


def _is_nearly_a_phone(typed: str, today: date) -> bool:
    return re.fullmatch(r"[0+(][0-9 ()-]+", typed) is not None and len(re.findall(r"\d", typed)) >= 6


def _shaped(pattern: str) -> Is:
    return lambda typed, today: re.fullmatch(pattern, typed, re.ASCII) is not None


_PARTS: tuple[tuple[str, int, Is], ...] = (
    ("email", 1, lambda typed, today: "@" in typed),
    ("born", 4, _is_day),
    ("postcode", 2, _reads(identifiers.postcode)),
    ("upn", 5, _reads(identifiers.upn)),
    ("phone", 6, _is_phone),
    ("nhs_number", 4, _reads(lambda text: identifiers.nhs_number(text, live=not text.startswith("9")))),
    # What has the shape of one and a digit wrong is no name either.
    ("born", 3, _shaped(r"\d{1,2}([-/. ])\d{1,2}\1(\d{4}|\d{2})")),
    ("upn", 1, _shaped(r"[A-Za-z]\d{11}[\dA-Za-z]")),
    ("nhs_number", 4, _shaped(r"[1-9]([ -]?\d){9}")),
    ("phone", 6, _is_nearly_a_phone),
)
"""Part, the most words it has, and whether words are one: the surer first."""
