"""Every table of the service; importing this package completes the metadata."""

from app.core.tables import Base, Delivery, Event, RateLimit, StoredAnswer
from app.models.budgets import EmployerAsk, EmployerMonth
from app.models.duplicates import DuplicatePair, DuplicateScan, MatchKey, Merge
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
from app.models.introductions import Hop, Introduction, Meeting
from app.models.network import Connection, Contact, Employer, Worksite
from app.models.network_map import Goal, MapEntry, MapEntryGoal, MapShare
from app.models.notices import Mail, Notification
from app.models.opportunities import Favorite, Opportunity
from app.models.outreach import OutreachAsk, OutreachCampaign, OutreachCount
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
from app.models.pool import ConnectionField, GapCell, Household, HouseholdMember, PoolTask, ReachCell
from app.models.pursuits import Pursuit
from app.models.relationship_rounds import RelationshipRound, RoundMark, RoundNomination, RoundStudent
from app.models.tenancy import School, Tenant, Term
from app.models.ties import StudentIntake, Tie, TieEntry

__all__ = [
    "Account",
    "AccountTenant",
    "AdvisorLink",
    "Base",
    "Class",
    "Connection",
    "ConnectionField",
    "Contact",
    "ContactAttempt",
    "Course",
    "Delivery",
    "DuplicatePair",
    "DuplicateScan",
    "Employer",
    "EmployerAsk",
    "EmployerMonth",
    "Enrollment",
    "Event",
    "Favorite",
    "GapCell",
    "Goal",
    "GuardianLink",
    "Hop",
    "Household",
    "HouseholdMember",
    "Import",
    "ImportRow",
    "Introduction",
    "LinkToken",
    "LoginSession",
    "MachineClient",
    "Mail",
    "MapEntry",
    "MapEntryGoal",
    "MapShare",
    "MatchKey",
    "Meeting",
    "Membership",
    "Merge",
    "Notification",
    "Opportunity",
    "OutreachAsk",
    "OutreachCampaign",
    "OutreachCount",
    "Person",
    "Placement",
    "PoolTask",
    "Pursuit",
    "RateLimit",
    "ReachCell",
    "RelationshipRound",
    "RoundMark",
    "RoundNomination",
    "RoundStudent",
    "School",
    "StoredAnswer",
    "StudentIntake",
    "Suppression",
    "Tenant",
    "Term",
    "Tie",
    "TieEntry",
    "Upload",
    "Worksite",
]
