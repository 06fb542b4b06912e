"""What the OneRoster 1.2 CSV binding (1EdTech, 1.2.1) says each file holds, as tables.

Keys are the names the manifest uses ("users" for users.csv). Kithwork takes seven files; of the others only what a package's
integrity needs is written down here: which of their cells point at which file.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

ID_LENGTH = 255
TEXT_LENGTH = 2_000


class Mode(enum.StrEnum):
    """How the manifest says a file is to be read."""

    ABSENT = "absent"
    BULK = "bulk"
    DELTA = "delta"


class Kind(enum.Enum):
    """What a cell holds, and so how it is checked."""

    TEXT = enum.auto()
    LIST = enum.auto()
    IDENTIFIER = enum.auto()
    REFERENCE = enum.auto()
    REFERENCES = enum.auto()
    DATE = enum.auto()
    BOOLEAN = enum.auto()
    TOKEN = enum.auto()
    EMAIL = enum.auto()
    YEAR = enum.auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `tokens` for a vocabulary (lower case to its own spelling), `target` for a reference.

    `required` asks for a value in every row; `expected` asks for the column only.
    """

    name: str
    kind: Kind
    required: bool = False
    expected: bool = False
    tokens: Mapping[str, str] = field(default_factory=dict)
    extensible: bool = False
    target: str = ""


@dataclass(frozen=True, slots=True)
class FileBinding:
    """One file of the binding; `used` is False for the files Kithwork reads only to say that it leaves them."""

    name: str
    columns: tuple[Column, ...]
    used: bool

    @property
    def file(self) -> str:
        """The entry's name inside the package."""
        return f"{self.name}.csv"


def _text(*names: str, required: bool = False) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.TEXT, required=required) for name in names)


def _lists(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.LIST) for name in names)


def _date(name: str, *, required: bool = False) -> Column:
    return Column(name, Kind.DATE, required=required)


def _token(name: str, values: str, *, extensible: bool = True) -> Column:
    tokens = {value.lower(): value for value in values.split()}
    return Column(name, Kind.TOKEN, required=True, tokens=MappingProxyType(tokens), extensible=extensible)


def _one(name: str, target: str, *, required: bool = False) -> Column:
    return Column(name, Kind.REFERENCE, required=required, target=target)


def _many(name: str, target: str, *, required: bool = False) -> Column:
    return Column(name, Kind.REFERENCES, required=required, target=target)


SOURCED_ID = Column("sourcedId", Kind.IDENTIFIER, required=True)
LIFECYCLE = ("status", "dateLastModified")

ROLES = (
    "administrator aide counselor districtAdministrator guardian parent principal proctor relative "
    "siteAdministrator student systemAdministrator teacher"
)

_USED: dict[str, tuple[Column, ...]] = {
    "orgs": (
        *_text("name", required=True),
        _token("type", "department district local national school state"),
        *_text("identifier"),
        _one("parentSourcedId", "orgs"),
    ),
    "academicSessions": (
        *_text("title", required=True),
        _token("type", "gradingPeriod semester schoolYear term"),
        _date("startDate", required=True),
        _date("endDate", required=True),
        _one("parentSourcedId", "academicSessions"),
        Column("schoolYear", Kind.YEAR, expected=True),
    ),
    "courses": (
        _one("schoolYearSourcedId", "academicSessions"),
        *_text("title", required=True),
        *_text("courseCode"),
        *_lists("grades"),
        _one("orgSourcedId", "orgs", required=True),
        *_lists("subjects", "subjectCodes"),
    ),
    "classes": (
        *_text("title", required=True),
        *_lists("grades"),
        _one("courseSourcedId", "courses", required=True),
        *_text("classCode"),
        _token("classType", "homeroom scheduled"),
        *_text("location"),
        _one("schoolSourcedId", "orgs", required=True),
        _many("termSourcedIds", "academicSessions", required=True),
        *_lists("subjects", "subjectCodes", "periods"),
    ),
    "users": (
        Column("enabledUser", Kind.BOOLEAN, required=True),
        # Guardians often have no user name in the SIS, so the column must be there but may be blank.
        Column("username", Kind.TEXT, expected=True),
        *_text("givenName", "familyName", required=True),
        *_text("middleName", "identifier"),
        Column("email", Kind.EMAIL),
        *_text("sms", "phone"),
        _many("agentSourcedIds", "users"),
        *_lists("grades"),
        *_text("preferredGivenName", "preferredMiddleName", "preferredFamilyName"),
        _one("primaryOrgSourcedId", "orgs"),
        *_text("pronouns"),
    ),
    "roles": (
        _one("userSourcedId", "users", required=True),
        _token("roleType", "primary secondary", extensible=False),
        _token("role", ROLES),
        _date("beginDate"),
        _date("endDate"),
        _one("orgSourcedId", "orgs", required=True),
        _one("userProfileSourcedId", "userProfiles"),
    ),
    "enrollments": (
        _one("classSourcedId", "classes", required=True),
        _one("schoolSourcedId", "orgs", required=True),
        _one("userSourcedId", "users", required=True),
        _token("role", "administrator proctor student teacher"),
        Column("primary", Kind.BOOLEAN),
        _date("beginDate"),
        _date("endDate"),
    ),
}

# Column:target pairs. The sourcedId of a demographics row is the sourcedId of its user.
_LEFT: dict[str, str] = {
    "demographics": "sourcedId:users",
    "userProfiles": "userSourcedId:users",
    "categories": "",
    "lineItems": "classSourcedId:classes categorySourcedId:categories academicSessionSourcedId:academicSessions "
    "schoolSourcedId:orgs",
    "results": "lineItemSourcedId:lineItems studentSourcedId:users classSourcedId:classes",
    "scoreScales": "orgSourcedId:orgs courseSourcedId:courses classSourcedId:classes",
    "lineItemLearningObjectiveIds": "lineItemSourcedId:lineItems",
    "lineItemScoreScales": "lineItemSourcedId:lineItems scoreScaleSourcedId:scoreScales",
    "resultLearningObjectiveIds": "resultSourcedId:results",
    "resultScoreScales": "resultSourcedId:results scoreScaleSourcedId:scoreScales",
    "resources": "",
    "classResources": "classSourcedId:classes resourceSourcedId:resources",
    "courseResources": "courseSourcedId:courses resourceSourcedId:resources",
    "userResources": "userSourcedId:users orgSourcedId:orgs classSourcedId:classes resourceSourcedId:resources",
}


def _left(pairs: str) -> tuple[Column, ...]:
    return tuple(_one(*pair.split(":")) for pair in pairs.split())


FILES: Mapping[str, FileBinding] = MappingProxyType(
    {name: FileBinding(name, (SOURCED_ID, *columns), used=True) for name, columns in _USED.items()}
    | {name: FileBinding(name, (SOURCED_ID, *_left(pairs)), used=False) for name, pairs in _LEFT.items()}
)
