"""Mail: makes a message of text and HTML parts and hands it to a mail server, or to a folder.

Nothing here logs, and no error carries an address or a link: mail is personal data. Delivery is at least
once; a message sent again has the same Message-ID (SMTP) or the same file name (folder).
"""

import asyncio
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

import aiosmtplib

from app.core.clock import now

# Stricter than RFC 5321: no quoted local parts, no comments, no lists. What is left can neither end a
# header line nor name a second recipient.
_PLAIN = r"[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff\"(),:;<>@\[\\\]]+"
_MAILBOX = re.compile(f"{_PLAIN}@{_PLAIN}")
_WEB_ADDRESS = re.compile(r"https?://[!#-;=?-~]+")
_NOT_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PERMANENT = 500


class MailDeferred(Exception):
    """The mail could not be handed over now; the same message may be sent again later."""


class MailRefused(Exception):
    """The mail will never be taken as it is; sending it again is of no use."""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail to one person: `to` and `reply_to` are bare addresses, `list_unsubscribe` a web address."""

    id: UUID
    to: str
    subject: str
    text: str
    html: str
    reply_to: str | None = None
    list_unsubscribe: str | None = None


class Mailer(Protocol):
    """Where mails go. `send` returns once the other side has taken responsibility for the message."""

    async def send(self, message: Message) -> None:
        """Hand one message over, or raise MailDeferred (try later) or MailRefused (never)."""

    async def close(self) -> None:
        """Give back what is held open."""


class _UnfoldedHeader(UnstructuredHeader, BaseHeader):
    # The standard fold turns a web address longer than a line into encoded words, which no client follows.
    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _header_registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    registry.map_to_type("list-unsubscribe", _UnfoldedHeader)
    return registry


# 998 octets is SMTP's limit for a line; below it, text stays readable 8-bit instead of quoted-printable.
_COMPOSING = policy.SMTP.clone(header_factory=_header_registry(), max_line_length=998)


def _address(mailbox: str) -> Address:
    if not _MAILBOX.fullmatch(mailbox):
        raise MailRefused("the address is not one that mail can be sent to; correct it and send again")
    local, _, domain = mailbox.rpartition("@")
    return Address(username=local, domain=domain)


def _sender(sender: str) -> Address:
    name, mailbox = parseaddr(sender)
    if not _MAILBOX.fullmatch(mailbox):
        raise ValueError("the sender must look like 'Name <mail@example.org>'; correct MAIL_FROM")
    local, _, domain = mailbox.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def compose(message: Message, sender: Address) -> EmailMessage:
    """Build the MIME message: multipart/alternative, with headers that neither loop nor can be injected.

    Raises MailRefused when an address or the subject holds what a header must not.
    """
    if not message.subject.strip() or _NOT_ONE_LINE.search(message.subject):
        raise MailRefused("the subject must be one line of text; correct it and send again")
    email = EmailMessage(policy=_COMPOSING)
    try:
        email["From"] = sender
        email["To"] = _address(message.to)
        if message.reply_to is not None:
            email["Reply-To"] = _address(message.reply_to)
        email["Subject"] = message.subject
        email["Date"] = now()
        email["Message-ID"] = f"<{message.id}@{sender.domain}>"
        email["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps out-of-office answers away
        email["X-Auto-Response-Suppress"] = "All"  # the same, for servers that read only this
        if message.list_unsubscribe is not None:
            if not _WEB_ADDRESS.fullmatch(message.list_unsubscribe):
                raise MailRefused("list_unsubscribe must be a web address; correct it and send again")
            email["List-Unsubscribe"] = f"<{message.list_unsubscribe}>"
            if message.list_unsubscribe.startswith("https:"):
                # RFC 8058: the mail program's own button sends a POST to the same address.
                email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        email.set_content(message.text)
        email.add_alternative(message.html, subtype="html")
    except (MessageError, ValueError):
        raise MailRefused("the message holds characters that mail cannot carry; correct it") from None
    return email


class SmtpMailer:
    """Hands mail to an SMTP server, over one connection that is kept open between messages.

    `smtp_url` is `smtp://user:password@host:port?starttls=true|false` (port 587; TLS is required unless
    starttls=false) or `smtps://user:password@host:port` (port 465); user and password are percent-encoded.
    `timeout` is in seconds, for each step of the conversation. A malformed URL raises ValueError.
    """

    def __init__(self, smtp_url: str, sender: str, timeout: float = 10.0) -> None:
        self._sender = _sender(sender)
        self._turn = asyncio.Lock()
        parts = urlsplit(smtp_url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        starttls = options.pop("starttls", "true" if parts.scheme == "smtp" else "false")
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or options:
            raise ValueError(
                "SMTP_URL must look like smtp://user:password@host:587?starttls=true or smtps://host"
            )
        if starttls not in {"true", "false"} or (parts.scheme == "smtps" and starttls == "true"):
            raise ValueError("starttls in SMTP_URL is true or false, and only smtp:// has it")
        self._client = aiosmtplib.SMTP(
            hostname=parts.hostname,
            port=parts.port or (465 if parts.scheme == "smtps" else 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            local_hostname=self._sender.domain.encode("idna").decode("ascii"),
            timeout=timeout,
            use_tls=parts.scheme == "smtps",
            start_tls=starttls == "true",
        )

    async def send(self, message: Message) -> None:
        """Hand one message to the server; faults of connection, login or sender are MailDeferred."""
        email = compose(message, self._sender)
        async with self._turn:
            taken = False
            try:
                await self._connect()
                await self._client.send_message(
                    email, sender=self._sender.addr_spec, recipients=[_address(message.to).addr_spec]
                )
                taken = True
            except (aiosmtplib.SMTPException, OSError) as error:
                # `from None`: the library's own errors quote the address, and tracebacks end in logs.
                raise _fault(error) from None
            finally:
                if not taken:
                    self._client.close()

    async def close(self) -> None:
        """Take leave of the server, or drop the connection when it no longer answers."""
        async with self._turn:
            if self._client.is_connected:
                try:
                    await self._client.quit()
                except (aiosmtplib.SMTPException, OSError):
                    self._client.close()

    async def _connect(self) -> None:
        if self._client.is_connected:
            try:
                await self._client.noop()
            except (aiosmtplib.SMTPException, OSError):
                self._client.close()  # servers hang up on idle clients, and that is no fault
        if not self._client.is_connected:
            await self._client.connect()


def _fault(error: Exception) -> MailDeferred | MailRefused:
    # Only what is wrong with this message is permanent. A refused login or sender is the installation's
    # fault: every mail would be lost while somebody mends it.
    match error:
        case aiosmtplib.SMTPRecipientsRefused():
            code, what = error.recipients[0].code, "the recipient"
        case aiosmtplib.SMTPDataError():
            code, what = error.code, "the message"
        case aiosmtplib.SMTPNotSupported():
            return MailRefused("the mail server cannot send to an address with characters outside ASCII")
        case aiosmtplib.SMTPResponseException():
            return MailDeferred(f"the mail server answered {error.code}; check SMTP_URL and MAIL_FROM")
        case _:
            return MailDeferred(f"the mail server cannot be used ({type(error).__name__}); check SMTP_URL")
    if code >= _PERMANENT:
        return MailRefused(f"the mail server refused {what} for good ({code})")
    return MailDeferred(f"the mail server does not take {what} now ({code})")


class FileMailer:
    """Keeps mails as `<id>.eml` files in a folder, for installations without a mail server.

    The folder is readable by its owner only (0700, files 0600). A file appears whole or not at all.
    """

    def __init__(self, folder: Path, sender: str = "Kithwork <no-reply@kithwork.invalid>") -> None:
        self._folder = folder
        self._sender = _sender(sender)

    async def send(self, message: Message) -> None:
        """Write the message; the same id again replaces the file. A full disk is MailDeferred."""
        email = compose(message, self._sender)
        utf8 = not message.to.isascii() or not (message.reply_to or "").isascii()
        content = email.as_bytes(policy=policy.default.clone(utf8=utf8))
        try:
            await asyncio.to_thread(self._write, message.id, content)
        except OSError as error:
            raise MailDeferred(f"the mail folder cannot be written ({type(error).__name__})") from None

    async def close(self) -> None:
        """Do nothing: no file stays open between messages."""

    def erase(self, ids: Iterable[UUID]) -> int:
        """Remove the mails with these ids, half-written ones too, and return how many files went."""
        wanted = {str(id_) for id_ in ids}
        if not wanted or not self._folder.is_dir():
            return 0
        gone = [path for path in self._folder.iterdir() if path.name.partition(".")[0] in wanted]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _write(self, id_: UUID, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        # The name starts with the id, so that erasing a person finds what a killed process left behind.
        unfinished = self._folder / f"{id_}.{secrets.token_hex(4)}.tmp"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._folder / f"{id_}.eml")
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        if os.name == "posix":  # elsewhere a folder cannot be opened, and the rename is durable without it
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
