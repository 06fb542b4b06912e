"""Thanks in the demo: contributors heard that their connections helped, at the occasions at which the service says so."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core.tables import Event
from app.demo.ledger import Ledger, Row
from app.domain.notices import Audience
from app.domain.placement import PlacementStatus
from app.domain.small_counts import FEWEST_SHOWN
from app.domain.thanks import occasion
from app.models import Connection, Person, Placement

_SOON = timedelta(seconds=2)


def build_thanks(ledger: Ledger) -> None:
    """Thank the contributors for every placement that began through them, in the order in which they began."""
    placements: dict[UUID, Row] = {row["id"]: row for row in ledger.rows[Placement]}
    connections: dict[UUID, Row] = {row["id"]: row for row in ledger.rows[Connection]}
    people: dict[UUID, Row] = {row["id"]: row for row in ledger.rows[Person]}
    events = sorted(ledger.rows[Event], key=lambda event: (event["created_at"], event["id"]))
    latest: dict[UUID, datetime] = {event["subject_id"]: event["created_at"] for event in events}
    helped: dict[UUID, set[UUID]] = {}
    for event in [event for event in events if event["action"] == "placement.activate"]:
        placement = placements[event["subject_id"]]
        connection = connections.get(placement["connection_id"])
        if connection is None or placement["status"] is PlacementStatus.NO_SHOW:
            continue
        students = helped.setdefault(connection["id"], set())
        students.add(placement["student_id"])
        reached = occasion(len(students))
        if reached <= connection.get("thanked_for", 0):
            continue
        connection["thanked_for"] = reached
        told = reached >= FEWEST_SHOWN
        # After whatever else became of the connection: its events stand in their order.
        at = max(event["created_at"], latest[connection["id"]]) + _SOON
        latest[connection["id"]] = at
        contributor = people[connection["contributor_id"]]
        ledger.note(
            "connection.thank_for_many" if told else "connection.thank",
            connection,
            at,
            contributor["id"],
            {Audience.CONTRIBUTOR: [contributor]},
            {"students": reached} if told else None,
        )
