"""Loading the demo community: one district with everything in it, in one transaction."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import ARRAY, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from app.core.bulk import insert_rows
from app.core.db import Database
from app.core.jobs import working
from app.core.passwords import PasswordHasher
from app.core.tables import Base
from app.core.tokens import hash_secret, new_secret
from app.demo.care import build_care
from app.demo.community import Community, settle
from app.demo.dates import build_sessions
from app.demo.journeys import build_journeys
from app.demo.ledger import Ledger, Row
from app.demo.listings import build_listings
from app.demo.logins import DemoLogin, DemoLogins, make_password
from app.demo.maps import build_maps
from app.demo.network import build_network
from app.demo.places import TENANT_SLUG
from app.demo.profiles import build_profiles
from app.demo.thanks import build_thanks
from app.domain.policy import INTEGRATION_SCOPES, Role
from app.features.search_index import service as search_index
from app.features.suggestion_index import service as suggestion_index
from app.models import Account, AccountTenant, Employer, MachineClient, Membership, Tenant

# The order in which they are shown to whoever starts the demo.
_PRINTED = (
    Role.STUDENT,
    Role.GUARDIAN,
    Role.ADVISOR,
    Role.COORDINATOR,
    Role.DISTRICT_ADMIN,
    Role.SUPERVISOR,
    Role.OPERATOR,
)
_CLIENT_NAME = "Student information system"
# Global tables carry the tenant themselves, or have none.
_GLOBAL = (Tenant, Account, AccountTenant)
_MACHINERY = frozenset({"created_at", "updated_at", "version"})


async def is_empty(database: Database) -> bool:
    """Say whether the database holds no tenant at all, so that a demo may be loaded into it."""
    async with working(database, None) as unit:
        return await unit.session.scalar(select(Tenant.id).limit(1)) is None


async def load_demo(
    database: Database, passwords: PasswordHasher, *, today: date, home: Path | None = None
) -> DemoLogins:
    """Load the demo community and return who can sign in.

    The same `today` gives the same rows and ids; only the password and its hashes are new each time. All of it is
    one transaction: a load that is interrupted leaves nothing. With `home`, the logins are kept there (see
    `DemoLogins.read`) before the commit, so that a loaded demo is never without its logins.

    Raises IntegrityError when the demo is loaded already.
    """
    ledger = Ledger(today)
    community = settle(ledger)
    hosts = build_network(ledger, community)
    listings = build_listings(ledger, community, hosts)
    dated = build_sessions(ledger, community, listings)
    # What has dates is enrolled in; everything else is asked for, and pursued.
    supervisors = build_journeys(ledger, community, [one for one in listings if one.row["id"] not in dated])
    build_care(ledger, community, listings, supervisors)
    build_thanks(ledger)
    build_maps(ledger, community)
    build_profiles(ledger, community)
    logins = _logins(ledger, community)
    await _open(ledger, passwords, logins)
    ledger.close()
    async with working(database, ledger.tenant_id) as unit:
        await write(unit.session, ledger)
        # What search and suggestions read; the worker would write it within a minute, and until then students would
        # find nothing.
        ids = [listing.row["id"] for listing in listings]
        await search_index.refresh(unit, ledger.tenant_id, ids)
        await suggestion_index.index(unit, ledger.tenant_id, ids)
        if home is not None:
            await asyncio.to_thread(logins.save, home)
    return logins


async def write(session: AsyncSession, ledger: Ledger) -> None:
    """Write every row of the ledger, in the order in which tables refer to each other."""
    for model in _GLOBAL:
        await session.execute(insert(model), _aligned(model, ledger.rows[model]))
    models = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    for table in Base.metadata.sorted_tables:
        model = models[table]
        if model in ledger.rows and model not in _GLOBAL:
            await insert_rows(session, model, _aligned(model, ledger.rows[model]))


def _aligned(model: type[Base], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Give all rows of a table the same columns, with the table's defaults where one names nothing.

    Columns of the machinery that the table does not have are left out.
    """
    columns = model.__table__.columns
    named = {name for row in rows for name in row if name in columns or name not in _MACHINERY}
    defaults = {name: _default(columns[name].default, columns[name].type) for name in sorted(named)}
    return [{name: row.get(name, default) for name, default in defaults.items()} for row in rows]


def _default(default: object, kind: object) -> Any:
    if isinstance(default, ScalarElementColumnDefault):
        return default.arg
    return [] if isinstance(kind, ARRAY) else None


def _logins(ledger: Ledger, community: Community) -> DemoLogins:
    password = make_password()
    employers = {row["id"]: row["name"] for row in ledger.rows[Employer]}
    places = {
        row["person_id"]: employers[row["employer_id"]]
        for row in ledger.rows[Membership]
        if row.get("employer_id") is not None
    }
    people = []
    for role in _PRINTED:
        login, person, school = community.logins[role]
        people.append(
            DemoLogin(
                role=role.value,
                username=login,
                password=password,
                name=f"{person['given_name']} {person['family_name']}",
                school=None if school is None else school["name"],
                employer=places.get(person["id"]),
            )
        )
    client = _client(ledger)
    return DemoLogins(
        tenant_slug=TENANT_SLUG,
        people=tuple(people),
        client_id=f"client-{client['id']}",
        client_secret=new_secret(),
        client_scopes=tuple(client["scopes"]),
    )


def _client(ledger: Ledger) -> Row:
    at = ledger.ago(300)
    account_id = ledger.new_id(at)
    client = ledger.add(
        MachineClient, at, account_id=account_id, name=_CLIENT_NAME, scopes=sorted(INTEGRATION_SCOPES)
    )
    # A machine signs in with the id of its client; see features/machine_clients.
    login = f"client-{client['id']}"
    ledger.rows[Account].append({"id": account_id, "login": login, "kind": "machine", "created_at": at})
    ledger.rows[AccountTenant].append({"account_id": account_id, "tenant_id": ledger.tenant_id})
    return client


async def _open(ledger: Ledger, passwords: PasswordHasher, logins: DemoLogins) -> None:
    """Give the printed logins their secrets; nobody else can sign in."""
    hashes = await asyncio.gather(*(passwords.hash(person.password) for person in logins.people))
    found = dict(zip((person.username for person in logins.people), hashes, strict=True))
    found[logins.client_id] = hash_secret(logins.client_secret).hex()
    for account in ledger.rows[Account]:
        account["secret_hash"] = found.get(account["login"])
