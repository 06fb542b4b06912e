"""The town's roster broken in named ways: BROKEN costs rows, REFUSED costs the package; each with the code that says so."""

from collections.abc import Callable

from tests.domain.roster_packages import (
    HEADERS,
    NORTH,
    added,
    bulk_package,
    changed,
    delta_package,
    row_of,
    table,
    town,
    zip_of,
)


def _raw_users(line: str) -> bytes:
    return table("users", town()["users"]) + line.encode("latin-1") + b"\r\n"


BROKEN: dict[str, tuple[Callable[[], bytes], str]] = {
    # what is wrong: (the package, the code that says so)
    "a bad e-mail": (lambda: bulk_package(users=changed("st-09", email="grace at home")), "bad_email"),
    "a bad date": (lambda: bulk_package(roles=changed("ro-st-09-s-river", endDate="11/06/2027")), "bad_date"),
    "an end before its beginning": (
        lambda: bulk_package(roles=changed("ro-st-09-s-river", endDate="2025-01-01")),
        "date_order",
    ),
    "an unknown role": (lambda: bulk_package(roles=changed("ro-sf-05-s-north", role="janitor")), "bad_token"),
    "an unknown organisation type": (
        lambda: bulk_package(orgs=changed("d-lark", type="ministry")),
        "bad_token",
    ),
    "a truth value that is none": (
        lambda: bulk_package(users=changed("st-09", enabledUser="yes")),
        "bad_boolean",
    ),
    "a bad school year": (
        lambda: bulk_package(academicSessions=changed("y-27", schoolYear="next")),
        "bad_year",
    ),
    "a blank name": (lambda: bulk_package(users=changed("st-09", familyName=" ")), "required_blank"),
    "a long sourcedId": (lambda: bulk_package(users=changed("st-09", sourcedId="x" * 256)), "too_long"),
    "a novel for a name": (lambda: bulk_package(users=changed("st-09", givenName="x" * 2001)), "too_long"),
    "a repeated sourcedId": (
        lambda: bulk_package(users=added(row_of("users", "st-09"))),
        "duplicate_sourced_id",
    ),
    "a status in bulk": (
        lambda: bulk_package(orgs=changed("d-lark", status="active")),
        "lifecycle_not_empty",
    ),
    "no status in delta": (
        lambda: delta_package(orgs=[{**row_of("orgs", "d-lark"), "status": ""}]),
        "lifecycle_required",
    ),
    "an unknown status": (
        lambda: delta_package(orgs=[{**row_of("orgs", "d-lark"), "status": "inactive"}]),
        "bad_token",
    ),
    "a bad instant": (
        lambda: delta_package(orgs=[{**row_of("orgs", "d-lark"), "dateLastModified": "2026-09-14"}]),
        "bad_instant",
    ),
    "an agent who is not there": (
        lambda: bulk_package(users=changed("st-09", agentSourcedIds="gu-99")),
        "reference_missing",
    ),
    "a district above itself": (
        lambda: bulk_package(orgs=changed("d-lark", parentSourcedId=NORTH)),
        "parent_loop",
    ),
    "a stray quote": (lambda: bulk_package(users=_raw_users('x-1,,,true,bad"quote' + "," * 17)), "csv_quote"),
    "an unclosed quote": (lambda: bulk_package(users=_raw_users('"x-1,,,true' + "," * 18)), "csv_quote"),
    "a short row": (lambda: bulk_package(users=_raw_users("x-1,,,true")), "row_too_short"),
    "a long row": (lambda: bulk_package(users=_raw_users("x-1" + "," * 30)), "row_too_long"),
    "Latin-1 bytes": (
        lambda: bulk_package(users=_raw_users("x-1,,,true,,,José,P" + "," * 14)),
        "row_encoding",
    ),
    "a NUL": (lambda: bulk_package(users=_raw_users("x-1,,,true,,,A\0,P" + "," * 14)), "row_control"),
}

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "not a ZIP": (lambda: b"sourcedId,status\r\n", "not_a_zip"),
    "no manifest": (lambda: zip_of({"users.csv": table("users", town()["users"])}), "manifest_missing"),
    "a manifest of another kind": (lambda: zip_of({"manifest.csv": b"name,mode\r\n"}), "manifest_header"),
    "a manifest as long as a book": (
        lambda: bulk_package(manifest={"note": "x" * 70_000}),
        "manifest_header",
    ),
    "OneRoster 1.1": (lambda: bulk_package(manifest={"oneroster.version": "1.1"}), "oneroster_version"),
    "another manifest version": (
        lambda: bulk_package(manifest={"manifest.version": "2.0"}),
        "manifest_version",
    ),
    "no version": (lambda: bulk_package(manifest={"oneroster.version": None}), "oneroster_version"),
    "an unknown mode": (lambda: bulk_package(manifest={"file.users": "full"}), "manifest_mode"),
    "an unknown announced file": (
        lambda: bulk_package(manifest={"file.pets": "bulk"}),
        "manifest_property_unknown",
    ),
    "an announced file that is missing": (
        lambda: bulk_package(users=None, manifest={"file.users": "bulk"}),
        "file_missing",
    ),
    "a file marked absent": (lambda: bulk_package(manifest={"file.users": "absent"}), "file_marked_absent"),
    "a file never mentioned": (lambda: bulk_package(manifest={"file.users": None}), "file_marked_absent"),
    "an unknown entry": (lambda: bulk_package(extra={"pets.csv": b"sourcedId\r\n"}), "entry_unknown"),
    "a nested folder": (lambda: bulk_package(extra={"old/users.csv": b""}), "zip_path"),
    "a path upwards": (lambda: bulk_package(extra={"../users.csv": b""}), "zip_path"),
    "nothing to take": (lambda: bulk_package(**dict.fromkeys(HEADERS)), "nothing_to_take"),
    "an empty file": (lambda: bulk_package(users=b""), "file_empty"),
    "a bulk file without rows": (lambda: bulk_package(users=[]), "file_without_rows"),
    "UTF-16": (lambda: bulk_package(users="sourcedId".encode("utf-16")), "file_encoding"),
    "a header with a stray quote": (
        lambda: bulk_package(users=b'sourcedId,"user"name\r\n'),
        "header_unreadable",
    ),
    "a missing column": (
        lambda: bulk_package(orgs=b"sourcedId,name\r\nd-lark,Larkmoor\r\n"),
        "header_missing_column",
    ),
    "a repeated column": (
        lambda: bulk_package(orgs=b"sourcedId,name,type,name\r\nd-lark,Larkmoor,district,x\r\n"),
        "header_repeated_column",
    ),
    "delta without life cycle columns": (
        lambda: delta_package(orgs=b"sourcedId,name,type\r\nd-lark,Larkmoor,district\r\n"),
        "header_missing_column",
    ),
}
