"""The owner columns of each table: whom a row is about, at which employer, of which school, by the policy's nouns."""

from typing import Any

from app.models import (
    AdvisorLink,
    Connection,
    Contact,
    Delivery,
    Employer,
    Event,
    Favorite,
    GuardianLink,
    Import,
    MachineClient,
    Membership,
    Notification,
    Opportunity,
    Person,
    Placement,
    Pursuit,
    School,
    Term,
    Worksite,
)

# Whom a row is about, brought in by, supervised at, and whose school it is: the owner columns of each table.
PERSON: dict[type[Any], Any] = {
    AdvisorLink: AdvisorLink.student_id,
    Event: Event.person_id,
    Favorite: Favorite.student_id,
    GuardianLink: GuardianLink.student_id,
    Membership: Membership.person_id,
    Notification: Notification.person_id,
    Opportunity: Opportunity.owner_id,
    Person: Person.id,
    Placement: Placement.student_id,
    Pursuit: Pursuit.student_id,
}
EMPLOYER: dict[type[Any], Any] = {
    Employer: Employer.id,
    Opportunity: Opportunity.employer_id,
    Placement: Placement.employer_id,
    Worksite: Worksite.employer_id,
}
SCHOOL: dict[type[Any], Any] = {
    AdvisorLink: AdvisorLink.school_id,
    Connection: Connection.school_id,
    Contact: Contact.school_id,
    Event: Event.school_id,
    Membership: Membership.school_id,
    Opportunity: Opportunity.school_id,
    Placement: Placement.school_id,
    Pursuit: Pursuit.school_id,
}

# The nouns of the policy that are rows of a table.
MODELS: dict[str, type[Any]] = {
    "advisor_link": AdvisorLink,
    "connection": Connection,
    "contact": Contact,
    "dead_letter": Delivery,
    "employer": Employer,
    "event": Event,
    "favorite": Favorite,
    "guardian_link": GuardianLink,
    "import": Import,
    "machine_client": MachineClient,
    "membership": Membership,
    "notification": Notification,
    "opportunity": Opportunity,
    "person": Person,
    "placement": Placement,
    "pursuit": Pursuit,
    "school": School,
    "term": Term,
    "worksite": Worksite,
}
