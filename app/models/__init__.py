"""Every table of the service; importing this package completes the metadata."""

from app.core.tables import Base, Delivery, Event, RateLimit, StoredAnswer
from app.models.identity import (
    Account,
    AccountTenant,
    ContactAttempt,
    LinkToken,
    LoginSession,
    MachineClient,
    Suppression,
)
from app.models.imports import Import, ImportRow, Upload
from app.models.network import Connection, Contact, Employer, Worksite
from app.models.notices import Mail, Notification
from app.models.opportunities import Favorite, Opportunity
from app.models.people import (
    AdvisorLink,
    Class,
    Course,
    Enrollment,
    GuardianLink,
    Membership,
    Person,
)
from app.models.placements import Placement
from app.models.pursuits import Pursuit
from app.models.tenancy import School, Tenant, Term

__all__ = [
    "Account",
    "AccountTenant",
    "AdvisorLink",
    "Base",
    "Class",
    "Connection",
    "Contact",
    "ContactAttempt",
    "Course",
    "Delivery",
    "Employer",
    "Enrollment",
    "Event",
    "Favorite",
    "GuardianLink",
    "Import",
    "ImportRow",
    "LinkToken",
    "LoginSession",
    "MachineClient",
    "Mail",
    "Membership",
    "Notification",
    "Opportunity",
    "Person",
    "Placement",
    "Pursuit",
    "RateLimit",
    "School",
    "StoredAnswer",
    "Suppression",
    "Tenant",
    "Term",
    "Upload",
    "Worksite",
]
