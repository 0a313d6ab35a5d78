"""The people of a family: what is known of them and who said so, how they are related, who must be kept safe."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for

from tafcore.families.access import FamilyView, PersonView
from tafcore.families.likely import Candidate, candidates
from tafcore.families.pages import family_page
from tafcore.formpage import FormPage
from tafcore.people.commands import PersonDetails
from tafcore.permissions import actor
from tafcore.record import people, relating, restricting, service, specialists, stating
from tafcore.record.commands import (
    AddPerson,
    ChangeSpecialist,
    EndRelation,
    EndSafety,
    KeepSafe,
    LearnFacts,
    LiftRestriction,
    PersonLeaves,
    RecordDeath,
    RecordNumbers,
    RecordResponsibility,
    RecordSpecialist,
    Relate,
    RestrictPerson,
)
from tafcore.record.forms import (
    AliveForm,
    DeathForm,
    EndRelationForm,
    EndSafetyForm,
    FactsForm,
    LeaveForm,
    LiftForm,
    NumbersForm,
    PersonForm,
    RelateForm,
    ResponsibilityForm,
    RestrictForm,
    SafetyForm,
    SpecialistChangeForm,
    SpecialistForm,
)
from tafcore.record.relations import relations_of
from tafcore.record.views import AT, pages, shown
from tafcore.work import NotAllowed, NotFound

BOTH = ("GET", "POST")
CHANGE = ("lead", "team", "manage", "triage")
SAFE = ("lead", "manage")
RESTRICTS = "manage"
NONE = "none"


def _back(view: FamilyView) -> Any:
    return redirect(url_for("record.people", family_ref=view.ref))


def _ask(page: FormPage, view: FamilyView, template: str, **context: Any) -> Any:
    return page.render(f"record/{template}.html", view=view, family_page=True, shared_view=view.shared, **context)


def _everybody(view: FamilyView) -> list[tuple[str, str]]:
    return [(one.ref, one.name_age) for one in view.people]


@pages.get(f"{AT}/people", endpoint="people")
@family_page("record.read")
def people_page(view: FamilyView) -> Any:
    if not view.may("people"):
        raise NotAllowed("people")
    who = actor()
    return shown(
        "people",
        view,
        page=people.people_of(view),
        may_change=who.may("record.change") and bool(view.scopes & set(CHANGE)),
        may_restrict=not view.shared and who.may("record.restrict") and RESTRICTS in view.scopes,
        may_change_household=who.may("episodes.work")
        and bool(view.scopes & set(CHANGE))
        and not (view.shared and view.has_safety_rule),
        may_keep_safe=who.may("record.keep_safe") and bool(view.scopes & set(SAFE)),
        specialists=specialists.specialists_of(view, who),
        may_name=not view.shared and who.may("record.keep_safe") and bool(view.scopes & set(CHANGE)),
    )


def _details(page: FormPage, role: str) -> PersonDetails:
    """What was typed of a person; its faults belong to the fields of the same name."""
    typed = {name: page.form[name].data for name in PersonDetails.model_fields if name in page.form}
    typed["interpreter"] = {"yes": True, "no": False}.get(typed.get("interpreter") or "")
    return PersonDetails.model_validate({**{name: value for name, value in typed.items() if value != ""}, "role": role})


@pages.route(f"{AT}/people/new", methods=BOTH)
@family_page("record.change", *CHANGE)
def add_person(view: FamilyView) -> Any:
    lives_with = [("", "Somewhere else, or not known"), *_everybody(view)]
    page = FormPage(PersonForm, AddPerson, view, choices={"lives_with": lives_with})
    if page.submitted:
        with page.saving():
            known = page.form.known.data
            service.add_person(
                page.command(
                    family=view.ref,
                    details=_details(page, page.form.role.data),
                    known=None if known == NONE else known or None,
                    none_of_them=known == NONE,
                ),
                actor(),
            )
    if page.saved:
        return _back(view)
    return _ask(page, view, "person", offered=_offered(page))


def _offered(page: FormPage) -> list[Candidate]:
    """Who is probably on record, once that was found out."""
    return candidates(_details(page, page.form.role.data), actor()) if page.form.known.errors else []


@pages.route(f"{AT}/people/<person>/facts", methods=BOTH)
@family_page("record.change", *CHANGE)
def learn(view: FamilyView, person: str) -> Any:
    who = view.person(person)
    page = FormPage(FactsForm, LearnFacts, view, choices={"stop_using": _ways(who)})
    if page.submitted:
        with page.saving():
            command = page.command(family=view.ref, person=who.ref, details=_details(page, who.role))
            service.learn(command, actor())
    return _back(view) if page.saved else _ask(page, view, "facts", person=who)


def _ways(person: PersonView) -> list[tuple[str, str]]:
    return [(value, people.said_phone(value) if kind == "phone" else value) for kind, value, _, _ in person.ways]


@pages.route(f"{AT}/people/<person>/numbers", methods=BOTH)
@family_page("record.change", *CHANGE)
def numbers(view: FamilyView, person: str) -> Any:
    who = view.person(person)
    page = FormPage(NumbersForm, RecordNumbers, view)
    if page.submitted:
        with page.saving():
            stating.numbers(page.command(family=view.ref, person=who.ref), actor())
    return _back(view) if page.saved else _ask(page, view, "numbers", person=who)


@pages.route(f"{AT}/people/<person>/died", methods=BOTH)
@family_page("record.change", *CHANGE)
def death(view: FamilyView, person: str) -> Any:
    """Asks for the day; of whoever has died, whether that was a mistake."""
    who = view.person(person)
    alive = who.died is not None
    page = FormPage(AliveForm if alive else DeathForm, RecordDeath, view)
    if page.submitted:
        with page.saving():
            stating.death(page.command(family=view.ref, person=who.ref, alive=alive), actor())
    return _back(view) if page.saved else _ask(page, view, "alive" if alive else "death", person=who)


@pages.route(f"{AT}/people/relate", methods=BOTH)
@family_page("record.change", *CHANGE)
def relate(view: FamilyView) -> Any:
    """From whichever side it is told; `?person=` is the one whose page led here."""
    everybody = [("", ""), *_everybody(view)]
    first = {"person": request.args.get("person", "")}
    page = FormPage(RelateForm, Relate, view, first, choices={"person": everybody, "other": everybody})
    if page.submitted:
        with page.saving():
            answer = {"yes": True, "no": False}.get(page.form.responsibility.data or "")
            relating.relate(page.command(family=view.ref, responsibility=answer), actor())
    return _back(view) if page.saved else _ask(page, view, "relate")


@pages.route(f"{AT}/people/relations/<int:relation>/end", methods=BOTH)
@family_page("record.change", *CHANGE)
def end_relation(view: FamilyView, relation: int) -> Any:
    found = relations_of(view).one(relation)
    page = FormPage(EndRelationForm, EndRelation, view)
    if page.submitted:
        with page.saving():
            mistake = page.form.how.data == "mistake"
            relating.end(page.command(family=view.ref, relation=found.id, mistake=mistake), actor())
    return _back(view) if page.saved else _ask(page, view, "end_relation", relation=found)


@pages.route(f"{AT}/people/relations/<int:relation>/responsibility", methods=BOTH)
@family_page("record.change", *CHANGE)
def responsibility(view: FamilyView, relation: int) -> Any:
    found = relations_of(view).one(relation)
    page = FormPage(ResponsibilityForm, RecordResponsibility, view)
    if page.submitted:
        with page.saving():
            relating.hold(page.command(family=view.ref, relation=found.id), actor())
    return _back(view) if page.saved else _ask(page, view, "responsibility", relation=found)


@pages.route(f"{AT}/people/<person>/leaves", methods=BOTH)
@family_page("record.change", *CHANGE)
def leaves(view: FamilyView, person: str) -> Any:
    who = view.person(person)
    page = FormPage(LeaveForm, PersonLeaves, view)
    if page.submitted:
        with page.saving():
            service.leaves(page.command(family=view.ref, person=who.ref), actor())
    return _back(view) if page.saved else _ask(page, view, "leaves", person=who)


@pages.route(f"{AT}/people/safety/new", methods=BOTH)
@family_page("record.keep_safe", *SAFE)
def keep_safe(view: FamilyView) -> Any:
    everybody = _everybody(view)
    page = FormPage(SafetyForm, KeepSafe, view, choices={"protected": everybody, "danger": everybody})
    if page.submitted:
        with page.saving():
            service.keep_safe(page.command(family=view.ref), actor())
    return _back(view) if page.saved else _ask(page, view, "safety")


@pages.route(f"{AT}/people/safety/<int:rule>/end", methods=BOTH)
@family_page("record.keep_safe", *SAFE)
def end_safety(view: FamilyView, rule: int) -> Any:
    found = next((one for one in people.people_of(view).safety or () if one.id == rule), None)
    if found is None:
        raise NotFound
    page = FormPage(EndSafetyForm, EndSafety, view)
    if page.submitted:
        with page.saving():
            service.end_safety(page.command(family=view.ref, rule=rule), actor())
    return _back(view) if page.saved else _ask(page, view, "end_safety", rule=found)


@pages.route(f"{AT}/people/safety/named", methods=BOTH)
@pages.route(f"{AT}/people/safety/named/<key>", methods=BOTH)
@family_page("record.keep_safe", *CHANGE, purpose="record.people")
def specialist(view: FamilyView, key: str = "") -> Any:
    """A specialist's involvement, new or of this key. On a shared screen there is none, and none is recorded."""
    if key:
        return _change_specialist(view, key)
    return shown("specialist_alone", view) if view.shared else _new_specialist(view)


