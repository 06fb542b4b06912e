"""The roster of the story's little school, as a OneRoster 1.2 delta package that any student information system sends."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

_FILES = ("academicSessions", "classes", "courses", "enrollments", "orgs", "roles", "users")
_OTHERS = (
    "categories", "classResources", "courseResources", "demographics", "lineItemLearningObjectiveIds", "lineItems",
    "lineItemScoreScales", "resources", "resultLearningObjectiveIds", "results", "resultScoreScales", "scoreScales",
    "userProfiles", "userResources",
)  # fmt: skip

# key, given name, family name, OneRoster role, agents; students have no e-mail address, as in many schools.
PEOPLE = (
    ("maya", "Maya", "Okafor", "student", "omar"),
    ("leo", "Leo", "Reyes", "student", "rosa"),
    ("omar", "Omar", "Okafor", "parent", ""),
    ("rosa", "Rosa", "Reyes", "parent", ""),
    ("ada", "Ada", "Lindqvist", "teacher", ""),
    ("clara", "Clara", "Novak", "teacher", ""),
)
WITHOUT_MAIL = frozenset({"maya", "leo"})


def address(key: str, run: str) -> str:
    """Return somebody's e-mail address in this run of the story."""
    return f"{key}.{run}@example.org"


def sourced_id(key: str, run: str) -> str:
    """Return somebody's id in the student information system."""
    return f"story-{run}-{key}"


def package(run: str, school: str) -> bytes:
    """Build the ZIP: a school, a term, an advisory class, two families and two teachers."""
    now = datetime.now(UTC)
    stamp = now.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    year = now.year

    def row(key: str, **cells: str) -> dict[str, str]:
        return {"sourcedId": sourced_id(key, run), "status": "active", "dateLastModified": stamp, **cells}

    def refer(*keys: str) -> str:
        return ",".join(sourced_id(key, run) for key in keys if key)

    rows = {
        "orgs": [row("school", name=school, type="school", identifier="", parentSourcedId="")],
        "academicSessions": [
            row("year", title="School year", type="schoolYear", startDate=f"{year}-08-01", endDate=f"{year + 1}-06-30",
                parentSourcedId="", schoolYear=str(year + 1)),
        ],
        "courses": [
            row("course", schoolYearSourcedId=refer("year"), title="Advisory", courseCode="ADV", grades="11",
                orgSourcedId=refer("school"), subjects="", subjectCodes=""),
        ],
        "classes": [
            row("advisory", title="Advisory 11", grades="11", courseSourcedId=refer("course"), classCode="ADV11",
                classType="homeroom", location="", schoolSourcedId=refer("school"), termSourcedIds=refer("year"),
                subjects="", subjectCodes="", periods=""),
        ],
        "users": [
            row(key, enabledUser="true", username=f"{key}.{run}", userIds="", givenName=given, familyName=family,
                middleName="", identifier="", email="" if key in WITHOUT_MAIL else address(key, run), sms="", phone="",
                agentSourcedIds=refer(agent), grades="11" if role == "student" else "", password="",
                userMasterIdentifier="", preferredGivenName="", preferredMiddleName="", preferredFamilyName="",
                primaryOrgSourcedId=refer("school"), pronouns="")
            for key, given, family, role, agent in PEOPLE
        ],
        "roles": [
            row(f"role-{key}", userSourcedId=refer(key), roleType="primary", role=role, beginDate="", endDate="",
                orgSourcedId=refer("school"), userProfileSourcedId="")
            for key, _, _, role, _ in PEOPLE
        ],
        "enrollments": [
            row(f"in-{key}", classSourcedId=refer("advisory"), schoolSourcedId=refer("school"), userSourcedId=refer(key),
                role="teacher" if key == "ada" else "student", primary="true" if key == "ada" else "false",
                beginDate="", endDate="")
            for key in ("ada", "maya", "leo")
        ],
    }  # fmt: skip
    manifest = [("manifest.version", "1.0"), ("oneroster.version", "1.2")]
    manifest += [(f"file.{name}", "delta") for name in _FILES] + [
        (f"file.{name}", "absent") for name in _OTHERS
    ]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.csv", _csv(("propertyName", "value"), manifest))
        for name, found in rows.items():
            archive.writestr(f"{name}.csv", _csv(tuple(found[0]), [tuple(one.values()) for one in found]))
    return made.getvalue()


def _csv(header: tuple[str, ...], rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
