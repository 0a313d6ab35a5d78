"""How a copy reaches whom it is for: by a link that is sent to their own page, and what is known of its opening there.

Nothing is ever attached: a file in a mailbox is read by whoever reads the mailbox, and cannot be taken back.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app

from tafcore import links, phrases
from tafcore.actor import Actor
from tafcore.contributions import Problem
from tafcore.families.access import FamilyView, PersonView, visible_family_by_id
from tafcore.families.ways import safe_ways
from tafcore.meetings import copies
from tafcore.meetings.commands import ShareRecord
from tafcore.meetings.events import RecordShared
from tafcore.meetings.models import Meeting
from tafcore.meetings.service import meeting_family
from tafcore.record import own_links
from tafcore.record.commands import MakeOwnLink, OpenOwnCopy
from tafcore.record.own_links import Opening
from tafcore.work import NotFound, check

LINK = "link"
NO_LINK = "No link can be sent to them. Give it to them, or see Pages of their own"
"""One sentence for every reason: the screen may be shared."""


def own_age() -> int:
    """From which age on a young person has a page without anybody saying why."""
    return int(current_app.config["BOROUGH"].age_of_own_agreement)


def way_to(view: FamilyView, person: PersonView) -> int | None:
    """The phone or mailbox of their own to which a link may go; None where none is safe, or they can have no page."""
    if own_links.in_the_way(view, person, own_age(), None):
        return None
    ways = (way.id for way in safe_ways(person) if own_links.may_carry(view, way))
    return next(ways, None)


def may_send(command: ShareRecord, actor: Actor) -> Iterator[Problem]:
    """What is wrong with the links that are asked for."""
    asked = [(number, one.person) for number, one in enumerate(command.family) if one.how == LINK]
    if not asked:
        return
    _, family_id = meeting_family(command.meeting)
    view = visible_family_by_id(family_id, actor, "change")
    for number, ref in asked:
        if not actor.may(MakeOwnLink.permission) or way_to(view, view.person(ref)) is None:
            yield Problem(NO_LINK, f"family.{number}.how")


def send(event: RecordShared) -> None:
    """A link to their own page, in place of the one they had, goes to each of whom that was asked."""
    asked = [ref for ref, _, how in (one.partition(" ") for one in event.family) if how == LINK]
    if not asked or event.family_id is None:
        return
    view = visible_family_by_id(event.family_id, event.actor, "change")
    for ref in asked:
        person = view.person(ref)
        command = MakeOwnLink(
            family=view.ref,
            person=ref,
            how="code",
            way=way_to(view, person),
            send=True,
            language=phrases.spoken(person.language),
        )
        own_links.make(command, event.actor, own_age(), lambda token: links.public("own_page.page", token=token))


def copy_for(view: FamilyView, person: PersonView, ref: str) -> Meeting:
    """The meeting `ref` whose record this person was given; NotFound for any other."""
    if all(one.ref != ref for one in copies.shared_with(view, person)):
        raise NotFound
    return meeting_family(ref)[0]


def opened(command: OpenOwnCopy, link: Opening) -> None:
    """The owner of a link has their copy open. Call inside `writing()`."""
    view = check(command, link.actor, lambda: own_links.view_of(link, "own page, a copy"))
    person = view.seen(link.person_id)
    assert person is not None
    copies.opened(copy_for(view, person, command.meeting), person, link.actor)
