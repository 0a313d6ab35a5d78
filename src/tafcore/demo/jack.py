"""Jack's story as it stands just after the school's concern is registered; the rest is for whoever tries it out."""

from __future__ import annotations

from datetime import timedelta

from tafcore.contacts import service as contacts
from tafcore.contacts.commands import AgreementPart, ReferrerPart, RegisterContact, VoicePart
from tafcore.contacts.models import Contact
from tafcore.db import clock_at, utcnow
from tafcore.demo.places import Borough
from tafcore.people.commands import PersonDetails

SURNAME = "Marlowe"


def concern(borough: Borough) -> Contact:
    """The school's designated safeguarding lead registers what the school sees; nobody else has been told yet."""
    with clock_at(utcnow() - timedelta(hours=3)):
        today = utcnow().date()
        jack = PersonDetails(
            role="child",
            forename="Jack",
            surname=SURNAME,
            born=today.replace(year=today.year - 8, month=5, day=4),
            sex="M",
            nhs_number=borough.invention.nhs_number(),
            address="Room 14, Harbour House",
            postcode="ZZ99 3VZ",
            school_urn="990001",
        )
        mother = PersonDetails(
            role="mother",
            forename="Dana",
            surname=SURNAME,
            sex="F",
            address="Room 14, Harbour House",
            postcode="ZZ99 3VZ",
            phone="07700 900014",
            safe_contact="Her own mobile, after school drop-off",
        )
        return contacts.register(
            RegisterContact(
                channel="partner",
                source="2A",
                received_at=utcnow(),
                referrer=ReferrerPart(
                    name="Sam Whitfield",
                    organisation="Elm Row Primary School",
                    email="school@demo.example",
                    phone="020 7946 0133",
                    wants_reply=True,
                ),
                people=(jack, mother),
                wants="Help with somewhere warm to live and with money",
                worries="Jack is cold and tired, and says they share one bed. Two younger ones are at home",
                strengths="He comes in every day and is proud of his reading",
                voices=(VoicePart(person=0, how="spoken", words="It's too cold to sleep"),),
                agreement=AgreementPart(status="not_asked"),
                sharing_basis="public_task",
                urgency="soon",
                level=2,
                family_knows="Mum knows the school is worried and asked for help",
                safe_how="Dana's mobile; she is alone with the children",
                safe_when="After half past nine",
            ),
            borough.actor("school"),
        )
