"""Accounts, their passwords and their logins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.core.events import LINK, Author, record
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.limits import Backoff
from app.core.passwords import PasswordHasher, check_password_rules
from app.core.problems import Conflict, FieldError, TooManyRequests, Unauthorized, Unprocessable
from app.core.tokens import InvalidToken, TokenReader
from app.domain.account import canonical_login, is_email, is_slug
from app.domain.policy import Actor
from app.features.accounts import queries
from app.features.accounts.queries import Credentials, Standing
from app.features.accounts.wording import in_spanish
from app.features.links import service as links
from app.models import Account, LinkToken, LoginSession, Mail, Tenant

REQUEST_RESET = "request_password_reset"

credentials = queries.credentials
verified = queries.verified
standings = queries.standings
tenant_slug = queries.tenant_slug
is_here = queries.is_here
login_session = queries.login_session
set_secret = queries.set_secret
taken_logins = queries.taken_logins

__all__ = ["Credentials", "Standing"]


async def create_tenant(session: AsyncSession, slug: str, name: str, locale: str, zone: str) -> Tenant:
    """Make a tenant, for the operator; raises Unprocessable for a slug that cannot be one, Conflict for a taken one."""
    if not is_slug(slug):
        raise Unprocessable(
            "choose a short name of 2 to 40 lower-case letters, digits and hyphens",
            spanish="elija un nombre corto de 2 a 40 letras minúsculas, cifras y guiones",
        )
    raise NotImplementedError
