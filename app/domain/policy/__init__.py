"""Who may do what: the table is in `table.py`, what needs no role in `grants.py`, and how to ask in `actor.py`."""

from app.domain.policy.actor import POLICY, Actor, Standing, may_ever, scopes
from app.domain.policy.grants import INTEGRATION_SCOPES, LINK_ACTIONS, PRIVATE_NOUNS, SYSTEM_ACTIONS
from app.domain.policy.roles import Role, Scope

__all__ = [
    "INTEGRATION_SCOPES",
    "LINK_ACTIONS",
    "POLICY",
    "PRIVATE_NOUNS",
    "SYSTEM_ACTIONS",
    "Actor",
    "Role",
    "Scope",
    "Standing",
    "may_ever",
    "scopes",
]
