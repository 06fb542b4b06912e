"""Background work of accounts: mails for new passwords, and the end of old logins and links."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock
from app.core.jobs import Workshop, working
from app.domain.account import RESET_PAUSE
from app.features.accounts import service

KEPT = timedelta(days=30)


async def request_password_reset(work: Workshop, account_id: UUID) -> bool:
    """Write the mail that somebody asked for, if the id is an account's; say whether it was written."""
    async with working(work.database, None) as unit:
        return await service.write_reset_mail(unit, account_id, clock.now() - RESET_PAUSE)


async def sweep_global(work: Workshop, now: datetime) -> int:
    """Delete logins and links that ended more than 30 days ago; return how many there were."""
    async with working(work.database, None) as unit:
        return await service.delete_older(unit.session, now - KEPT)
