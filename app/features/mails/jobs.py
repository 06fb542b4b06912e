"""Sending mails: at least once, each with an id of its own, and none to somebody who must not be written to."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.jobs import Workshop, ask_for, working
from app.core.mail import FileMailer, MailDeferred, Mailer, MailRefused, Message, SmtpMailer
from app.core.metrics import REGISTRY
from app.domain.account import INVITATION_LIFE, RESET_LIFE, is_email, login_from_email
from app.features.contacts import service as contacts
from app.features.links import service as links
from app.features.mails import queries, service
from app.features.mails.queries import Reader
from app.features.mails.wording import write
from app.models import Mail
from app.settings import Settings

# A mail server may be away for a long weekend; what was not taken by then is old news.
PATIENCE = timedelta(days=5)
# Faults of our own (a letter that cannot be written) are not mended by waiting for days.
MOST_FAULTS = 8
# Below the time after which the database ends an idle transaction.
LONGEST_SENDING = 20
OVERDUE = timedelta(minutes=2)

# Letters with a link of their own, which is made when they leave: only its hash is kept.
LINKED = frozenset(
    {
        "invitation",
        "password_reset",
        "consent_invitation",
        "consent_reminder",
        "consent_confirmed",
        "consent_changed",
    }
)
# Counted as attempts to reach an address that never asked for it.
ATTEMPTS = {"consent_invitation": "invitation", "consent_reminder": "reminder"}

MAILS = Counter("mails", "Mails by outcome: done, deferred or failed.", ("outcome",), registry=REGISTRY)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Link:
    """The link a letter carries: its address, and the last instant it works where the letter tells it."""

    url: str
    until: datetime | None


def make_mailer(settings: Settings) -> Mailer:
    """Return the way mails leave: by the mail server of SMTP_URL, or into files under KITHWORK_HOME/mail."""
    if settings.smtp_url is not None:
        return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from)
    return FileMailer(settings.kithwork_home / "mail", settings.mail_from)


async def send_mail(work: Workshop, tenant_id: UUID, mail_id: UUID) -> None:
    """Send a waiting mail, or put it off, or give it up.

    It leaves before the transaction that says so is committed: a crash in between sends it again, with the same
    Message-ID. Its link is committed before that, so that whichever copy is read opens.
    """
    try:
        link = await _issue_link(work, tenant_id, mail_id)
        async with working(work.database, tenant_id) as unit:
            mail = await queries.claim(unit.session, tenant_id, mail_id)
            if mail is not None and _is_due(mail):
                await _send(work, unit.session, mail, link)
    except Exception as error:  # noqa: BLE001 - whatever keeps a mail from leaving is noted on it, and it is tried again
        await _put_off(work, tenant_id, mail_id, error)


async def erase_mail_files(work: Workshop, tenant_id: UUID, contact_id: UUID) -> None:
    """Remove the files of every mail to a contact, where mails are files."""
    if not isinstance(work.mailer, FileMailer):
        return
    async with working(work.database, tenant_id) as unit:
        ids = await queries.of_contact(unit.session, tenant_id, contact_id)
    await asyncio.to_thread(work.mailer.erase, ids)


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Ask for the sending of mails that are overdue because their job was lost, and return how many."""
    async with working(work.database, tenant_id) as unit:
        found = await queries.overdue(unit, tenant_id, now - OVERDUE, service.SEND_MAIL)
        for mail_id in found:
            ask_for(unit, service.SEND_MAIL, tenant_id=tenant_id, mail_id=mail_id)
    return len(found)


async def _issue_link(work: Workshop, tenant_id: UUID, mail_id: UUID) -> _Link | None:
    async with working(work.database, tenant_id) as unit:
        session = unit.session
        mail = await queries.waiting(session, tenant_id, mail_id)
        if mail is None or mail.template not in LINKED or not _is_due(mail):
            return None
        if mail.contact_id is not None:
            path, until = await _contact_link(session, mail.template, tenant_id, mail.contact_id), None
        elif mail.template == "invitation" and mail.person_id is not None:
            until = clock.now() + INVITATION_LIFE
            reader = await queries.person(session, tenant_id, mail.person_id)
            login = None if reader is None else login_from_email(reader.address)
            secret = await links.issue(
                session,
                purpose="invitation",
                tenant_id=tenant_id,
                subject_id=mail.person_id,
                expires_at=until,
                login=login,
            )
            path = f"/invitation/{secret}"
        elif mail.account_id is not None:
            # From when it was asked for: one that waited longer in the queue than it lives is not sent at all.
            until = mail.created_at + RESET_LIFE
            if until <= clock.now():
                return None
            secret = await links.issue(
                session,
                purpose="password_reset",
                tenant_id=None,
                subject_id=mail.account_id,
                expires_at=until,
            )
            path = f"/reset/{secret}"
        else:
            return None
    return None if path is None else _Link(f"{work.settings.base_url}{path}", until)


