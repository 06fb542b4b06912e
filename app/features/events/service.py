"""Giving an event the shape that the contract shows."""

from typing import Any


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """Return one event of the audit trail, its actor put together."""
    return {
        "id": row["id"],
        "at": row["created_at"],
        "action": row["action"],
        "subject_type": row["subject_type"],
        "subject_id": row["subject_id"],
        "subject_seq": row["subject_seq"],
        "actor": {"kind": row["actor_kind"], "person_id": row["actor_person_id"], "name": row["actor_name"]},
        "reason": row["reason"],
        "changed": row["changed"],
        "facts": row["facts"],
        "request_id": row["request_id"],
    }
