"""All that a plugin may import from tafcore, and nothing else (`tafcore.testing` in its tests apart).

Names here stay; what they stand for may move. plugins/README.md shows how they are used.
"""

from tafcore.accounts.commands import KeepOrganisation
from tafcore.accounts.models import (
    Neighbourhood,
    Organisation,
    OrganisationIdentifier,
    SectorScope,
    Team,
    User,
    UserRole,
)
from tafcore.accounts.organisations import keep as keep_organisation
from tafcore.accounts.organisations import with_number as organisation_with_number
from tafcore.actor import VISITOR, WORKER, Actor
from tafcore.assessments.reading import visits_of
from tafcore.config import Borough
from tafcore.contacts import rules as contact_rules
from tafcore.contacts.access import kept_to_the_line as contacts_kept_to_the_line
from tafcore.contacts.access import open_to as contacts_open_to
from tafcore.contacts.access import worked_by as contacts_worked_by
from tafcore.contacts.codes import code_of as contact_code
from tafcore.contacts.commands import (
    AnswerContact,
    LinkFamily,
    LookAtContact,
    NoteAttempt,
    NoteConversation,
    RegisterContact,
    TakeContact,
)
from tafcore.contacts.events import ContactAnswered, ContactLinked, ContactRegistered
from tafcore.contacts.known import Known, known_of
from tafcore.contacts.known import known_here as contacts_known_here
from tafcore.contacts.linking import link as link_family
from tafcore.contacts.measures import counted as count_contacts
from tafcore.contacts.models import Contact, ContactPerson
from tafcore.contacts.registering import admit as admit_contact
from tafcore.contacts.service import attempt as note_attempt
from tafcore.contacts.service import register as register_contact
from tafcore.contacts.service import take as take_contact
from tafcore.contacts.unreached import tried as contacts_tried
from tafcore.contacts.unreached import tries_of
from tafcore.contributions import (
    EVERYONE,
    AccessRule,
    ApiResource,
    Count,
    DriftRule,
    Export,
    FormSection,
    HelpPage,
    Import,
    Job,
    Measure,
    NavigationItem,
    Notice,
    OwnReading,
    OwnScale,
    Panel,
    Period,
    Permission,
    PlacesLeft,
    PlanMeasure,
    Problem,
    SectorQuestions,
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
    clock_at,
    find_by_ref,
    in_lots,
    like,
    plugin_base,
    read_once,
    reading,
    rows_of,
    session,
    starts,
    utcnow,
    writing,
    writing_aside,
)
from tafcore.episodes.events import EpisodeOpened
from tafcore.episodes.models import Episode, EpisodeChild
from tafcore.families.access import (
    CLOSED_SINCE,
    NOW,
    FamilyView,
    PersonView,
    kept_from,
    times,
    visible,
    visible_family,
    visible_family_by_id,
)
from tafcore.families.asking import rows_for
from tafcore.families.covering import kept_safe
from tafcore.families.members import records_in
from tafcore.families.models import Family, FamilyMember
from tafcore.families.pages import as_shown, family_page, person_page, record_page
from tafcore.families.same import stands as family_stands
from tafcore.families.seen import children_seen, visible_people
from tafcore.families.service import families_of
from tafcore.fields import DayField, MomentField, Ticks, number, options
from tafcore.folding import fold
from tafcore.formpage import FormPage
from tafcore.hookspecs import hookimpl
from tafcore.links import path
from tafcore.links import public as public_url
from tafcore.meetings.agenda import mine as led_by
from tafcore.meetings.reading import meetings_of
from tafcore.notices.events import MessageFailed
from tafcore.people import identifiers
from tafcore.people.commands import PersonDetails
from tafcore.people.models import Address, Person, PersonIdentifier, SafetyRule
from tafcore.people.rules import CHILD_ROLES, told_names
from tafcore.people.same import (
    is_called,
    is_restricted,
    is_same,
    known,
    known_precision,
    lives,
    recorded_in,
    records_of,
    same,
)
from tafcore.permissions import PUBLIC, actor, public, requires, signed_in
from tafcore.plans.reading import plan_of
from tafcore.references import ALPHABET, BadReference, new_ref, read_ref
from tafcore.sharing.events import AgreementRecorded
from tafcore.sharing.models import Agreement
from tafcore.standards import words
from tafcore.standards.clock import LONDON, add_months, in_london, is_working_day, london_day
from tafcore.standards.school import known as school_holidays
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
    problems_of,
)
from tafcore.work import NotAllowed, NotFound, Refused, allow, check, publish

