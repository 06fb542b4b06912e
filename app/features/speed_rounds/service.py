"""What people do with the rota of a speed networking session: draw it, and read their part of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.problems import FieldError, Unprocessable
from app.domain.errors import Refused
from app.domain.policy import Actor
from app.domain.session import SessionStatus
from app.domain.speed_networking import LACKS, check_smallest, fewest_at_a_table, lacks_of, rota
from app.features.seats import service as seats
from app.features.speed_rounds import queries
from app.features.speed_rounds.schemas import Professional, SpeedDraw
from app.models import OpportunitySession


async def view(session: AsyncSession, actor: Actor, session_id: UUID) -> dict[str, Any]:
    """Return the rota of a session as far as the caller may see it; without one, no rounds."""
    name = "opportunity_session.read_speed_rounds"
    found: OpportunitySession = await get(session, actor, name, OpportunitySession, session_id)
    whole = await queries.runs_it(session, actor, session_id)
    mine = await queries.readable_students(session, actor, session_id)
    present = set(await queries.students(session, actor.tenant_id, session_id))
    rounds: dict[int, dict[str, Any]] = {}
    seats_taken = await queries.seats(session, actor.tenant_id, session_id)
    for seat in seats_taken:
        turn = rounds.setdefault(
            seat["number"],
            {
                "number": seat["number"],
                "starts_at": seat["starts_at"],
                "ends_at": seat["ends_at"],
                "tables": {},
            },
        )
        table = turn["tables"].setdefault(
            seat["table_number"], {"number": seat["table_number"], "professionals": [], "students": []}
        )
        if seat["student_id"] is not None:
            if seat["student_id"] in present:
                table["students"].append({"id": seat["student_id"], "name": seat["student_name"]})
        elif (who := _professional(seat)) is not None:
            table["professionals"].append(who)
    smallest = fewest_at_a_table(virtual=found.virtual)
    out_of_date = _is_out_of_date(seats_taken, present, smallest) or any(
        turn["starts_at"] < found.starts_at or turn["ends_at"] > found.ends_at for turn in rounds.values()
    )
    # Students know whom they sit with; their families and advisors read of no other student.
    names_others = whole or actor.person_id in mine
    for turn in rounds.values():
        turn["tables"] = [
            table
            for table in turn["tables"].values()
            if whole or any(student["id"] in mine for student in table["students"])
        ]
        for table in turn["tables"]:
            found_lacking = lacks_of(len(table["students"]), len(table["professionals"]))
            table["lacks"] = [
                {"code": lack, "en": LACKS[lack].en, "es": LACKS[lack].es} for lack in found_lacking
            ]
        if not whole:
            for table in turn["tables"]:
                table["students"] = [
                    {**student, "id": student["id"] if student["id"] in mine else None}
                    for student in table["students"]
                    if names_others or student["id"] in mine
                ]
    return {
        "session_id": found.id,
        "version": found.version,
        "out_of_date": bool(rounds) and out_of_date,
        "rounds": list(rounds.values()),
    }


def _is_out_of_date(seats_taken: list[dict[str, Any]], present: set[UUID], smallest: int) -> bool:
    """Say whether a rota does not hold any more: students came or left, or professionals left or became one.

    So it is too where the session became virtual, and a table of one student a room of its own. Then somebody might be alone at a table, or meet the same professional again.
    """
    if {seat["student_id"] for seat in seats_taken if seat["student_id"] is not None} != present:
        return True
    tables: dict[tuple[int, int], tuple[set[UUID], set[UUID]]] = {}
    for seat in seats_taken:
        students, professionals = tables.setdefault((seat["number"], seat["table_number"]), (set(), set()))
        if seat["student_id"] is not None:
            students.add(seat["student_id"])
        elif (named := seat["contact_id"] or seat["person_id"]) is not None:
            professionals.add(named)
    if any(len(students) < smallest or not professionals for students, professionals in tables.values()):
        return True
    met = [(one, other) for students, others in tables.values() for one in students for other in others]
    return len(set(met)) != len(met)


def _professional(seat: dict[str, Any]) -> dict[str, Any] | None:
    if seat["contact_id"] is not None:
        return {
            "name": seat["contact_name"],
            "job_title": seat["job_title"],
            "employer_name": seat["employer_name"],
        }
    if seat["person_id"] is not None:
        return {"name": seat["person_name"], "job_title": None, "employer_name": seat["works_at"]}
    return None


async def move(session: AsyncSession, tenant_id: UUID, session_id: UUID, by: timedelta) -> None:
    """Let the rounds of a session move with it."""
    if by:
        await queries.move(session, tenant_id, session_id, by)


async def draw(session: AsyncSession, actor: Actor, session_id: UUID, version: int, body: SpeedDraw) -> None:
    """Draw the rota of a session, in place of the one it had; raises Refused for what cannot be."""
    name = "opportunity_session.draw_speed_rounds"
    await get(session, actor, name, OpportunitySession, session_id)
    # Nobody enrols or leaves while it is drawn.
    found = await seats.lock_session(session, actor.tenant_id, session_id)
    check_version(found, version)
    if found.status is not SessionStatus.SCHEDULED or found.ends_at <= clock.now():
        raise Refused(
            "not_open",
            "this session is over or cancelled; a rota is for one that is to come",
            "esta sesión terminó o se canceló; el plan es para una que esté por llegar",
        )
    check_smallest(body.smallest_table, virtual=found.virtual)
    await _check_professionals(session, actor, body.professionals)
    students = await queries.students(session, actor.tenant_id, session_id)
    tables = rota(students, body.professionals, body.rounds, body.smallest_table)
    starts_at = found.starts_at + timedelta(minutes=body.starts_after_minutes)
    length, every = timedelta(minutes=body.minutes), timedelta(minutes=body.minutes + body.break_minutes)
    times = [(starts_at + every * turn, starts_at + every * turn + length) for turn in range(body.rounds)]
    if times[-1][1] > found.ends_at:
        needed = int((times[-1][1] - found.starts_at).total_seconds() // 60)
        raise Refused(
            "does_not_fit",
            f"these rounds take {needed} minutes and the session is shorter; ask for fewer or shorter rounds",
            f"estas rondas duran {needed} minutos y la sesión es más corta; pida menos rondas o más breves",
            pointer="/minutes",
        )
    await record(
        session,
        name,
        actor=actor,
        subject=found,
        facts={
            "rounds": body.rounds,
            "tables": len(tables[0]),
            "students": len(students),
            "professionals": len(body.professionals),
            "alone": sum(len(table.students) == 1 for turn in tables for table in turn),
        },
    )
    rounds = [(*time, turn) for time, turn in zip(times, tables, strict=True)]
    await queries.replace(session, actor.tenant_id, session_id, rounds)


async def _check_professionals(
    session: AsyncSession, actor: Actor, professionals: list[Professional]
) -> None:
    contacts = [who.contact_id for who in professionals if who.contact_id is not None]
    people = [who.person_id for who in professionals if who.person_id is not None]
    known = await queries.contacts_who_may_come(session, actor, contacts)
    known |= await queries.people_who_may_come(session, actor, people)
    seen: set[UUID] = set()
    for number, who in enumerate(professionals):
        named = who.contact_id or who.person_id
        if named is None or named not in known or named in seen:
            raise Unprocessable(
                "name each professional once: contacts who said yes, and supervisors of your employers",
                spanish="nombre una sola vez a cada profesional: contactos que dijeron que sí y supervisores",
                errors=[
                    FieldError(
                        "named twice, or not somebody who may come",
                        "unknown_professional",
                        pointer=f"/professionals/{number}",
                    )
                ],
            )
        seen.add(named)
