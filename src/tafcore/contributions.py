"""What hooks return: typed values, never HTML and never core objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from tafcore.actor import Actor

EVERYONE = frozenset(
    {
        "practitioner",
        "front_door",
        "early_help_manager",
        "mash",
        "board_member",
        "auditor",
        "information_governance",
        "administrator",
        "guest",
    }
)
GUESTS = frozenset({"guest"})
"""Professionals from outside with an account for the teams they were invited to, who hold what a team may do."""


@dataclass(frozen=True)
class Problem:
    """A broken rule: a sentence that says how to mend it, at a dotted field path (empty for the whole)."""

    message: str
    field: str = ""


@dataclass(frozen=True)
class Permission:
    """`name` is `feature.verb`; `title` finishes "May ..."; `roles` hold it from the start."""

    name: str
    title: str
    roles: frozenset[str]


@dataclass(frozen=True)
class NavigationItem:
    """A main menu item, shown to those who hold `permission`; with permissions.PUBLIC a way in for whoever has no
    account, shown where one signs in. `count` says how many things wait there, in one statement of a fixed size: it is
    asked on every page."""

    title: str
    endpoint: str
    permission: str
    order: int = 50
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class HelpPage:
    """How one task is done, in the words on the screen. Labels stand between asterisks: `Press *Save*`.

    Listed for those who hold `permission`, linked from the pages of `endpoints`, part of the first tour of `tour`
    roles. `after` is what happens next, `family` what the family see of it; `shows` says in words what is on the
    picture `help/<key>.png` in the static files of whoever brings the page.
    """

    key: str
    title: str
    when: str
    permission: str
    steps: tuple[str, ...]
    after: str
    family: str
    shows: str
    endpoints: tuple[str, ...] = ()
    tour: frozenset[str] = frozenset()
    order: int = 50


@dataclass(frozen=True)
class AccessRule:
    """One reason for which a user may see a family.

    `grants` is an unbound Select with columns user_id, family_id, person_id (NULL: everybody in the family) and, where
    access ends by itself, until_at; the core binds it by user, by family or by both. `areas` are the parts of the
    record it opens, `scope` what it makes the actor to the family. A rule that covers a whole team or area gives `wide`
    too: a predicate on indexed columns of `family` for lists (None: not for this actor), in which the actor's ids may
    be bind parameters. `sector` rules count only where the borough has switched that sector's scope on.
    `without_agreement` is for tasks that a family cannot end by agreeing to share no longer: the service's own
    management and front door, and safeguarding. Every other reason ends for the sectors they leave out.
    """

    name: str
    reason: str
    scope: str
    areas: frozenset[str]
    grants: Select[Any, Any, Any]
    wide: Callable[[Actor], ColumnElement[bool] | None] | None = None
    sector: str | None = None
    without_agreement: bool = False


@dataclass(frozen=True)
class Panel:
    """A part of a page: rendered from the plugin's own template."""

    title: str
    template: str
    context: Mapping[str, Any]
    order: int = 50


@dataclass(frozen=True)
class FormSection:
    """A whole WTForms form shown inside a core form; its data arrives as `command.answers[key]`."""

    key: str
    title: str
    form: type[Any]
    initial: Mapping[str, Any] = field(default_factory=dict)
    order: int = 50


@dataclass(frozen=True)
class Notice:
    """Something to tell somebody, stored with the change and sent later.

    `to` is `user:ID`, `team:ID`, `mailto:ADDRESS`, `text:NUMBER` or `letter:NAME AND ADDRESS` in lines. Subject and
    words carry the least that helps. `purpose` comes back in the events that say what became of it. `asked`: whoever
    gets it has just asked for it and waits, so that it leaves at any hour. `calendar` is an iCalendar file that goes
    with a mail. `unseen`: it is for somebody who need not see the family it is about, and stays readable; any other
    says nothing more once its reader sees it no longer.
    `urgent`: somebody may come to harm, so that its readers are told of it by mail whatever they chose; `mailed`: a
    mail of its own tells them already, and none says that this one is there.
    `ring` is who hears, as another `to`, where it leaves and does not arrive; without it and without a `purpose`, whose
    feature sees to that, it is whoever did what it tells of.
    """

    to: str
    subject: str
    template: str
    context: Mapping[str, Any]
    about: str = ""
    purpose: str = ""
    asked: bool = False
    calendar: str = ""
    unseen: bool = False
    urgent: bool = False
    mailed: bool = False
    ring: str = ""


@dataclass(frozen=True)
class Count:
    """A figure: `part` of `whole` (whole None: a plain count). Numbers only, so that it cannot name anybody."""

    part: int
    whole: int | None = None


@dataclass(frozen=True)
class Period:
    """Whole days, both included, as known at `as_at`."""

    first: date
    last: date
    as_at: datetime | None = None


