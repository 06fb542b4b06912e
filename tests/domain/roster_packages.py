"""A small town's roster as OneRoster 1.2 packages, whole or broken in a named way, for any test that needs one.

Larkmoor has one district, two schools, a school year of two semesters, twelve students, five staff and eight guardians. Ana
Reyes has a child in each school; Tomas Lind is his niece's relative; Ida Berg is an agent without a row in roles.csv.

    bulk_package()                                        the whole town
    bulk_package(users=without("st-01"))                  one row less
    bulk_package(users=changed("st-01", email="nope"))    one cell different
    bulk_package(roles=None)                              roles.csv absent
    bulk_package(users=b"sourcedId...")                   a file byte for byte
    delta_package(users=[ended("st-01")])                 what changed since
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping

Rows = list[dict[str, str]]
Content = Rows | Callable[[Rows], Rows] | bytes | None

HEADERS: dict[str, tuple[str, ...]] = {
    name: ("sourcedId", "status", "dateLastModified", *columns.split())
    for name, columns in {
        "orgs": "name type identifier parentSourcedId",
        "academicSessions": "title type startDate endDate parentSourcedId schoolYear",
        "courses": "schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes",
        "classes": "title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds subjects "
        "subjectCodes periods",
        "users": "enabledUser username userIds givenName familyName middleName identifier email sms phone agentSourcedIds "
        "grades password userMasterIdentifier preferredGivenName preferredMiddleName preferredFamilyName "
        "primaryOrgSourcedId pronouns",
        "roles": "userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId",
        "enrollments": "classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate",
        "demographics": "birthDate sex",
    }.items()
}
MODIFIED = "2026-09-14T06:00:00.000Z"
NORTH, RIVER = "s-north", "s-river"

_OTHERS = [
    "categories",
    "classResources",
    "courseResources",
    "lineItemLearningObjectiveIds",
    "lineItems",
    "lineItemScoreScales",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "scoreScales",
    "userProfiles",
    "userResources",
]

_STUDENTS = (
    # sourcedId, given, family, grade, school, agents
    ("st-01", "Mateo", "Reyes", "11", NORTH, "gu-01,gu-02"),
    ("st-02", "Lucía", "Reyes", "9", RIVER, "gu-01"),
    ("st-03", "Nia", "Okafor", "11", NORTH, "gu-03"),
    ("st-04", "Elsa", "Lind", "12", NORTH, "gu-04"),
    ("st-05", "Wei", "Zhang", "10", NORTH, "gu-05"),
    ("st-06", "Sam", "Porter", "12", NORTH, "gu-06"),
    ("st-07", "Aisha", "Haddad", "9", RIVER, "gu-07"),
    ("st-08", "Jonas", "Berg", "10", RIVER, "gu-08"),
    ("st-09", "Grace", "Kim", "11", RIVER, ""),
    ("st-10", "Owen", "Walsh", "12", RIVER, ""),
    ("st-11", "Priya", "Nair", "11", RIVER, ""),
    ("st-12", "Leo", "Costa", "12", NORTH, ""),
)
_STAFF = (
    ("sf-01", "Helen", "Marsh", NORTH, "principal"),
    ("sf-02", "David", "Cole", NORTH, "teacher"),
    ("sf-03", "Rosa", "Ibarra", RIVER, "teacher"),
    ("sf-04", "Peter", "Nash", RIVER, "counselor"),
    ("sf-05", "June", "Adler", NORTH, "aide"),
)
_GUARDIANS = (
    ("gu-01", "Ana", "Reyes", "ana.reyes@example.org", ((NORTH, "parent"), (RIVER, "parent"))),
    ("gu-02", "Luis", "Reyes", "luis.reyes@example.org", ((NORTH, "parent"),)),
    ("gu-03", "Chidi", "Okafor", "chidi@example.org", ((NORTH, "guardian"),)),
    ("gu-04", "Tomas", "Lind", "tomas.lind@example.org", ((NORTH, "relative"),)),
    ("gu-05", "Li", "Zhang", "li.zhang@example.org", ((NORTH, "parent"),)),
    ("gu-06", "Mary", "Porter", "", ((NORTH, "guardian"),)),
    ("gu-07", "Omar", "Haddad", "omar@example.org", ((RIVER, "parent"),)),
    ("gu-08", "Ida", "Berg", "ida.berg@example.org", ()),
)


def _user(sourced_id: str, given: str, family: str, **cells: str) -> dict[str, str]:
    return {"sourcedId": sourced_id, "enabledUser": "true", "givenName": given, "familyName": family, **cells}


def _role(user: str, role: str, school: str, role_type: str = "primary") -> dict[str, str]:
    return {
        "sourcedId": f"ro-{user}-{school}",
        "userSourcedId": user,
        "roleType": role_type,
        "role": role,
        "beginDate": "2026-08-24",
        "orgSourcedId": school,
    }


def _enrollment(class_id: str, school: str, user: str, role: str) -> dict[str, str]:
    return {
        "sourcedId": f"en-{class_id}-{user}",
        "classSourcedId": class_id,
        "schoolSourcedId": school,
        "userSourcedId": user,
        "role": role,
        "primary": "true" if role == "teacher" else "false",
    }


def _class(sourced_id: str, title: str, kind: str, course: str, school: str, terms: str) -> dict[str, str]:
    return {
        "sourcedId": sourced_id,
        "title": title,
        "classType": kind,
        "courseSourcedId": course,
        "schoolSourcedId": school,
        "termSourcedIds": terms,
    }


def _session(
    sourced_id: str, title: str, kind: str, start: str, end: str, parent: str = ""
) -> dict[str, str]:
    return {
        "sourcedId": sourced_id,
        "title": title,
        "type": kind,
        "startDate": start,
        "endDate": end,
        "parentSourcedId": parent,
        "schoolYear": "2027",
    }


def _org(sourced_id: str, name: str, kind: str, parent: str = "") -> dict[str, str]:
    return {
        "sourcedId": sourced_id,
        "name": name,
        "type": kind,
        "identifier": f"X-{sourced_id}",
        "parentSourcedId": parent,
    }


def town() -> dict[str, Rows]:
    """A fresh copy of the town's rows by file; a cell that is not named is blank."""
    homeroom = {NORTH: "cl-home-n", RIVER: "cl-home-r"}
    users = [
        *(
            _user(own, given, family, grades=grade, agentSourcedIds=agents, primaryOrgSourcedId=school)
            for own, given, family, grade, school, agents in _STUDENTS
        ),
        *(_user(own, given, family, primaryOrgSourcedId=school) for own, given, family, school, _ in _STAFF),
        *(_user(own, given, family, email=email) for own, given, family, email, _ in _GUARDIANS),
    ]
    return {
        "orgs": [
            _org("d-lark", "Larkmoor Unified", "district"),
            _org(NORTH, "Northside High School", "school", "d-lark"),
            _org(RIVER, "Riverbend Academy", "school", "d-lark"),
        ],
        "academicSessions": [
            _session("y-27", "2026-2027", "schoolYear", "2026-08-24", "2027-06-11"),
            _session("t-fall", "Fall", "semester", "2026-08-24", "2027-01-15", "y-27"),
            _session("t-spring", "Spring", "semester", "2027-01-19", "2027-06-11", "y-27"),
        ],
        "courses": [
            {
                "sourcedId": "co-adv",
                "title": "Advisory",
                "orgSourcedId": "d-lark",
                "schoolYearSourcedId": "y-27",
            },
            {"sourcedId": "co-bio", "title": "Biology", "courseCode": "BIO1", "orgSourcedId": NORTH},
        ],
        "classes": [
            _class("cl-home-n", "Advisory Cole", "homeroom", "co-adv", NORTH, "t-fall,t-spring"),
            _class("cl-home-r", "Advisory Ibarra", "homeroom", "co-adv", RIVER, "t-fall,t-spring"),
            _class("cl-bio", "Biology A", "scheduled", "co-bio", NORTH, "t-fall"),
        ],
        "users": users,
        "roles": [
            *(_role(own, "student", school) for own, _, _, _, school, _ in _STUDENTS),
            *(_role(own, role, school) for own, _, _, school, role in _STAFF),
            *(_role(own, role, school) for own, _, _, _, roles in _GUARDIANS for school, role in roles),
        ],
        "enrollments": [
            _enrollment("cl-home-n", NORTH, "sf-02", "teacher"),
            _enrollment("cl-home-r", RIVER, "sf-03", "teacher"),
            _enrollment("cl-bio", NORTH, "sf-02", "teacher"),
            *(_enrollment(homeroom[school], school, own, "student") for own, _, _, _, school, _ in _STUDENTS),
            _enrollment("cl-bio", NORTH, "st-03", "student"),
        ],
        "demographics": [{"sourcedId": own, "birthDate": "2010-01-31"} for own, *_ in _STUDENTS],
    }


