import os
from pathlib import Path

import pytest

from app.domain.oneroster import CODES, Fault, PackageRefused, plan, read_package, rejected_csv
from tests.domain.broken_rosters import BROKEN, REFUSED
from tests.domain.roster_packages import (
    HEADERS,
    RIVER,
    added,
    bulk_package,
    changed,
    delta_package,
    ended,
    only,
    row_of,
    table,
    town,
    without,
    zip_of,
)

SHARED = Path(os.environ.get("KITHWORK_SHARED_DATA", Path(__file__).parents[2] / "../shared/data"))
needs_shared_data = pytest.mark.skipif(
    not (SHARED / "oneroster_csv").is_dir(),
    reason=f"the sample packages are not at {SHARED / 'oneroster_csv'}",
)


def faults_of(data: bytes) -> tuple[Fault, ...]:
    try:
        return read_package(data).faults
    except PackageRefused as refused:
        return refused.faults


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_row_is_rejected_with_its_code_and_the_rest_is_taken(name: str) -> None:
    build, code = BROKEN[name]

    package = read_package(build())

    assert code in {fault.code for fault in package.faults}
    assert all(
        count.read == count.taken + count.rejected + count.ignored for count in package.counts.values()
    )
    assert sum(count.rejected for count in package.counts.values()) > 0


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_package_is_refused_with_a_sentence(name: str) -> None:
    build, code = REFUSED[name]

    with pytest.raises(PackageRefused) as refused:
        read_package(build())

    assert code in {fault.code for fault in refused.value.faults}
    assert refused.value.sentence


@needs_shared_data
@pytest.mark.parametrize(
    ("name", "file", "line", "column", "code"),
    [
        ("CSV_quote_failure", "users.csv", 2, "", "csv_quote"),
        ("bulk_lifecycle_status_failure", "users.csv", 2, "status", "lifecycle_not_empty"),
        ("delta_lifecycle_required_failure", "users.csv", 2, "status", "lifecycle_required"),
        ("duplicate_sourcedId_failure", "users.csv", 3, "sourcedId", "duplicate_sourced_id"),
        ("manifest_marks_supplied_file_missing", "users.csv", 0, "", "file_missing"),
        ("missing_target_record_failure", "lineItems.csv", 2, "categorySourcedId", "reference_missing"),
        ("unknown_ZIP_entry", "extra.csv", 0, "", "entry_unknown"),
    ],
)
def test_an_official_invalid_package_gives_the_fault_it_is_named_for(
    name: str, file: str, line: int, column: str, code: str
) -> None:
    data = (SHARED / f"oneroster_csv/invalid/invalid-{name}.zip").read_bytes()

    found = {(fault.file, fault.line, fault.column, fault.code) for fault in faults_of(data)}

    assert (file, line, column, code) in found


@needs_shared_data
def test_a_refused_package_reports_its_header_and_its_rows_alike() -> None:
    data = (SHARED / "oneroster_csv/invalid/invalid-CSV_quote_failure.zip").read_bytes()

    codes = {(fault.code, fault.column) for fault in faults_of(data)}

    assert codes == {
        ("csv_quote", ""),
        ("header_missing_column", "enabledUser"),
        ("header_missing_column", "givenName"),
        ("header_missing_column", "familyName"),
    }


@needs_shared_data
def test_every_official_valid_package_is_taken_whole() -> None:
    paths = sorted((SHARED / "oneroster_csv/valid").glob("*.zip"))

    packages = [read_package(path.read_bytes()) for path in paths]

    assert len(packages) >= 3
    for package in packages:
        assert package.faults == ()
        assert sum(count.taken for count in package.counts.values()) == 11
        roster = plan(package)
        assert [school.name for school in roster.schools] == ["North School"]
        assert {each.role for each in roster.memberships} == {"advisor"}


@needs_shared_data
def test_school_data_sync_files_are_refused_for_lack_of_a_manifest() -> None:
    entries = {path.name: path.read_bytes() for path in (SHARED / "sds_csv").glob("*.csv")}

    with pytest.raises(PackageRefused, match=r"manifest\.csv") as refused:
        read_package(zip_of(entries))

    unknown = {fault.file for fault in refused.value.faults if fault.code == "entry_unknown"}
    assert unknown == {"relationships.csv", "userFlags.csv"}


def test_the_whole_town_is_taken_and_counted() -> None:
    package = read_package(bulk_package())

    assert package.faults == ()
    assert {name: count.taken for name, count in package.counts.items() if count.taken} == {
        name: len(rows) for name, rows in town().items() if name != "demographics"
    }
    assert package.counts["demographics"].ignored == 12
    assert [fault.sentence for fault in package.ignored] == [
        "demographics.csv was read and left aside (12 rows): Kithwork does not keep what it holds."
    ]
    assert package.bulk_files == set(HEADERS) - {"demographics"}


def test_a_row_knows_its_line_and_the_cells_it_came_from() -> None:
    package = read_package(bulk_package())

    user = package.users[0]

    assert (user.line, user.sourced_id, user.agents) == (2, "st-01", ("gu-01", "gu-02"))
    assert user.cells["agentSourcedIds"] == "gu-01,gu-02"


