"""The rules of the house that a program can check."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from app.models import Base

ROOT = Path(__file__).parents[1]
APP = ROOT / "app"
FEATURES = APP / "features"
# The four files of a feature, in the order in which they may import each other; jobs stand beside routes.
ORDER = ("schemas", "queries", "service", "routes", "jobs")
# Data of a feature that is no code of these kinds.
ALSO = {"wording"}

# house_style.md §8, exhaustive: tables without row-level security, and why a request needs them before its tenant.
GLOBAL_TABLES = {
    "tenants",
    "accounts",
    "account_tenants",
    "login_sessions",
    "link_tokens",
    "suppressions",
    "contact_attempts",
    "rate_limits",
    "search_documents",
    "listing_doors",
}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _feature_files() -> list[Path]:
    return sorted(FEATURES.glob("*/*.py"))


@pytest.mark.parametrize("path", _feature_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_feature_has_only_the_four_files_and_jobs(path: Path) -> None:
    assert path.stem in {*ORDER, *ALSO, "__init__"}


@pytest.mark.parametrize("path", _feature_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_imports_between_and_within_features_go_one_way(path: Path) -> None:
    feature = path.parent.name
    for module in _imports(path):
        found = re.match(r"app\.features\.(\w+)\.(\w+)", module)
        if found is None:
            continue
        other, kind = found.groups()
        if other == feature:
            if path.stem in ORDER and kind in ORDER:
                assert ORDER.index(kind) <= ORDER.index(path.stem), f"{path.stem} imports {kind}"
        else:
            assert kind in {"service", "schemas", *ALSO}, f"{feature} reaches into {other}.{kind}"


def test_features_do_not_import_each_other_in_a_circle() -> None:
    needs: dict[str, set[str]] = {}
    for path in _feature_files():
        for module in _imports(path):
            found = re.match(r"app\.features\.(\w+)\.service", module)
            if found and found[1] != path.parent.name:
                needs.setdefault(path.parent.name, set()).add(found[1])

    while leaves := {name for others in needs.values() for name in others if not needs.get(name)}:
        needs = {name: others - leaves for name, others in needs.items()}

    assert not {name: others for name, others in needs.items() if others}


@pytest.mark.parametrize("path", sorted(APP.rglob("*.py")), ids=lambda path: str(path.relative_to(APP)))
def test_a_file_stays_within_four_hundred_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", _feature_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_sql_stands_in_queries_only(path: Path) -> None:
    if path.stem in {"queries", "__init__"}:
        return

    found = {
        module for module in _imports(path) if module.startswith("sqlalchemy.") or module == "sqlalchemy"
    }

    assert found <= {
        "sqlalchemy.ext.asyncio",
        "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlalchemy.exc",
        "sqlalchemy.exc.IntegrityError",
    }


@pytest.mark.parametrize("path", _feature_files(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_application_code_never_commits_or_catches_everything(path: Path) -> None:
    text = path.read_text()

    assert not re.search(r"\.(commit|rollback)\(", text)
    assert "HTTPException" not in text
    assert not re.search(r"except( Exception)?:\s*$", text, re.MULTILINE)


def test_only_db_makes_engines_and_names_the_tenant() -> None:
    allowed = {"core/db.py", "core/migrations.py"}
    for path in APP.rglob("*.py"):
        if str(path.relative_to(APP)) not in allowed:
            text = path.read_text()
            assert "create_engine(" not in text, path
            assert "create_async_engine(" not in text, path
            assert "app.tenant_id" not in text, path


def _tenant_tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in GLOBAL_TABLES]


@pytest.mark.parametrize("table", _tenant_tables(), ids=lambda table: table.name)
def test_the_tenant_comes_first_in_every_key_and_index(table: Table) -> None:
    assert [column.name for column in table.primary_key.columns] == ["tenant_id", "id"]
    assert not table.c.tenant_id.nullable
    for constraint in table.constraints:
        if (
            isinstance(constraint, ForeignKeyConstraint)
            and constraint.referred_table.name not in GLOBAL_TABLES
        ):
            assert constraint.column_keys[0] == "tenant_id", constraint.name
            assert next(element.column.name for element in constraint.elements) == "tenant_id", (
                constraint.name
            )
        elif isinstance(constraint, UniqueConstraint):
            assert next(iter(constraint.columns)).name == "tenant_id", constraint.name
    for index in table.indexes:
        # A GIN index cannot hold the tenant; it serves erasure, which names the tenant as well.
        if index.dialect_options["postgresql"]["using"] != "gin":
            assert next(column.name for column in index.columns) == "tenant_id", index.name


def test_every_global_table_is_on_the_list_and_every_listed_one_exists() -> None:
    without_tenant_key = {
        table.name for table in Base.metadata.sorted_tables if "tenant_id" not in table.primary_key.columns
    }

    assert without_tenant_key <= GLOBAL_TABLES
    assert set(Base.metadata.tables) >= GLOBAL_TABLES


def test_every_foreign_key_has_an_index_to_follow_it() -> None:
    for table in _tenant_tables():
        led = [tuple(column.name for column in index.columns) for index in table.indexes]
        led += [tuple(column.name for column in table.primary_key.columns)]
        led += [
            tuple(column.name for column in constraint.columns)
            for constraint in table.constraints
            if isinstance(constraint, UniqueConstraint)
        ]
        for constraint in table.constraints:
            if (
                isinstance(constraint, ForeignKeyConstraint)
                and constraint.referred_table.name not in GLOBAL_TABLES
            ):
                keys = tuple(constraint.column_keys)
                assert any(index[: len(keys)] == keys for index in led), f"{table.name}.{keys}"
