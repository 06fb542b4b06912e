"""Every SQL statement of tenants' settings."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.ids import new_id
from app.domain.tenant_settings import TenantSettings
from app.models import TenantSetting

_NAMES = tuple(TenantSettings.__slots__)
_COLUMNS = tuple(getattr(TenantSetting, name) for name in _NAMES)


async def get(session: AsyncSession, tenant_id: UUID) -> tuple[dict[str, Any], int] | None:
    """Return (settings, version), or None while the tenant changed nothing."""
    found = (
        await session.execute(
            select(*_COLUMNS, TenantSetting.version).where(TenantSetting.tenant_id == tenant_id)
        )
    ).one_or_none()
    if found is None:
        return None
    *values, version = found
    return dict(zip(_NAMES, values, strict=True)), version


async def for_change(session: AsyncSession, tenant_id: UUID) -> TenantSetting:
    """Return the tenant's row under its lock; one with the defaults and version 0 where there was none."""
    await session.execute(
        insert(TenantSetting)
        .values(tenant_id=tenant_id, id=new_id(), version=0)
        .on_conflict_do_nothing(index_elements=["tenant_id"])
    )
    return (
        await session.scalars(
            select(TenantSetting).where(TenantSetting.tenant_id == tenant_id).with_for_update()
        )
    ).one()
