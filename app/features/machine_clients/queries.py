"""Every SQL statement of machine clients."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed
from app.core.paging import Keyset
from app.domain.policy import Actor
from app.models import Account, MachineClient

LATEST = Keyset("machine clients", MachineClient.created_at, MachineClient.id, descending=True)

_ACTIONS = ("machine_client.rotate", "machine_client.revoke")
_ITEM: tuple[Any, ...] = (
    MachineClient.id,
    MachineClient.name,
    Account.login.label("client_id"),
    MachineClient.scopes,
    MachineClient.created_at,
    MachineClient.created_by_id,
    MachineClient.revoked_at,
    MachineClient.version,
)


def _shown(actor: Actor, actions: RowActions) -> Select[Any]:
    return (
        select(*_ITEM, *actions.columns)
        .join(Account, Account.id == MachineClient.account_id)
        .where(allowed(actor, "machine_client.read", MachineClient))
    )


def _finish(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    can = actions.take(row, _ACTIONS)
    return {**row, "allowed_actions": can if row["revoked_at"] is None else []}


async def page(
    session: AsyncSession, actor: Actor, limit: int, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 machine clients that the caller may read, the latest first."""
    actions = RowActions(actor, MachineClient, _ACTIONS)
    statement = _shown(actor, actions)
    if after is not None:
        statement = statement.where(LATEST.after())
    found = await session.execute(
        LATEST.order(statement).limit(limit + 1), {} if after is None else LATEST.binds(after)
    )
    return [_finish(dict(row), actions) for row in found.mappings()]


async def view(session: AsyncSession, actor: Actor, client_id: UUID) -> dict[str, Any] | None:
    """Return one machine client as the caller may see it, or None."""
    actions = RowActions(actor, MachineClient, _ACTIONS)
    found = await session.execute(_shown(actor, actions).where(MachineClient.id == client_id))
    row = found.mappings().one_or_none()
    return None if row is None else _finish(dict(row), actions)