def _new_specialist(view: FamilyView) -> Any:
    who = actor()
    readers = specialists.to_name(view, who.user_id or 0)
    page = FormPage(SpecialistForm, RecordSpecialist, view, choices={"person": _everybody(view), "readers": readers})
    if page.submitted:
        with page.saving():
            specialists.record(page.command(family=view.ref), who)
    return _back(view) if page.saved else _ask(page, view, "specialist")


def _change_specialist(view: FamilyView, key: str) -> Any:
    who = actor()
    found = specialists.one_of(view, who, key)
    seen = dict(specialists.to_name(view, found.recorder_id))
    named = seen | {
        number: f"{name}: cannot see this family now" for number, name in found.readers if number not in seen
    }
    now = {"readers": [str(user_id) for user_id, _ in found.readers]}
    page = FormPage(SpecialistChangeForm, ChangeSpecialist, view, now, choices={"readers": named})
    if page.submitted:
        with page.saving():
            specialists.change(page.command(family=view.ref, specialist=key), who)
    return _back(view) if page.saved else _ask(page, view, "specialist_change", one=found)


@pages.route(f"{AT}/people/<person>/restrict", methods=BOTH)
@family_page("record.restrict", RESTRICTS)
def restrict(view: FamilyView, person: str) -> Any:
    who = view.person(person)
    page = FormPage(RestrictForm, RestrictPerson, view)
    if page.submitted:
        with page.saving():
            restricting.restrict(page.command(family=view.ref, person=who.ref), actor())
    return _back(view) if page.saved else _ask(page, view, "restrict", person=who)


@pages.route(f"{AT}/people/<person>/restrict/lift", methods=BOTH)
@family_page("record.restrict", RESTRICTS)
def lift(view: FamilyView, person: str) -> Any:
    who = view.person(person)
    page = FormPage(LiftForm, LiftRestriction, view)
    if page.submitted:
        with page.saving():
            restricting.lift(page.command(family=view.ref, person=who.ref), actor())
    return _back(view) if page.saved else _ask(page, view, "lift", person=who)
