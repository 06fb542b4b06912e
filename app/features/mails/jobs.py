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
from app.core.mail_templates import language
from app.core.metrics import REGISTRY
from app.domain.account import INVITATION_LIFE, RESET_LIFE, is_email, login_from_email
from app.features.contacts import service as contacts
from app.features.contributors import service as contributors
from app.features.hops import service as hops
from app.features.introduction_asks import service as asks
from app.features.letters import service as letters
from app.features.links import service as links
from app.features.mails import queries, service
from app.features.mails.queries import Reader
from app.features.mails.wording import LETTERS, TO_CONTACTS, write
from app.features.search_digests import service as search_digests
from app.features.suppressions import service as suppressions
from app.models import Contact, Mail
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
        "outreach_question",
        "contribution_invitation",
        "invitation",
        "password_reset",
        "consent_invitation",
        "consent_reminder",
        "consent_confirmed",
        "consent_changed",
        "introduction_asked",
        "introduction_meeting",
        "introduction_request",
        *letters.OWN,
    }
)
# Asks along the way of an introduction: their link is of the hop that they are about.
ASKS = frozenset({"introduction_asked", "introduction_request"})
ON_THE_WAY = ASKS | {"introduction_meeting"}
# Links to contribute without an account; the letter's facts say how long they work.
CONTRIBUTION = frozenset({"outreach_question", "contribution_invitation"})
# Nothing is kept of such a letter once it has left or cannot leave: a mailbox that is full, closed or never read looks
# like one whose owner passed the question over.
TRACELESS = frozenset({"outreach_question"})
# Letters that come again and again until their link stops them; mail programs show a button of their own for it.
STOPPED_BY_ITS_LINK = frozenset({search_digests.LETTER})
# Counted as attempts to reach an address that never asked for it.
ATTEMPTS = {"consent_invitation": "invitation", "consent_reminder": "reminder"}

MAILS = Counter("mails", "Mails by outcome: done, deferred or failed.", ("outcome",), registry=REGISTRY)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Link:
    """The link a letter carries: its address, and the last instant it works where the letter tells it.

    `choices` is the second link of a letter that asks a contact for something: to take a break or leave instead.
    """

    url: str
    until: datetime | None
    choices: str | None = None


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
                await _leave_no_trace(unit.session, mail)
    except Exception as error:  # noqa: BLE001 - whatever keeps a mail from leaving is noted on it, and it is tried again
        await _put_off(work, tenant_id, mail_id, error)


async def erase_mail_files(work: Workshop, tenant_id: UUID, contact_id: UUID) -> None:
    """Remove the files of every mail to a contact, or naming them, where mails are files."""
    if not isinstance(work.mailer, FileMailer):
        return
    async with working(work.database, tenant_id) as unit:
        named_in = await hops.introductions_with(unit.session, tenant_id, contact_id)
        ids = await queries.of_contact(unit.session, tenant_id, contact_id, named_in)
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
        session, choices = unit.session, None
        mail = await queries.waiting(session, tenant_id, mail_id)
        if mail is None or mail.template not in LINKED or not _is_due(mail):
            return None
        if mail.contact_id is not None or mail.template in ASKS or mail.template in letters.OWN:
            path, choices, until = *await _told_link(work, session, mail), None
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
        elif mail.template in CONTRIBUTION and mail.person_id is not None:
            until = datetime.fromisoformat(mail.facts["valid_until"])
            # Who they are at this moment counts, not who they were when the letter was asked for.
            able = await contributors.by_link(session, tenant_id, mail.person_id)
            if until <= clock.now() or able is None:
                return None
            if mail.attempts and mail.template in TRACELESS:
                # One link, however often it was tried: their number would tell that a mailbox did not answer.
                await links.discard(
                    session, subject_id=mail.person_id, purpose="contribution", expires_at=until
                )
            secret = await links.issue(
                session,
                purpose="contribution",
                tenant_id=tenant_id,
                subject_id=mail.person_id,
                expires_at=until,
            )
            path = f"/contribute/{secret}"
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
    return None if path is None else _Link(f"{work.settings.base_url}{path}", until, choices)