__all__ = [
    "ALPHABET",
    "CHILD_ROLES",
    "CLOSED_SINCE",
    "EVERYONE",
    "LONDON",
    "NOW",
    "PUBLIC",
    "VISITOR",
    "WORKER",
    "AccessRule",
    "Actor",
    "Address",
    "Addressed",
    "Agreement",
    "AgreementRecorded",
    "AnswerContact",
    "ApiResource",
    "BadReference",
    "Borough",
    "Command",
    "Contact",
    "ContactAnswered",
    "ContactLinked",
    "ContactPerson",
    "ContactRegistered",
    "Count",
    "DayField",
    "DriftRule",
    "Episode",
    "EpisodeChild",
    "EpisodeOpened",
    "Event",
    "Export",
    "Fact",
    "Family",
    "FamilyMember",
    "FamilyView",
    "FormPage",
    "FormSection",
    "HelpPage",
    "Import",
    "Job",
    "KeepOrganisation",
    "Known",
    "Line",
    "LinkFamily",
    "LookAtContact",
    "MaybeLine",
    "MaybeWords",
    "Measure",
    "MessageFailed",
    "MomentField",
    "NavigationItem",
    "NeededLine",
    "NeededWords",
    "Neighbourhood",
    "NotAllowed",
    "NotFound",
    "NoteAttempt",
    "NoteConversation",
    "Notice",
    "Organisation",
    "OrganisationIdentifier",
    "OwnReading",
    "OwnScale",
    "Panel",
    "Part",
    "Period",
    "Permission",
    "Person",
    "PersonDetails",
    "PersonIdentifier",
    "PersonView",
    "PlacesLeft",
    "PlanMeasure",
    "Problem",
    "Refused",
    "RegisterContact",
    "Row",
    "SafetyRule",
    "SectorQuestions",
    "SectorScope",
    "SortText",
    "Subject",
    "TakeContact",
    "Task",
    "TaskSource",
    "Team",
    "Ticks",
    "UTCDateTime",
    "User",
    "UserRole",
    "Words",
    "actor",
    "add_months",
    "admit_contact",
    "allow",
    "as_shown",
    "check",
    "children_seen",
    "clock_at",
    "contact_code",
    "contact_rules",
    "contacts_kept_to_the_line",
    "contacts_known_here",
    "contacts_open_to",
    "contacts_tried",
    "contacts_worked_by",
    "count_contacts",
    "due",
    "families_of",
    "family_page",
    "family_stands",
    "find_by_ref",
    "fold",
    "hookimpl",
    "identifiers",
    "in_london",
    "in_lots",
    "is_called",
    "is_restricted",
    "is_same",
    "is_working_day",
    "keep_organisation",
    "kept_from",
    "kept_safe",
    "known",
    "known_of",
    "known_precision",
    "led_by",
    "like",
    "link_family",
    "lives",
    "london_day",
    "meetings_of",
    "new_ref",
    "note_attempt",
    "number",
    "options",
    "organisation_with_number",
    "parse_day",
    "path",
    "person_page",
    "plan_of",
    "plugin_base",
    "problems_of",
    "public",
    "public_url",
    "publish",
    "read_once",
    "read_ref",
    "reading",
    "record_page",
    "recorded_in",
    "records_in",
    "records_of",
    "register_contact",
    "requires",
    "rows_for",
    "rows_of",
    "same",
    "school_holidays",
    "session",
    "signed_in",
    "starts",
    "take_contact",
    "times",
    "told_names",
    "tries_of",
    "utcnow",
    "visible",
    "visible_family",
    "visible_family_by_id",
    "visible_people",
    "visits_of",
    "words",
    "writing",
    "writing_aside",
]
