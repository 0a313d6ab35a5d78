"""All that a plugin may import from tafcore, and nothing else (`tafcore.testing` in its tests apart).

Names here stay; what they stand for may move. plugins/README.md shows how they are used.
"""

from tafcore.accounts.models import (
    Neighbourhood,
    Organisation,
    OrganisationIdentifier,
    SectorScope,
    Team,
    User,
    UserRole,
)
from tafcore.actor import VISITOR, WORKER, Actor
from tafcore.config import Borough
from tafcore.contributions import (
    EVERYONE,
    AccessRule,
    ApiResource,
    Count,
    DriftRule,
    Export,
    FormSection,
    Import,
    Measure,
    NavigationItem,
    Notice,
    Panel,
    Period,
    Permission,
    PlanMeasure,
    Problem,
    Task,
    TaskSource,
)
from tafcore.days import parse_day
from tafcore.db import (
    Addressed,
    Fact,
    Row,
    SortText,
    UTCDateTime,
    find_by_ref,
    like,
    plugin_base,
    reading,
    session,
    starts,
    utcnow,
    writing,
    writing_aside,
)
from tafcore.episodes.models import Episode, EpisodeChild
from tafcore.families.access import (
    CLOSED_SINCE,
    NOW,
    FamilyView,
    PersonView,
    times,
    visible,
    visible_family,
    visible_family_by_id,
)
from tafcore.families.models import Family, FamilyMember
from tafcore.families.pages import as_shown, family_page, record_page
from tafcore.families.service import families_of
from tafcore.fields import DayField, MomentField, Ticks
from tafcore.folding import fold
from tafcore.formpage import FormPage
from tafcore.hookspecs import hookimpl
from tafcore.links import path
from tafcore.people import identifiers
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Person, PersonIdentifier
from tafcore.permissions import actor, public, requires, signed_in
from tafcore.references import BadReference, new_ref, read_ref
from tafcore.standards import words
from tafcore.standards.clock import LONDON, in_london, london_day
from tafcore.standards.service import due
from tafcore.vocabulary import (
    Command,
    Event,
    Line,
    MaybeLine,
    MaybeWords,
    NeededLine,
    NeededWords,
    Part,
    Subject,
    Words,
)
from tafcore.work import NotAllowed, NotFound, Refused, allow, check, publish

__all__ = [
    "CLOSED_SINCE",
    "EVERYONE",
    "LONDON",
    "NOW",
    "VISITOR",
    "WORKER",
    "AccessRule",
    "Actor",
    "Addressed",
    "ApiResource",
    "BadReference",
    "Borough",
    "Command",
    "Count",
    "DayField",
    "DriftRule",
    "Episode",
    "EpisodeChild",
    "Event",
    "Export",
    "Fact",
    "Family",
    "FamilyMember",
    "FamilyView",
    "FormPage",
    "FormSection",
    "Import",
    "Line",
    "MaybeLine",
    "MaybeWords",
    "Measure",
    "MomentField",
    "NavigationItem",
    "NeededLine",
    "NeededWords",
    "Neighbourhood",
    "NotAllowed",
    "NotFound",
    "Notice",
    "Organisation",
    "OrganisationIdentifier",
    "Panel",
    "Part",
    "Period",
    "Permission",
    "Person",
    "PersonDetails",
    "PersonIdentifier",
    "PersonView",
    "PlanMeasure",
    "Problem",
    "Refused",
    "Row",
    "SectorScope",
    "SortText",
    "Subject",
    "Task",
    "TaskSource",
    "Team",
    "Ticks",
    "UTCDateTime",
    "User",
    "UserRole",
    "Words",
    "actor",
    "allow",
    "as_shown",
    "check",
    "due",
    "families_of",
    "family_page",
    "find_by_ref",
    "fold",
    "hookimpl",
    "identifiers",
    "in_london",
    "like",
    "london_day",
    "new_ref",
    "parse_day",
    "path",
    "plugin_base",
    "public",
    "publish",
    "read_ref",
    "reading",
    "record_page",
    "requires",
    "session",
    "signed_in",
    "starts",
    "times",
    "utcnow",
    "visible",
    "visible_family",
    "visible_family_by_id",
    "words",
    "writing",
    "writing_aside",
]
