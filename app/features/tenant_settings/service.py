"""Reading and changing what a tenant decides for itself."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version
from app.core.events import record
from app.core.problems import FieldError, Unprocessable
from app.domain.policy import Actor, may_ever
from app.domain.tenant_settings import DEFAULTS, TenantSettings
from app.features.tenant_settings import queries
from app.features.tenant_settings.schemas import TenantSettingsPatch


async def of(session: AsyncSession, tenant_id: UUID) -> TenantSettings:
    """Return what holds in a tenant; the defaults while it changed nothing."""
    found = await queries.get(session, tenant_id)
    if found is None:
        return DEFAULTS
    values, _version = found
    return TenantSettings(**values | {"sensitive_industries": tuple(values["sensitive_industries"])})


async def view(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    """Return the tenant's settings, with their version and what the caller may do."""
    found = await queries.get(session, actor.tenant_id)
    values, version = found or ({name: getattr(DEFAULTS, name) for name in TenantSettings.__slots__}, 0)
    can = ["update"] if may_ever(actor, "tenant_setting.update") else []
    return values | {"version": version, "allowed_actions": can}


async def change(session: AsyncSession, actor: Actor, body: TenantSettingsPatch, version: int) -> None:
    """Change what was given; raises Unprocessable for a null, PreconditionFailed for an old version."""
    changes = body.model_dump(exclude_unset=True)
    for name, value in changes.items():
        if value is None:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
    settings = await queries.for_change(session, actor.tenant_id)
    check_version(settings, version)
    before = {name: getattr(settings, name) for name in changes}
    for name, value in changes.items():
        setattr(settings, name, sorted(set(value)) if isinstance(value, list) else value)
    after = {name: getattr(settings, name) for name in changes}
    await record(
        session,
        "tenant_setting.update",
        actor=actor,
        subject=settings,
        facts={"before": before, "after": after},
    )