@dataclass(frozen=True)
class Job:
    """What the background worker does once a night, outside any transaction; `name` is unique in the program.

    It is done again an hour later where it failed or was cut off, so it must not mind what it did before. Where `run`
    answers True there is more to do: it goes on in the worker's next round, after the messages that wait. It begins
    when the clock in London shows `hour`; with `each_round` it is done every few seconds, by every worker, before the
    messages that wait leave.
    """

    name: str
    run: Callable[[], bool | None]
    order: int = 50
    hour: int = 0
    each_round: bool = False


@dataclass(frozen=True)
class Measure:
    """A figure for the Board.

    `compute(period, breakdown)` gives one Count per group; breakdown None gives {"": Count}.
    """

    key: str
    title: str
    question: str
    definition: str
    compute: Callable[[Period, str | None], Mapping[str, Count]]
    breakdowns: tuple[str, ...] = ()
    order: int = 50


@dataclass(frozen=True)
class SectorQuestions:
    """The three short questions that an assessment asks of a sector (accounts.rules.SECTORS; "" is everybody else).

    Each is (section, words): the section of the assessment its answer stands beside, and the question, in which
    `{child}` is the child's first name.
    """

    sector: str
    questions: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]
    order: int = 50


@dataclass(frozen=True)
class PlanMeasure:
    """A measure a plan can carry, with the readings a sector already has.

    `better` is "up" or "down"; `readings(person_id)` gives (day, value) pairs in order.
    """

    key: str
    title: str
    unit: str
    better: str
    readings: Callable[[int], Sequence[tuple[date, float]]]
    order: int = 50


@dataclass(frozen=True)
class OwnReading:
    """A number from 0 to 10 that a child gave elsewhere than with their words, `where` in words: `At a meeting`."""

    person_id: int
    day: date
    value: int
    where: str


@dataclass(frozen=True)
class OwnScale:
    """Where children give such numbers: `find(view)` gives those that a FamilyView may have, with one statement."""

    key: str
    find: Callable[[Any], Sequence[OwnReading]]
    order: int = 50


@dataclass(frozen=True)
class DriftRule:
    """A rule that says a sentence: `find(now)` gives (family_id, sentence) pairs; never a score."""

    key: str
    title: str
    find: Callable[[datetime, Sequence[int]], Sequence[tuple[int, str]]]
    order: int = 50


@dataclass(frozen=True)
class TaskSource:
    """What waits for an actor: `find(actor, now)` gives Task values. `safety`: all of it is about somebody's safety."""

    key: str
    find: Callable[[Actor, datetime], Sequence[Task]]
    order: int = 50
    safety: bool = False


@dataclass(frozen=True)
class Task:
    """One thing that waits: said as a sentence, with a verb to do it and where.

    `due` is by when; with `takes_place` it is when the thing is, such as a meeting. What is about somebody's `safety`
    can be put off until it is due and no longer. `key` tells it from what its source finds with the same `url`, and
    stays the same while it waits.
    """

    title: str
    verb: str
    url: str
    due: datetime | None = None
    ref: str = ""
    late: str = ""
    takes_place: bool = False
    safety: bool = False
    key: str = ""


@dataclass(frozen=True)
class PlacesLeft:
    """Which organisations people went to and have left, as an unbound Select of organisation_id, person_id.

    Who looks for somebody kept safe asks there first: whoever works there sees a family as those may see it from whom
    a person who left is kept safe, however alone they are and whenever they joined.
    """

    name: str
    left: Select[Any, Any]
    order: int = 50


@dataclass(frozen=True)
class ApiResource:
    """A sector's JSON resource below `/api/v1/<plugin>/<path>`; `handle(actor, args)` gives plain data for GET.

    What is about people lies in `items`, each with the reference of its `family`; `tells` are the facts
    (people.rules.FACTS) that it tells of them: where a safety rule keeps one of those from anybody in a family, its
    items are left out unless the caller asks for `audience=worker`.
    """

    path: str
    title: str
    permission: str
    handle: Callable[[Actor, Mapping[str, str]], Any]
    response: type[Any] | None = None
    order: int = 50
    tells: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Import:
    """A named file: `columns` maps heading to explanation.

    `command(values)` makes the command of one row (raising ValidationError), `apply` runs it through its service.
    `check`, where there is one, raises what `apply` would and changes nothing: then every row is checked beforehand,
    rows go in a few at a time, and no row twice. Without it a file is one transaction, for rows that rest on others
    and may be read again. `aliases` are other headings people use, and the column each is. Of a register that says more
    than we need, `concerns()` gives what says of a row whether it is any of ours; others are left out and counted.
    """

    name: str
    title: str
    columns: Mapping[str, str]
    command: Callable[[Mapping[str, str]], Any]
    apply: Callable[[Any, Actor], Any]
    order: int = 50
    check: Callable[[Any, Actor], None] | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)
    concerns: Callable[[], Callable[[Mapping[str, str]], bool]] | None = None


@dataclass(frozen=True)
class Export:
    """A named file to give away: `write(path, options)`; `permission` guards it in the browser too."""

    name: str
    title: str
    permission: str
    write: Callable[[Any, Mapping[str, Any]], int]
    order: int = 50
