"""Who is asking, and the scopes the table gives them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from app.domain.policy.grants import INTEGRATION_SCOPES
from app.domain.policy.roles import Role, Scope
from app.domain.policy.table import TABLE

_ROLES = (
    Role.STUDENT,
    Role.GUARDIAN,
    Role.SUPERVISOR,
    Role.ADVISOR,
    Role.COORDINATOR,
    Role.DISTRICT_ADMIN,
    Role.INTEGRATION,
    Role.OPERATOR,
)

POLICY: dict[str, dict[Role, frozenset[Scope]]] = {
    action: {
        role: frozenset(Scope(word) for word in cell.split("+")) - {Scope.NONE}
        for role, cell in zip(_ROLES, cells, strict=True)
    }
    for action, cells in TABLE.items()
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One active membership: a role, at a school or an employer, or in the tenant as a whole."""

    role: Role
    school_id: UUID | None
    employer_id: UUID | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, in one tenant, with the memberships of this very moment."""

    tenant_id: UUID
    account_id: UUID
    session_id: UUID
    person_id: UUID | None
    locale: str
    standings: tuple[Standing, ...]
    oauth_scopes: frozenset[str] = frozenset()
    by_link: bool = False  # without an account, by the link they were sent: account and session are nobody's
    roles: frozenset[Role] = field(init=False)

    def __post_init__(self) -> None:
        """Note the roles held anywhere in the tenant."""
        object.__setattr__(self, "roles", frozenset(standing.role for standing in self.standings))

    def schools(self, roles: Iterable[Role] | None = None) -> list[UUID]:
        """Return the schools where one of `roles` (default: any role) is held."""
        wanted = frozenset(Role) if roles is None else frozenset(roles)
        return sorted({s.school_id for s in self.standings if s.school_id is not None and s.role in wanted})

    def employers(self) -> list[UUID]:
        """Return the employers this person supervises for."""
        return sorted({s.employer_id for s in self.standings if s.employer_id is not None})


def scopes(actor: Actor, action: str) -> Mapping[Scope, frozenset[Role]]:
    """Return each scope the actor has for an action, with the roles that give it; empty means never."""
    return _scopes_of(actor.roles, actor.oauth_scopes, action)


@lru_cache(maxsize=8192)
def _scopes_of(
    roles: frozenset[Role], oauth_scopes: frozenset[str], action: str
) -> Mapping[Scope, frozenset[Role]]:
    row = POLICY[action]
    granted = any(action in INTEGRATION_SCOPES.get(name, ()) for name in oauth_scopes)
    found: dict[Scope, frozenset[Role]] = {}
    for role in sorted(roles):
        for scope in row[role]:
            if scope is not Scope.GRANTED or granted:
                found[scope] = found.get(scope, frozenset()) | {role}
    return MappingProxyType(found)


def may_ever(actor: Actor, action: str) -> bool:
    """Say whether any row at all could be open to this actor for this action."""
    return bool(scopes(actor, action))
