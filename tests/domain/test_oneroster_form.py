import csv
import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from app.domain.oneroster import Fault, PackageRefused, read_package
from app.domain.oneroster.sheet import read_sheet
from tests.domain.roster_packages import (
    bulk_package,
    table,
    town,
    zip_of,
)


def faults_of(data: bytes) -> tuple[Fault, ...]:
    try:
        return read_package(data).faults
    except PackageRefused as refused:
        return refused.faults


def test_a_common_top_folder_and_the_litter_of_a_mac_are_let_pass() -> None:
    plain = zipfile.ZipFile(io.BytesIO(bulk_package()))
    entries = {f"roster/{name}": plain.read(name) for name in plain.namelist()}

    package = read_package(
        zip_of({"roster/": b"", **entries, "__MACOSX/roster/._users.csv": b"x", "roster/.DS_Store": b"x"})
    )

    assert package.faults == ()


def test_a_cell_may_run_over_lines_and_lines_are_counted_through() -> None:
    package = read_package(
        bulk_package(
            orgs=lambda rows: [
                {**rows[0], "name": 'Larkmoor,\r\nthe "Unified"'},
                rows[1],
                {**rows[2], "type": "castle"},
            ]
        )
    )

    assert package.orgs[0].name == 'Larkmoor,\r\nthe "Unified"'
    assert (package.faults[0].line, package.faults[0].code) == (5, "bad_token")


def test_an_unclosed_quote_costs_its_own_row_only() -> None:
    torn = table("users", town()["users"]).replace(b"st-09,,,true,,,Grace", b'st-09,,,true,,,"Grace')

    package = read_package(bulk_package(users=torn))

    assert [(fault.line, fault.code) for fault in package.faults if fault.file == "users.csv"] == [
        (10, "csv_quote")
    ]
    assert package.counts["users"].taken == 24
    assert package.held["users"] == {"st-09"}


def test_two_lost_quotes_do_not_melt_the_rows_between_them_into_one() -> None:
    torn = table("users", town()["users"])
    torn = torn.replace(b"st-09,,,true,,,Grace", b'st-09,,,true,,,"Grace')
    torn = torn.replace(b"Priya,", b'Priya",')

    package = read_package(bulk_package(users=torn))

    assert package.held["users"] == {"st-09", "st-11"}
    assert package.counts["users"].taken == 23


def test_a_password_protected_package_is_refused() -> None:
    data = bytearray(bulk_package())
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1

    assert faults_of(bytes(data))[0].code == "zip_encrypted"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = bulk_package(users=b"0" * 8_000_000)

    assert faults_of(data)[0].code == "zip_ratio"


def test_too_many_entries_are_refused_before_they_are_listed() -> None:
    data = bulk_package(extra={f"extra-{number}.csv": b"" for number in range(80)})

    assert faults_of(data)[0].code == "zip_too_many_entries"


def test_more_rows_than_a_server_can_hold_are_refused_before_they_become_objects() -> None:
    line = b"x" * 40 + b"\r\n"
    block = b"".join(f"{number:040}\r\n".encode() for number in range(20_000))

    data = bulk_package(orgs=b"sourcedId,name,type\r\n" + block * 76 + line)

    assert faults_of(data)[0].code == "too_many_rows"


def test_a_header_of_a_hundred_thousand_columns_is_answered_at_once() -> None:
    header = ",".join(f"c{number}" for number in range(100_000)).encode()

    assert "header_missing_column" in {fault.code for fault in faults_of(bulk_package(orgs=header + b"\r\n"))}


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0")), min_size=3, max_size=3),
        min_size=1,
    )
)
def test_cells_are_read_as_they_were_written(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(rows)

    sheet = read_sheet("any.csv", text.getvalue().encode())

    assert [list(record.cells) for record in sheet.records] == rows[1:]
    assert {record.code for record in sheet.records} <= {""}


def test_damaged_bytes_are_refused_and_never_crash() -> None:
    whole = bulk_package()

    for at in range(0, len(whole), 7):
        torn = bytearray(whole)
        torn[at] ^= 0xFF
        faults_of(bytes(torn))
    for length in range(0, len(whole), 97):
        assert faults_of(whole[:length])[0].code in {"not_a_zip", "zip_damaged"}
