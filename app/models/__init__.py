"""Every table of the service; importing this package completes the metadata."""

from app.core.tables import Base, Delivery, Event, RateLimit, StoredAnswer
from app.models.budgets import EmployerAsk, EmployerMonth
from app.models.duplicates import DuplicatePair, DuplicateScan, MatchKey, Merge
from app.models.freshness import ListingChange, ListingDoor, Reconfirmation, ReconfirmationListing
from app.models.host_again import HostAsk
from app.models.identity import (
    Account,
    AccountTenant,
    ContactAttempt,
    LinkToken,
    LoginSession,
    MachineClient,
    Suppression,
)
from app.models.images import Image
from app.models.imports import Import, ImportRow, Upload
from app.models.introductions import Hop, Introduction, Meeting
from app.models.moderation import ListingCase, ListingReport
from app.models.network import Connection, Contact, Employer, Worksite
from app.models.network_map import Goal, MapEntry, MapEntryGoal, MapShare
from app.models.notices import Mail, Notification
from app.models.opportunities import Favorite, Opportunity
from app.models.opportunity_types import OpportunityTypeVersion
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
from app.models.project_phases import PhaseFeedback, ProjectPhase, ProjectTeam, TeamMember
from app.models.pursuits import Pursuit
from app.models.relationship_rounds import RelationshipRound, RoundMark, RoundNomination, RoundStudent
from app.models.saved_searches import SavedSearch, SavedSearchHit
from app.models.search_documents import SearchDocument, SearchTerm
from app.models.seats import GroupMember, ReservedSeat, SeatReserve, StudentGroup, WaitingEntry
from app.models.sessions import (
    OpportunitySession,
    SessionEnrollment,
    SpeedRound,
    SpeedSeat,
    VideoConsent,
    WeeklyPattern,
)
from app.models.student_profiles import StudentProfile
from app.models.suggestions import SuggestionKey, SuggestionTerm, SuggestionWord
from app.models.tenancy import School, Tenant, TenantSetting, Term
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
    "GroupMember",
    "GuardianLink",
    "Hop",
    "HostAsk",
    "Household",
    "HouseholdMember",
    "Image",
    "Import",
    "ImportRow",
    "Introduction",
    "LinkToken",
    "ListingCase",
    "ListingChange",
    "ListingDoor",
    "ListingReport",
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
    "OpportunitySession",
    "OpportunityTypeVersion",
    "OutreachAsk",
    "OutreachCampaign",
    "OutreachCount",
    "Person",
    "PhaseFeedback",
    "Placement",
    "PoolTask",
    "ProjectPhase",
    "ProjectTeam",
    "Pursuit",
    "RateLimit",
    "ReachCell",
    "Reconfirmation",
    "ReconfirmationListing",
    "RelationshipRound",
    "ReservedSeat",
    "RoundMark",
    "RoundNomination",
    "RoundStudent",
    "SavedSearch",
    "SavedSearchHit",
    "School",
    "SearchDocument",
    "SearchTerm",
    "SeatReserve",
    "SessionEnrollment",
    "SpeedRound",
    "SpeedSeat",
    "StoredAnswer",
    "StudentGroup",
    "StudentIntake",
    "StudentProfile",
    "SuggestionKey",
    "SuggestionTerm",
    "SuggestionWord",
    "Suppression",
    "TeamMember",
    "Tenant",
    "TenantSetting",
    "Term",
    "Tie",
    "TieEntry",
    "Upload",
    "VideoConsent",
    "WaitingEntry",
    "WeeklyPattern",
    "Worksite",
]