async def _told_link(work: Workshop, session: AsyncSession, mail: Mail) -> tuple[str | None, str | None]:
    """Return the path of the link of a letter to a contact, or of an ask, and the address of a contact's choices."""
    if mail.contact_id is None:
        own = letters.OWN.get(mail.template)
        return (await _ask_link(session, mail) if own is None else await own.path(session, mail)), None
    path = await _contact_link(session, mail, mail.contact_id)
    if path is None or "choices_link" not in LETTERS[mail.template]:
        return path, None
    contact = await queries.contact(session, mail.tenant_id, mail.contact_id)
    return path, f"{work.settings.base_url}/choices/{await contacts.choices_secret(session, contact)}"


async def _contact_link(session: AsyncSession, mail: Mail, contact_id: UUID) -> str | None:
    contact = await contacts.locked(session, mail.tenant_id, contact_id)
    if contact is None or contact.email is None:
        return None
    template = mail.template
    if template in letters.OWN:
        return await letters.OWN[template].path(session, mail)
    if template in ASKS:
        return await _ask_link(session, mail)
    if template == "introduction_meeting":
        return f"/choices/{await contacts.choices_secret(session, contact)}"
    is_question = template in ATTEMPTS
    if is_question and (contact.answer_due_at is None or contact.answer_due_at <= clock.now()):
        return None
    return await contacts.link_for(session, contact, template)


async def _ask_link(session: AsyncSession, mail: Mail) -> str | None:
    if mail.subject_id is None:
        raise ValueError("an ask is about a hop")
    return await asks.link_for(session, mail.tenant_id, mail.subject_id)


async def _told(work: Workshop, session: AsyncSession, mail: Mail, locale: str) -> dict[str, object] | None:
    """Return the values of a letter of a feature's own, or of one on the way of an introduction, all but its links."""
    if (own := letters.OWN.get(mail.template)) is not None:
        return await own.values(work, session, mail, language(locale))
    if mail.subject_id is None:
        raise ValueError("a letter on the way of an introduction is about a hop or an introduction")
    return await asks.letter(session, mail.template, mail.tenant_id, mail.subject_id, language(locale))


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
    values: dict[str, object] | None
    if mail.template in ASKS or mail.template in letters.OWN:
        values = await _told(work, session, mail, reader.locale)
        if values is not None and link is not None:
            values["link"] = link.url
    else:
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
    if mail.template not in TO_CONTACTS:
        raise ValueError("add the letter to TO_CONTACTS, with a link by which the contact can leave")
    contact = await queries.contact(session, mail.tenant_id, mail.contact_id)
    if contact.email is None:
        _end(mail, "nobody_to_write_to")
        return
    if not await _is_welcome(work, session, mail, contact):
        # The same state as if it had left: nothing shows that somebody asked never to be written to.
        _end(mail, None)
        return
    values: dict[str, object] | None
    if mail.template in ON_THE_WAY or mail.template in letters.OWN:
        values = await _told(work, session, mail, contact.locale)
    else:
        values = await contacts.letter(session, contact, mail.template)
    if values is None:
        _end(mail, "nothing_to_say")
        return
    if link is not None:
        values["link"] = link.url
        if link.choices is not None:
            values["choices_link"] = link.choices
    await _hand_over(work, mail, contact.email, contact.locale, values)
    attempt = ATTEMPTS.get(mail.template)
    if attempt is not None and mail.state == "done":
        await suppressions.note_attempt(session, work.hash_key, contact, attempt)


async def _is_welcome(work: Workshop, session: AsyncSession, mail: Mail, contact: Contact) -> bool:
    """Say whether a letter that asks a contact for something may leave; what answers the contact always may."""
    attempt = ATTEMPTS.get(mail.template)
    if attempt is not None:
        return await suppressions.may_write(session, work.hash_key, contact, attempt)
    return mail.template not in ASKS | letters.ASKING or await suppressions.may_ask(
        session, work.hash_key, contact
    )


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
    message = Message(
        mail.id,
        address,
        letter.subject,
        letter.text,
        letter.html,
        list_unsubscribe=str(values["link"]) if mail.template in STOPPED_BY_ITS_LINK else None,
    )
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
    MAILS.labels("done" if mail.template in TRACELESS else mail.state).inc()


async def _leave_no_trace(session: AsyncSession, mail: Mail) -> None:
    if mail.template in TRACELESS and mail.state != "waiting":
        await session.delete(mail)


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
        await _leave_no_trace(unit.session, mail)
        _log.warning(
            "mail not sent",
            mail_id=mail.id,
            template=mail.template,
            attempts=mail.attempts,
            fault=mail.fault,
            exc_info=error if is_ours else None,
        )
