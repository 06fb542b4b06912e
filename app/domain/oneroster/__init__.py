"""OneRoster 1.2 CSV packages: `read_package` says what was sent and what is wrong with it, `plan` what Kithwork makes of it."""

from app.domain.oneroster.binding import FILES, Mode
from app.domain.oneroster.faults import CODES, Fault, PackageRefused
from app.domain.oneroster.package import Count, Package, RejectedRow, read_package
from app.domain.oneroster.plan import plan
from app.domain.oneroster.rejected import rejected_csv, rejected_name
from app.domain.oneroster.roster import (
    RosterEnrollment,
    RosterGuardianLink,
    RosterMembership,
    RosterPerson,
    RosterPlan,
    RosterSchool,
    RosterTerm,
    RosterUnit,
)
from app.domain.oneroster.rows import AcademicSession, Class, Course, Enrollment, Org, Role, User

__all__ = [
    "CODES",
    "FILES",
    "AcademicSession",
    "Class",
    "Count",
    "Course",
    "Enrollment",
    "Fault",
    "Mode",
    "Org",
    "Package",
    "PackageRefused",
    "RejectedRow",
    "Role",
    "RosterEnrollment",
    "RosterGuardianLink",
    "RosterMembership",
    "RosterPerson",
    "RosterPlan",
    "RosterSchool",
    "RosterTerm",
    "RosterUnit",
    "User",
    "plan",
    "read_package",
    "rejected_csv",
    "rejected_name",
]
