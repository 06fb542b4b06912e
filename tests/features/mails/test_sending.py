"""From an event to the message in somebody's mailbox, through a real mail server."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from app.core import clock
from app.core.events import SYSTEM, ByAccount, record
from app.core.jobs import Workshop, working
from app.core.mail import FileMailer, MailDeferred, Message, SmtpMailer
from app.domain.contact import ContactStatus
from app.features.contacts import service as contacts
from app.features.links import service as links
from app.features.mails import jobs
from app.features.suppressions import service as suppressions
from app.models import Contact, Mail, Person, Placement, Pursuit
from app.settings import Settings
from tests import introducing
from tests.draining import Drain, drain
from tests.features.mails.post_office import PostOffice, opened, text_of
from tests.world import World

Owner = psycopg.Connection[Any]


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@pytest.fixture
async def posting(workshop: Workshop, office: PostOffice, settings: Settings) -> AsyncIterator[Workshop]:
    """The workshop with a mail server instead of files."""
    async with opened(office) as url:
        mailer = SmtpMailer(url, settings.mail_from, timeout=5)
        yield replace(workshop, mailer=mailer)
        await mailer.close()


async def approve(work: Workshop, world: World) -> None:
    tenant, clara = world["lakeside"], world.residents["clara"]
    async with working(work.database, tenant) as unit:
        pursuit = await unit.session.get_one(Pursuit, (tenant, world["leo_pursuit"]))
        pursuit.expires_on = date(2027, 3, 5)
        author = ByAccount(clara.account_id, clara.person_id)
        await record(unit.session, "pursuit.approve", actor=author, subject=pursuit, reason="go")


async def post(work: Workshop, world: World, template: str, **options: Any) -> UUID:
    """Write down a mail of any kind; `to` names a contact, a person or an account."""
    mail = Mail(tenant_id=world["lakeside"], template=template, due_at=clock.now(), facts={}, **options)
    async with working(work.database, world["lakeside"]) as unit:
        unit.session.add(mail)
        await unit.session.flush()
    return mail.id


async def invite(work: Workshop, world: World) -> UUID:
    """Ask the cousin for consent, as if she had only been suggested."""
    tenant = world["lakeside"]
    async with working(work.database, tenant) as unit:
        cousin = await unit.session.get_one(Contact, (tenant, world["cousin"]))
        cousin.status, cousin.answered_at = ContactStatus.PROPOSED, None
        await unit.session.flush()
        await contacts.invite(unit.session, cousin)
    return world["cousin"]


def state(owner: Owner, template: str) -> tuple[Any, ...]:
    row = owner.execute(
        "SELECT state, attempts, fault, done_at IS NOT NULL FROM mails WHERE template = %s", (template,)
    ).fetchone()
    assert row is not None
    return tuple(row)


def secret_in(message: str, path: str) -> str:
    found = re.search(rf"http://\S+/{path}/([\w-]+)", message)
    assert found is not None, message
    return found[1]


async def test_a_student_reads_in_the_mailbox_what_the_coordinator_decided(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    await approve(posting, world)

    await drain(posting)

    message = office.to("leo@example.org")
    assert message["Subject"] == "Go for it: Veterinary assistant internship"
    body = text_of(message)
    assert "until March 5, 2027" in body
    assert f"http://127.0.0.1:8000/pursuits/{world['leo_pursuit']}" in body
    assert "Clara C., North School, clara@example.org" in body
    assert state(owner, "pursuit_approved") == ("done", 1, None, True)
    mail_id = owner.execute("SELECT id FROM mails WHERE template = 'pursuit_approved'").fetchone()
    assert mail_id is not None
    assert str(mail_id[0]) in message["Message-ID"]


async def test_a_spanish_reader_gets_spanish(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    owner.execute("UPDATE people SET locale = 'es' WHERE id = %s", (world["leo"],))
    await approve(posting, world)

    await drain(posting)

    assert "5 de marzo de 2027" in text_of(office.to("leo@example.org"))


async def test_a_letter_about_a_student_says_no_more_than_first_name_and_initial(
    world: World, posting: Workshop, office: PostOffice
) -> None:
    tenant = world["lakeside"]
    async with working(posting.database, tenant) as unit:
        placement = await unit.session.get_one(Placement, (tenant, world["leo_placement"]))
        await record(unit.session, "placement.create", actor=SYSTEM, subject=placement)

    await drain(posting)

    assert {message["To"] for message in office.arrived} == {
        f"{name}@example.org" for name in ("leo", "rosa", "ada", "clara")
    }
    assert "Leo L." in text_of(office.to("rosa@example.org"))
    assert not any("Leoson" in message.as_string() for message in office.arrived)


async def test_an_import_is_summed_up_for_whoever_started_it(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    subject = world["leo_pursuit"]
    owner.execute(
        "INSERT INTO imports (tenant_id, id, kind, status, dry_run, created_by_id, rows_done, counts, created_at,"
        " updated_at, version) VALUES (%s, %s, 'roster', 'applied', false, %s, 7, %s, %s, now(), 1)",
        (
            world["lakeside"],
            subject,
            world["ellis"],
            '{"files": {"users.csv": {"read": 5, "taken": 4, "rejected": 1}, "orgs.csv": {"read": 2, "taken": 2}}}',
            datetime(2027, 3, 5, 17, 0, tzinfo=UTC),
        ),
    )
    await post(posting, world, "import_finished", person_id=world["ellis"], subject_id=subject)

    await jobs.sweep(posting, world["lakeside"], clock.now() + timedelta(hours=1))
    await drain(posting)

    body = text_of(office.to("ellis@example.org"))
    assert "March 5, 2027, 12:00 PM EST" in body
    assert "Rows read: 7" in body
    assert "Rows taken: 6" in body
    assert "Rows not taken: 1" in body


async def test_a_mail_server_that_is_away_is_tried_again_later(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    office.refusal = "451 4.3.2 try later"
    await approve(posting, world)
    await drain(posting)
    first = state(owner, "pursuit_approved")

    await drain(posting)
    office.refusal = ""
    with clock.shifted(timedelta(minutes=2)):
        await drain(posting)

    assert first == ("waiting", 1, "MailDeferred", False)
    assert office.refused == 1
    assert len(office.arrived) == 1
    assert state(owner, "pursuit_approved")[0] == "done"


async def test_a_refused_mail_is_not_sent_again(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    office.refusal = "550 5.1.1 nobody here"
    await approve(posting, world)

    await drain(posting)
    with clock.shifted(timedelta(days=1)):
        await drain(posting)

    assert office.refused == 1
    assert state(owner, "pursuit_approved") == ("failed", 1, "refused", True)


async def test_after_five_days_a_mail_is_given_up(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    office.refusal = "451 4.3.2 try later"
    await approve(posting, world)
    await drain(posting)

    with clock.shifted(timedelta(days=6)):
        await drain(posting)

    assert state(owner, "pursuit_approved") == ("failed", 2, "MailDeferred", True)


async def test_somebody_who_left_is_not_written_to(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    mail_id = await post(posting, world, "connection_active", person_id=world["rosa"])
    owner.execute("UPDATE people SET ended_at = now() WHERE id = %s", (world["rosa"],))

    await jobs.send_mail(posting, world["lakeside"], mail_id)

    assert office.arrived == []
    assert state(owner, "connection_active") == ("failed", 1, "nobody_to_write_to", True)


async def test_an_invitation_carries_a_link_that_opens_for_that_person_and_address(
    world: World, posting: Workshop, office: PostOffice
) -> None:
    mail_id = await post(posting, world, "invitation", person_id=world["omar"], subject_id=world["omar"])

    await jobs.send_mail(posting, world["lakeside"], mail_id)

    body = text_of(office.to("omar@example.org"))
    assert "The school office invites you to Kithwork at North School, part of Lakeside." in body
    async with working(posting.database, None) as unit:
        link = await links.look(unit.session, secret_in(body, "invitation"), "invitation")
    assert (link.subject_id, link.tenant_id, link.login) == (
        world["omar"],
        world["lakeside"],
        "omar@example.org",
    )


async def test_a_new_password_is_mailed_to_the_login_and_only_while_its_link_lives(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    account_id = world.residents["rosa"].account_id
    owner.execute("UPDATE people SET email = 'elsewhere@example.org' WHERE id = %s", (world["rosa"],))
    in_time = await post(posting, world, "password_reset", account_id=account_id, subject_id=account_id)
    with clock.shifted(timedelta(hours=-2)):
        too_late = await post(posting, world, "password_reset", account_id=account_id)

    await jobs.send_mail(posting, world["lakeside"], in_time)
    await jobs.send_mail(posting, world["lakeside"], too_late)

    secret = secret_in(text_of(office.to("rosa@example.org")), "reset")
    async with working(posting.database, None) as unit:
        link = await links.look(unit.session, secret, "password_reset")
    assert link.subject_id == account_id
    assert owner.execute("SELECT fault FROM mails WHERE id = %s", (too_late,)).fetchone() == ("too_late",)


async def test_a_username_is_no_mailbox(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    account_id = world.residents["leo"].account_id
    owner.execute("UPDATE accounts SET login = 'leo.l@lakeside' WHERE id = %s", (account_id,))
    mail_id = await post(posting, world, "password_changed", account_id=account_id)

    await jobs.send_mail(posting, world["lakeside"], mail_id)

    assert office.arrived == []
    assert state(owner, "password_changed")[2] == "nobody_to_write_to"


async def test_a_suggested_contact_gets_one_message_whose_link_opens(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    cousin = await invite(posting, world)

    await drain(posting)

    message = office.to("vera@clinic.example")
    assert message["Subject"] == "North School would like to ask you something"
    async with working(posting.database, None) as unit:
        link = await links.look(unit.session, secret_in(text_of(message), "consent"), "consent")
    assert link.subject_id == cousin
    assert owner.execute("SELECT kind FROM contact_attempts").fetchall() == [("invitation",)]
    assert state(owner, "consent_invitation") == ("done", 1, None, True)


async def test_a_contact_who_may_not_be_written_to_looks_the_same_and_hears_nothing(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    cousin = await invite(posting, world)
    async with working(posting.database, world["lakeside"]) as unit:
        contact = await unit.session.get_one(Contact, (world["lakeside"], cousin))
        await suppressions.note_attempt(unit.session, posting.hash_key, contact, "invitation")

    await drain(posting)

    assert office.arrived == []
    assert state(owner, "consent_invitation") == ("done", 1, None, True)
    assert owner.execute("SELECT count(*) FROM contact_attempts").fetchone() == (1,)


async def test_a_contact_erased_in_between_is_not_written_to(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    cousin = await invite(posting, world)
    owner.execute(
        "UPDATE contacts SET given_name = NULL, family_name = NULL, email = NULL, erased_at = now() WHERE id = %s",
        (cousin,),
    )

    await drain(posting)

    assert office.arrived == []
    assert state(owner, "consent_invitation")[0] == "failed"


async def test_without_a_mail_server_mails_are_files_and_erasure_takes_a_contacts_away(
    world: World, workshop: Workshop, home: Path, drain: Drain
) -> None:
    cousin = await invite(workshop, world)
    await approve(workshop, world)
    await drain()
    before = len(list((home / "mail").iterdir()))

    await jobs.erase_mail_files(workshop, world["lakeside"], cousin)

    assert before == 2
    left = [path.read_text() for path in (home / "mail").iterdir()]
    assert len(left) == 1
    assert "vera@clinic.example" not in left[0]


async def test_a_mail_sent_twice_has_the_same_id_and_both_links_open(
    world: World, posting: Workshop, office: PostOffice, owner: Owner
) -> None:
    mail_id = await post(posting, world, "invitation", person_id=world["omar"])
    await jobs.send_mail(posting, world["lakeside"], mail_id)
    # What a crash between the mail server's yes and our commit leaves behind.
    owner.execute(
        "UPDATE mails SET state = 'waiting', done_at = NULL, attempts = 0 WHERE id = %s", (mail_id,)
    )

    await jobs.send_mail(posting, world["lakeside"], mail_id)

    first, second = office.arrived
    assert first["Message-ID"] == second["Message-ID"]
    async with working(posting.database, None) as unit:
        for message in (first, second):
            await links.look(unit.session, secret_in(text_of(message), "invitation"), "invitation")


async def test_a_letter_that_cannot_be_written_is_given_up_after_eight_tries(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    class Broken:
        async def send(self, message: Message) -> None:
            raise LookupError(message.to)

        async def close(self) -> None:
            raise MailDeferred("never open")

    await approve(workshop, world)
    await drain(workshop, failures_expected=True)
    owner.execute("UPDATE mails SET state = 'waiting', done_at = NULL, attempts = 0, due_at = created_at")
    mail_id = owner.execute("SELECT id FROM mails").fetchone()
    assert mail_id is not None

    for hours in range(9):
        with clock.shifted(timedelta(hours=2 * hours)):
            await jobs.send_mail(replace(workshop, mailer=Broken()), world["lakeside"], mail_id[0])

    assert state(owner, "pursuit_approved") == ("failed", 8, "LookupError", True)


async def test_a_reader_who_is_gone_when_the_link_is_made_costs_nothing(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    async with working(workshop.database, world["lakeside"]) as unit:
        omar = await unit.session.get_one(Person, (world["lakeside"], world["omar"]))
        omar.email = None
    mail_id = await post(workshop, world, "invitation", person_id=world["omar"])

    await jobs.send_mail(workshop, world["lakeside"], mail_id)

    assert state(owner, "invitation") == ("failed", 1, "nobody_to_write_to", True)


def test_mails_go_to_the_server_that_is_set_or_into_files(settings: Settings) -> None:
    by_server = settings.model_copy(update={"smtp_url": SecretStr("smtp://127.0.0.1:25?starttls=false")})

    assert isinstance(jobs.make_mailer(by_server), SmtpMailer)
    assert isinstance(jobs.make_mailer(settings), FileMailer)


async def test_who_said_never_elsewhere_is_asked_for_nothing_here_either(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: Owner, home: Path
) -> None:
    async with working(workshop.database, None) as unit:
        await suppressions.suppress(unit.session, workshop.hash_key, "Vera+clinic@clinic.example")
    way = await introducing.approved(world, workshop)
    await introducing.answer(world, way, client, "contributor", "yes")

    await drain(workshop)

    told = introducing.mails(home)
    asked = "SELECT template, state, fault FROM mails WHERE contact_id = %s"
    assert owner.execute(asked, (world["cousin"],)).fetchall() == [("introduction_request", "done", None)]
    assert "vera@clinic.example" not in told
    assert told
