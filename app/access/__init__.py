"""Who is asking, which rows they may act on, and what every change must carry."""

from app.access.caller import CurrentActor, CurrentUnit, PublicSession, Session
from app.access.lists import ListRoute
from app.access.owners import MODELS
from app.access.preconditions import IfMatch, check_version, needs, once
from app.access.rows import RowActions, allowed, get, require_at_school, require_ever, verbs, was_merged
from app.access.scopes import binds

__all__ = [
    "MODELS",
    "CurrentActor",
    "CurrentUnit",
    "IfMatch",
    "ListRoute",
    "PublicSession",
    "RowActions",
    "Session",
    "allowed",
    "binds",
    "check_version",
    "get",
    "needs",
    "once",
    "require_at_school",
    "require_ever",
    "verbs",
    "was_merged",
]
