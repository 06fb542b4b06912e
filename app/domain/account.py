"""What people sign in with, and how accounts come about."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum

from app.domain.policy import Role

INVITATION_LIFE = timedelta(days=30)
RESET_LIFE = timedelta(hours=1)
# A family's phone asks twice for the same new password; more mails than this only help who wants to annoy.
RESET_PAUSE = timedelta(minutes=5)

LONGEST_LOGIN = 254

# An e-mail domain has a dot and a tenant's slug has none, so no username can be anybody's address.
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}", re.ASCII)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,39}", re.ASCII)
_NUMBERED = 9


class InvitationWay(StrEnum):
    """How an invitation reaches the person."""

    MAIL = "mail"
    CODE = "code"


class InvitationOutcome(StrEnum):
    """What became of the wish to invite one person."""

    INVITED = "invited"
    NEW_PASSWORD = "new_password"  # noqa: S105 - an outcome, no secret
    HAS_ACCOUNT = "has_account"
    NO_EMAIL = "no_email"
    ENDED = "ended"
    STAFF_BY_MAIL = "staff_by_mail"
    NOT_FOUND = "not_found"


# A printed code passes through the hands of whoever prints it. For those who decide about others that must not be
# a way to become them.
_CODE_FOR = frozenset({Role.STUDENT, Role.GUARDIAN})
_NEVER_CODE_FOR = frozenset({Role.DISTRICT_ADMIN, Role.OPERATOR})


def canonical_login(text: str) -> str:
    """Return a login as it is stored, however it was typed."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def is_email(login: str) -> bool:
    """Say whether a login is an e-mail address; otherwise it is `name@tenant`."""
    return len(login) <= LONGEST_LOGIN and _EMAIL.fullmatch(login) is not None


def login_from_email(email: str | None) -> str | None:
    """Return the login that a person with this address would have, or None when it cannot be one."""
    login = canonical_login(email or "")
    return login if is_email(login) else None


def username_at(name: str, slug: str) -> str | None:
    """Return the login `name@slug` for a chosen username (with or without the slug), or None if it cannot be one."""
    chosen = canonical_login(name).removesuffix(f"@{slug}")
    return f"{chosen}@{slug}" if _USERNAME.fullmatch(chosen) else None


def is_slug(slug: str) -> bool:
    """Say whether a text can be a tenant's short name: lower-case letters, digits and hyphens, no dot."""
    return _SLUG.fullmatch(slug) is not None


def proposed_usernames(given_name: str, family_name: str, slug: str) -> Iterator[str]:
    """Yield the logins to try for a person: `maya.m@lakeside`, then `maya.m2@lakeside` and so on up to 9."""
    given, family = _plain(given_name), _plain(family_name)
    name = ".".join(part for part in (given, family[:1]) if part)
    base = name if len(name) > 2 else f"{name or 'user'}.kw"  # noqa: PLR2004 - the shortest username has three characters
    yield f"{base}@{slug}"
    for number in range(2, _NUMBERED + 1):
        yield f"{base}{number}@{slug}"


def may_have_code(roles: frozenset[Role], *, inviter_leads_tenant: bool) -> bool:
    """Say whether a person of these roles may be invited by a code that the inviter gets to see."""
    if roles & _NEVER_CODE_FOR:
        return False
    return inviter_leads_tenant or (bool(roles) and roles <= _CODE_FOR)


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", letters)[:30]