def bulk_package(
    *,
    manifest: Mapping[str, str | None] | None = None,
    extra: Mapping[str, bytes] | None = None,
    **files: Content,
) -> bytes:
    """The whole town, but for the files given. `manifest` overrides its properties (None leaves one out)."""
    contents: dict[str, Content] = {**town()}
    for name, content in files.items():
        contents[name] = content(town()[name]) if callable(content) else content
    return zipped("bulk", contents, manifest or {}, extra or {})


def delta_package(
    *,
    manifest: Mapping[str, str | None] | None = None,
    extra: Mapping[str, bytes] | None = None,
    **files: Content,
) -> bytes:
    """Only the files given, as changes: a row without a status is active, one without a date has MODIFIED."""
    contents: dict[str, Content] = {}
    for name, content in files.items():
        rows = content(town()[name]) if callable(content) else content
        if isinstance(rows, list):
            contents[name] = [{"status": "active", "dateLastModified": MODIFIED, **row} for row in rows]
        else:
            contents[name] = rows
    return zipped("delta", contents, manifest or {}, extra or {})


def zipped(
    mode: str, contents: Mapping[str, Content], manifest: Mapping[str, str | None], extra: Mapping[str, bytes]
) -> bytes:
    """A package of these files with the manifest that fits them."""
    present = {name for name, content in contents.items() if content is not None}
    properties: dict[str, str | None] = {"manifest.version": "1.0", "oneroster.version": "1.2"}
    properties |= {f"file.{name}": mode if name in present else "absent" for name in (*HEADERS, *_OTHERS)}
    properties |= manifest
    lines = [
        ("propertyName", "value"),
        *((key, value) for key, value in properties.items() if value is not None),
    ]
    entries = {"manifest.csv": csv_bytes(lines)}
    for name, content in contents.items():
        if isinstance(content, bytes):
            entries[f"{name}.csv"] = content
        elif isinstance(content, list):
            entries[f"{name}.csv"] = table(name, content)
    return zip_of(entries | dict(extra))