def test_near_oneroster_is_taken_as_it_is_meant() -> None:
    users = table("users", changed("st-01", enabledUser=" TRUE ", givenName=" Mateo ")(town()["users"]))
    roles = table("roles", changed("ro-st-01-s-north", role="Student", roleType="PRIMARY")(town()["roles"]))

    package = read_package(
        bulk_package(
            users=b"\xef\xbb\xbf" + users.replace(b"\r\n", b"\r"),
            roles=roles.replace(b"\r\n", b"\n") + b"\n\n",
            orgs=changed("d-lark", type="ext:cooperative", **{"metadata.color": "blue"}),
            academicSessions=changed("y-27", schoolYear="2026-2027"),
        )
    )

    assert package.faults == ()
    assert (package.users[0].given_name, package.users[0].enabled) == ("Mateo", True)
    assert (package.roles[0].role, package.roles[0].role_type) == ("student", "primary")
    assert package.academic_sessions[0].school_year == 2027


def test_what_refers_to_a_rejected_row_is_rejected_too_and_says_so() -> None:
    package = read_package(bulk_package(orgs=changed(RIVER, name="")))

    codes = {(fault.file, fault.code) for fault in package.faults}

    assert ("orgs.csv", "required_blank") in codes
    assert {file for file, code in codes if code == "reference_rejected"} == {
        "classes.csv",
        "users.csv",
        "roles.csv",
        "enrollments.csv",
    }
    # Lucía goes to Riverbend; her row goes, but her brother's at Northside and their mother's stay.
    assert {"st-02", "st-07"} <= package.held["users"]
    assert {"st-01", "gu-01"}.isdisjoint(package.held["users"])


def test_a_rejected_row_is_held_so_that_nobody_takes_it_for_absent() -> None:
    package = read_package(bulk_package(users=changed("st-09", email="nope")))

    assert package.held["users"] == {"st-09"}
    assert package.held["roles"] == {"ro-st-09-s-river"}
    assert package.held["enrollments"] == {"en-cl-home-r-st-09"}


def test_the_later_of_two_rows_with_one_id_is_rejected_and_the_first_counts() -> None:
    package = read_package(bulk_package(users=added({**row_of("users", "st-09"), "givenName": "Other"})))

    fault = package.faults[0]

    assert (fault.line, fault.detail, package.held["users"]) == (27, "10", frozenset())
    assert [user.given_name for user in package.users if user.sourced_id == "st-09"] == ["Grace"]


def test_a_delta_may_refer_to_what_is_stored() -> None:
    data = delta_package(roles=only("ro-st-01-s-north"))

    alone = read_package(data)
    with_store = read_package(data, {"users": {"st-01"}, "orgs": {"s-north"}})

    assert {fault.code for fault in alone.faults} == {"reference_missing"}
    assert with_store.faults == ()
    assert with_store.bulk_files == frozenset()


def test_a_bulk_file_may_not_refer_to_what_it_no_longer_lists() -> None:
    data = bulk_package(users=without("st-01"))

    package = read_package(data, {"users": {"st-01"}})

    assert {(fault.file, fault.code) for fault in package.faults} == {
        ("roles.csv", "reference_missing"),
        ("enrollments.csv", "reference_missing"),
        ("demographics.csv", "reference_missing"),
    }
    assert package.counts["demographics"].ignored == 12


def test_a_delta_ends_what_it_says_is_to_be_deleted() -> None:
    package = read_package(
        delta_package(users=[ended("st-01")], roles=only("ro-st-01-s-north")), {"orgs": {"s-north"}}
    )

    assert package.ended["users"] == {"st-01"}
    assert [fault.code for fault in package.faults] == ["reference_ended"]
    assert (package.counts["users"].taken, package.counts["roles"].rejected) == (1, 1)


def test_a_delta_without_rows_changes_nothing_and_says_so() -> None:
    package = read_package(
        delta_package(orgs=only("d-lark"), users=b"%s\r\n" % ",".join(HEADERS["users"]).encode())
    )

    assert [fault.code for fault in package.notices] == ["delta_without_rows"]


def test_rejected_rows_come_back_mended_and_are_taken() -> None:
    broken = read_package(
        bulk_package(users=changed("st-09", email="=nope", givenName="=Grace", password="secret-1"))
    )

    sheet = rejected_csv(broken, "users")
    mended = sheet.replace(b"=nope", b"grace@example.org")
    package = read_package(
        bulk_package(users=mended, roles=only("ro-st-09-s-river"), enrollments=None, demographics=None)
    )

    assert b"=Grace" in sheet
    assert b"bad_email" in sheet
    assert b"secret-1" not in sheet
    assert package.faults == ()
    assert package.users[0].given_name == "=Grace"


def test_rows_that_could_not_be_split_come_back_without_loss() -> None:
    torn = (
        table("users", town()["users"])
        + "x-1,Núñez".encode("latin-1")
        + b"\r\n"
        + b"x-2"
        + b"," * 22
        + b"more\r\n"
    )
    package = read_package(bulk_package(users=torn))

    sheet = rejected_csv(package, "users", "es")

    assert "Núñez".encode("latin-1") in sheet
    assert b"kithwork_surplus\r\n" in sheet
    assert sheet.endswith(b",more\r\n")
    assert b"La fila tiene 23 celdas" in sheet


def test_a_rejected_file_sent_again_does_not_grow_our_columns_twice() -> None:
    once = read_package(bulk_package(users=changed("st-09", email="nope")))

    again = read_package(
        bulk_package(
            users=rejected_csv(once, "users"),
            roles=only("ro-st-09-s-river"),
            enrollments=None,
            demographics=None,
        )
    )

    assert rejected_csv(again, "users").count(b"kithwork_code") == 1


def test_every_code_has_a_sentence_in_both_languages_that_can_be_filled() -> None:
    for code, (english, spanish) in CODES.items():
        fault = Fault("users.csv", 2, "email", code, "value", "detail")

        assert english != spanish
        assert fault.sentence_in("en-GB").endswith((".", '."'))
        assert "{" not in fault.sentence_in("es-MX")