async def _contact_link(
    session: AsyncSession, template: str, tenant_id: UUID, contact_id: UUID
) -> str | None:
    contact = await contacts.locked(session, tenant_id, contact_id)
    if contact is None or contact.email is None:
        return None
    is_question = template in ATTEMPTS
    if is_question and (contact.answer_due_at is None or contact.answer_due_at <= clock.now()):
        return None
    return await contacts.link_for(session, contact, template)


async def _send(work: Workshop, session: AsyncSession, mail: Mail, link: _Link | None) -> None:
    mail.attempts += 1
    if mail.template in LINKED and link is None:
        _end(mail, "too_late")
    elif mail.contact_id is not None:
        await _send_to_contact(work, session, mail, link)
    else:
        await _send_to_reader(work, session, mail, link)


async def _send_to_reader(work: Workshop, session: AsyncSession, mail: Mail, link: _Link | None) -> None:
    reader = await _reader(session, mail)
    if reader is None or reader.address is None:
        _end(mail, "nobody_to_write_to")
        return
    values = await service.values(
        session,
        mail,
        reader.locale,
        work.settings.base_url,
        None if link is None else link.url,
        None if link is None else link.until,
    )
    if values is None:
        _end(mail, "nothing_to_say")
        return
    await _hand_over(work, mail, reader.address, reader.locale, values)


async def _send_to_contact(work: Workshop, session: AsyncSession, mail: Mail, link: _Link | None) -> None:
    if mail.contact_id is None:
        raise ValueError("a mail to a contact names the contact")
    contact = await queries.contact(session, mail.tenant_id, mail.contact_id)
    if contact.email is None:
        _end(mail, "nobody_to_write_to")
        return
    attempt = ATTEMPTS.get(mail.template)
    if attempt is not None and not await contacts.may_write(session, work.hash_key, contact, attempt):
        # The same state as if it had left: nothing shows that somebody asked never to be written to.
        _end(mail, None)
        return
    values = await contacts.letter(session, contact, mail.template)
    if link is not None:
        values["link"] = link.url
    await _hand_over(work, mail, contact.email, contact.locale, values)
    if attempt is not None and mail.state == "done":
        await contacts.note_attempt(session, work.hash_key, contact, attempt)


async def _reader(session: AsyncSession, mail: Mail) -> Reader | None:
    if mail.person_id is not None:
        return await queries.person(session, mail.tenant_id, mail.person_id)
    if mail.account_id is None:
        return None
    reader = await queries.account(session, mail.tenant_id, mail.account_id)
    return None if reader is None or not is_email(reader.address or "") else reader


async def _hand_over(
    work: Workshop, mail: Mail, address: str, locale: str, values: dict[str, object]
) -> None:
    letter = write(mail.template, locale, values)
    message = Message(mail.id, address, letter.subject, letter.text, letter.html)
    try:
        async with asyncio.timeout(LONGEST_SENDING):
            await work.mailer.send(message)
    except MailRefused:
        _end(mail, "refused")
    else:
        _end(mail, None)


def _is_due(mail: Mail) -> bool:
    # Before its first try a mail is due whatever the clock of the machine that wrote it said.
    return mail.attempts == 0 or mail.due_at <= clock.now()


def _end(mail: Mail, fault: str | None) -> None:
    mail.state = "done" if fault is None else "failed"
    mail.fault = fault
    mail.done_at = clock.now()
    MAILS.labels(mail.state).inc()


async def _put_off(work: Workshop, tenant_id: UUID, mail_id: UUID, error: Exception) -> None:
    now = clock.now()
    async with working(work.database, tenant_id) as unit:
        mail = await queries.claim(unit.session, tenant_id, mail_id)
        if mail is None or not _is_due(mail):
            return
        mail.attempts += 1
        mail.fault = type(error).__name__
        is_ours = not isinstance(error, MailDeferred | TimeoutError)
        if now > mail.created_at + PATIENCE or (is_ours and mail.attempts >= MOST_FAULTS):
            _end(mail, mail.fault)
        else:
            mail.due_at = now + service.wait_after(mail.attempts)
            ask_for(unit, service.SEND_MAIL, at=mail.due_at, tenant_id=tenant_id, mail_id=mail_id)
            MAILS.labels("deferred").inc()
        _log.warning(
            "mail not sent",
            mail_id=mail.id,
            template=mail.template,
            attempts=mail.attempts,
            fault=mail.fault,
            exc_info=error if is_ours else None,
        )
