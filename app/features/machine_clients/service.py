"""Machine clients: made, given a new secret, revoked."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import NotFound
from app.core.tokens import hash_secret, new_secret
from app.domain.errors import Refused
from app.domain.policy import Actor
from app.features.accounts import service as accounts
from app.features.machine_clients import queries
from app.features.machine_clients.schemas import MachineClientIn
from app.models import MachineClient


async def view(session: AsyncSession, actor: Actor, client_id: UUID) -> dict[str, Any]:
    """Return one machine client as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, client_id)
    if found is None:
        raise NotFound(
            "there is no machine client here with this id that you may see",
            spanish="no existe aquí ningún cliente de máquina con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: MachineClientIn) -> tuple[UUID, str]:
    """Make a machine client; return its id and its secret, of which only the hash is kept."""
    secret, client_id = new_secret(), new_id()
    # A machine's secret is random, so a fast hash keeps it (see hash_secret); it is never compared with a password.
    account_id = await accounts.create_login(
        session, actor.tenant_id, None, f"client-{client_id}", hash_secret(secret).hex()
    )
    client = MachineClient(
        tenant_id=actor.tenant_id,
        id=client_id,
        account_id=account_id,
        name=body.name,
        scopes=[scope.value for scope in body.scopes],
        created_by_id=actor.person_id,
    )
    session.add(client)
    await record(
        session, "machine_client.create", actor=actor, subject=client, facts={"scopes": client.scopes}
    )
    return client_id, secret


async def rotate(session: AsyncSession, actor: Actor, client_id: UUID, version: int) -> str:
    """Give a machine client a new secret and return it; the old one and its tokens end at once."""
    client = await _open(session, actor, "machine_client.rotate", client_id, version)
    secret = new_secret()
    await accounts.set_secret(session, client.account_id, hash_secret(secret).hex())
    await accounts.end_sessions(session, client.account_id)
    client.updated_at = clock.now()
    await record(session, "machine_client.rotate", actor=actor, subject=client)
    return secret


async def revoke(session: AsyncSession, actor: Actor, client_id: UUID, version: int) -> None:
    """Close a machine client for good; its tokens end at once."""
    client = await _open(session, actor, "machine_client.revoke", client_id, version)
    client.revoked_at = clock.now()
    await accounts.disable(session, client.account_id)
    await record(session, "machine_client.revoke", actor=actor, subject=client)


async def _open(
    session: AsyncSession, actor: Actor, action: str, client_id: UUID, version: int
) -> MachineClient:
    client = await get(session, actor, action, MachineClient, client_id, lock=True)
    check_version(client, version)
    if client.revoked_at is not None:
        raise Refused(
            "wrong_state",
            "this machine client was revoked; make a new one",
            "este cliente de máquina fue revocado; cree uno nuevo",
        )
    return client
