"""A family and its members as one actor may see them: the only form in which a family leaves the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from tafcore.db import utcnow
from tafcore.people import rules as people_rules
from tafcore.standards import words
from tafcore.standards.clock import london_day
from tafcore.standards.words import Precision
from tafcore.work import NotAllowed, NotFound

EVERYTHING = frozenset(
    {
        "people",
        "helpers",
        "assessment",
        "plan",
        "meetings",
        "notes",
        "visits",
        "voices",
        "contacts",
        "sharing",
        "oversight",
        "steps",
        "chronology",
    }
)
"""The parts of a record an AccessRule can open; plugins may add parts named after themselves."""
TEAM_AREAS = EVERYTHING - {"oversight", "contacts", "steps"}
"""What the team around a family has."""


HOME_FACTS = frozenset({"address", "refuge"})
"""The facts that keep where somebody lives."""


@dataclass(frozen=True)
class Living:
    """What would tell where one member lives, whoever else it is written of: their household (empty: with the others),
    their addresses, and how to reach them."""

    household: str
    places: frozenset[tuple[str, str]] = frozenset()
    ways: frozenset[str] = frozenset()

    def beside(self, other: Living) -> bool:
        return bool(self.household and self.household == other.household) or bool(self.places & other.places)


@dataclass(frozen=True)
class PersonView:
    """A family member as this view may show them. `address`, `ways` are empty when a safety rule hides them.

    `beside`: where they live is kept too, since somebody kept safe lives there.
    `areas` are the parts of the record that are open about them. `records` and `refs` are of all their records, `id`
    and `ref` of the one this family knows them by (people.same).
    """

    id: int
    ref: str
    name: str
    forename: str
    role: str
    household: str
    born: date | None
    born_precision: Precision
    due: date | None
    sex: str | None
    language: str | None
    interpreter: bool | None
    told: str | None
    address: str = ""
    address_kind: str = ""
    postcode: str = ""
    address_since: date | None = None
    died: date | None = None
    ways: tuple[tuple[str, str, bool | None, str], ...] = ()
    hidden: frozenset[str] = frozenset()
    beside: bool = False
    areas: frozenset[str] = field(default=frozenset(), repr=False)
    records: tuple[int, ...] = field(default=(), repr=False)
    refs: frozenset[str] = field(default=frozenset(), repr=False)

    def may(self, area: str) -> bool:
        """Whether this part of the record is open about this person."""
        return area in self.areas

    @property
    def is_child(self) -> bool:
        return self.role in people_rules.CHILD_ROLES

    @property
    def home_kept(self) -> bool:
        """Whether this screen must not tell where they live."""
        return self.beside or bool(self.hidden & HOME_FACTS)

    @property
    def role_words(self) -> str:
        return people_rules.ROLES[self.role]

    @property
    def age(self) -> str:
        """`8`, `7 months`, when an unborn child is due, or that somebody died and how old they were."""
        if self.died is not None:
            return f"died aged {words.age(self.born, self.born_precision, self.died)}" if self.born else "died"
        if self.born is None:
            return words.unborn(self.due) if self.due else ""
        return words.age(self.born, self.born_precision, london_day(utcnow()))

    @property
    def name_age(self) -> str:
        return f"{self.name} ({self.age})" if self.age else self.name


@dataclass(frozen=True)
class FamilyView:
    """A family as one actor may see it; the only form in which a family leaves the program.

    `reason` says why it is visible, `scopes` what the actor is to it, `areas` which parts are open (about somebody:
    see `only`), `people` the members the actor may see, `audience` the person ids before whom it is shown (empty: the
    worker alone). `member_ids` and `adult_ids` are all there are, seen or not. `twice`: the family has another record
    (families.same). `until`: one of the reasons ends by itself then. `feared` are among every audience: the actor works
    where somebody kept safe from them was before, and is asked first. `living`: how all its members live, seen or not.
    """

    id: int
    ref: str
    name: str
    team_id: int | None
    neighbourhood_id: int | None
    open_since: datetime | None
    reason: str
    reasons: tuple[str, ...]
    scopes: frozenset[str]
    areas: frozenset[str]
    people: tuple[PersonView, ...]
    audience: frozenset[int] = frozenset()
    member_ids: frozenset[int] = field(default=frozenset(), repr=False)
    adult_ids: frozenset[int] = field(default=frozenset(), repr=False)
    safety: tuple[tuple[int, int, str], ...] = field(default=(), repr=False)
    twice: bool = False
    until: datetime | None = None
    feared: frozenset[int] = field(default=frozenset(), repr=False)
    living: Mapping[int, Living] = field(default_factory=dict, repr=False)

    def may(self, area: str) -> bool:
        """Whether this part of the record is open, about somebody at least."""
        return area in self.areas

    def only(self, area: str) -> FamilyView:
        """This view with the people alone about whom `area` is open; what reads a part of the record begins here.

        Whoever may read one child's words and helps the whole family otherwise, reads that child's words only.
        """
        people = tuple(person for person in self.people if person.may(area))
        return self if len(people) == len(self.people) else replace(self, people=people)

    def may_see(self, person_id: int | None) -> bool:
        """Whether this person (None: the family as a whole) may be shown."""
        return person_id is None or person_id in self._by_id

    def may_see_fact(self, person_id: int, fact: str) -> bool:
        """Whether a fact (people.rules.FACTS) of this person may be shown to this audience."""
        person = self._by_id.get(person_id)
        return person is not None and fact not in person.hidden

    @cached_property
    def _by_id(self) -> Mapping[int, PersonView]:
        return {record: person for person in self.people for record in (person.id, *person.records)}

    @property
    def ids(self) -> frozenset[int]:
        """Every record of everybody in this view: what is kept of them may stand under any."""
        return frozenset(self._by_id)

    def own(self, person_id: int) -> int:
        """The id by which a record's person is in `people`; the record's own where they are not in this view."""
        person = self._by_id.get(person_id)
        return person.id if person else person_id

    def seen(self, person_id: int | None) -> PersonView | None:
        """The person of a record, if in this view."""
        return self._by_id.get(person_id) if person_id is not None else None

    @property
    def shared(self) -> bool:
        """Whether family members may be looking."""
        return bool(self.audience)

    @property
    def whole(self) -> bool:
        """Whether nobody of the family is left out."""
        return self.member_ids <= self._by_id.keys()

    @property
    def covered(self) -> frozenset[str]:
        """Every fact (people.rules.FACTS) of anybody in the family, seen or not, to be kept from who may be looking."""
        hidden = people_rules.hidden_facts(self.safety, self.audience)
        return frozenset().union(*(facts for person, facts in hidden.items() if person in self.member_ids))

    @property
    def children(self) -> tuple[PersonView, ...]:
        return tuple(person for person in self.people if person.is_child)

    @property
    def living_children(self) -> tuple[PersonView, ...]:
        """Those who can be seen and heard, or are not born yet: nobody asks after a child who died."""
        return tuple(person for person in self.children if person.died is None)

    @property
    def adults(self) -> tuple[PersonView, ...]:
        return tuple(person for person in self.people if not person.is_child)

    @property
    def has_safety_rule(self) -> bool:
        """Whether somebody here must be kept safe from somebody: no joint meeting by default."""
        return bool(self.safety)

    def person(self, ref: str) -> PersonView:
        """The member with this reference; NotFound for anybody else."""
        for person in self.people:
            if ref == person.ref or ref in person.refs:
                return person
        raise NotFound

    def name_of(self, person_id: int | None) -> str:
        person = self.seen(person_id)
        return person.name if person else ""

    def before(self, audience: Iterable[int]) -> FamilyView:
        """This view with these people looking: what safety rules hide from any of them is gone."""
        present = frozenset(audience) | self.feared
        hidden = people_rules.hidden_facts(self.safety, present)
        shown = tuple(self._kept(_hide(person, hidden.get(person.id, frozenset())), hidden) for person in self.people)
        return replace(self, audience=present, people=shown)

    def _kept(self, person: PersonView, hidden: Mapping[int, frozenset[str]]) -> PersonView:
        """Without what would tell where somebody else lives, or how to ring them: her son's address is hers."""
        own = self.living.get(person.id)
        if own is None:
            return person
        others = [(one, hidden[key]) for key, one in self.living.items() if key != person.id and key in hidden]
        if any(facts & HOME_FACTS and own.beside(one) for one, facts in others):
            person = replace(person, beside=True, address="", address_kind="", postcode="", address_since=None)
        reached = frozenset().union(*(one.ways for one, facts in others if "contact" in facts))
        return replace(person, ways=tuple(way for way in person.ways if way[1] not in reached)) if reached else person

    def shown_to_family(self) -> FamilyView:
        """The shared view: any member may be looking, whether or not the actor may see them."""
        return self.before(self.member_ids)

    def require(self, scopes: frozenset[str]) -> FamilyView:
        """Itself if the actor is one of `scopes` to this family (or none is asked); NotAllowed otherwise."""
        if scopes and not scopes & self.scopes:
            raise NotAllowed("/".join(sorted(scopes)))
        return self


def _hide(person: PersonView, facts: frozenset[str]) -> PersonView:
    person = replace(person, hidden=facts)
    if facts & HOME_FACTS:
        person = replace(person, address="", address_kind="", postcode="", address_since=None)
    return replace(person, ways=()) if "contact" in facts else person