def table(name: str, rows: Rows) -> bytes:
    """One file's CSV; cells the header does not know become columns at its end."""
    header = list(dict.fromkeys([*HEADERS[name], *(key for row in rows for key in row)]))
    return csv_bytes([header, *([row.get(column, "") for column in header] for row in rows)])


def csv_bytes(lines: Iterable[Iterable[str]]) -> bytes:
    """Lines of cells as CSV with CRLF."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode()


def zip_of(entries: Mapping[str, bytes]) -> bytes:
    """A ZIP of these entries."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return data.getvalue()


def changed(sourced_id: str, **cells: str) -> Callable[[Rows], Rows]:
    """The file with some cells of one row different."""
    return lambda rows: [{**row, **cells} if row["sourcedId"] == sourced_id else row for row in rows]


def without(*sourced_ids: str) -> Callable[[Rows], Rows]:
    """The file without some rows."""
    return lambda rows: [row for row in rows if row["sourcedId"] not in sourced_ids]


def added(*more: dict[str, str]) -> Callable[[Rows], Rows]:
    """The file with more rows at its end."""
    return lambda rows: [*rows, *more]


def only(*sourced_ids: str) -> Callable[[Rows], Rows]:
    """The file with some rows only, as a delta sends them."""
    return lambda rows: [row for row in rows if row["sourcedId"] in sourced_ids]


def ended(sourced_id: str) -> dict[str, str]:
    """A delta row that ends what it names."""
    return {"sourcedId": sourced_id, "status": "tobedeleted"}


def row_of(name: str, sourced_id: str) -> dict[str, str]:
    """One row of the town."""
    return next(row for row in town()[name] if row["sourcedId"] == sourced_id)
