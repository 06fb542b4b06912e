import asyncio
import socket
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.core.clock import frozen
from app.core.mail import FileMailer, MailDeferred, Mailer, MailRefused, Message, SmtpMailer

with warnings.catch_warnings():
    # aiosmtpd 1.4 uses parts of the standard library that are on their way out; its release, not ours, mends it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

SENDER = "Kithwork der Schule Süd <mail@kithwork.example.org>"
MESSAGE = Message(
    id=UUID("0197a000-0000-7000-8000-000000000001"),
    to="rosa@clinic.example.com",
    subject="¿Podemos guardar sus datos, señora Núñez? Escríbanos cuando quiera, sin prisa",
    text="Señora Núñez:\n\n¿Qué tal?\n.\nhttps://kithwork.example.org/l/abc\n",
    html="<p>Señora Núñez: <a href='https://kithwork.example.org/l/abc'>¿Qué tal?</a></p>\n",
    reply_to="office@school.example.org",
    list_unsubscribe="https://kithwork.example.org/l/" + "never-again-" * 12 + "?x=1",
)


class PostOffice:
    """A mail server's other end: keeps what arrived, and refuses what a test tells it to."""

    def __init__(self) -> None:
        self.arrived: list[Envelope] = []
        self.sessions: set[Session] = set()
        self.mail_answer = self.recipient_answer = self.data_answer = ""
        self.hang_up = False

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.mail_answer or "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if self.data_answer:
            return self.data_answer
        self.arrived.append(envelope)
        self.sessions.add(session)
        if self.hang_up:
            assert server.transport is not None
            server.transport.close()
        return "250 OK"

    def mail(self, index: int = 0) -> EmailMessage:
        return _parsed(self.arrived[index].content)


def _login(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and data == LoginPassword(b"kith", b"p@ss:w/rd")
    return AuthResult(success=right, handled=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _parsed(content: Any) -> EmailMessage:
    email = message_from_bytes(content, policy=policy.default)
    assert isinstance(email, EmailMessage)
    return email


def _part(email: EmailMessage, kind: str) -> str:
    part = email.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.fixture
def office() -> PostOffice:
    return PostOffice()


@asynccontextmanager
async def _open(office: PostOffice, port: int = 0, **options: Any) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    conversations: list[SMTP] = []

    def answer() -> SMTP:
        conversations.append(SMTP(office, loop=loop, **options))
        return conversations[-1]

    server = await loop.create_server(answer, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for conversation in conversations:
            if conversation.transport is not None:
                conversation.transport.close()
        handlers = [each._handler_coroutine for each in conversations if each._handler_coroutine is not None]
        await asyncio.gather(*handlers, return_exceptions=True)


@pytest.fixture
async def port(office: PostOffice) -> AsyncIterator[int]:
    async with _open(office, enable_SMTPUTF8=True) as port:
        yield port


@pytest.fixture
async def guarded_port(office: PostOffice) -> AsyncIterator[int]:
    with warnings.catch_warnings():
        # aiosmtpd warns that passwords cross the wire unencrypted; here they cross the loopback.
        warnings.simplefilter("ignore", UserWarning)
        async with _open(office, authenticator=_login, auth_required=True, auth_require_tls=False) as port:
            yield port


def _mailer(port: int, login: str = "") -> SmtpMailer:
    return SmtpMailer(f"smtp://{login}127.0.0.1:{port}?starttls=false", SENDER, timeout=5)


async def _send(mailer: Mailer, *messages: Message) -> None:
    try:
        for message in messages:
            await mailer.send(message)
    finally:
        await mailer.close()


async def test_a_mail_arrives_with_both_parts_and_its_accents(office: PostOffice, port: int) -> None:
    await _send(_mailer(port), MESSAGE)

    email = office.mail()
    assert email.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in email.iter_parts()] == ["text/plain", "text/html"]
    assert _part(email, "plain") == MESSAGE.text
    assert _part(email, "html") == MESSAGE.html


async def test_the_headers_say_who_what_and_when(office: PostOffice, port: int) -> None:
    with frozen(datetime(2027, 3, 5, 16, 30, tzinfo=UTC)):
        await _send(_mailer(port), MESSAGE)

    email = office.mail()
    assert email["From"] == SENDER
    assert email["To"] == MESSAGE.to
    assert email["Reply-To"] == MESSAGE.reply_to
    assert email["Subject"] == MESSAGE.subject
    assert email["Date"] == "Fri, 05 Mar 2027 16:30:00 +0000"
    assert email["Message-ID"] == f"<{MESSAGE.id}@kithwork.example.org>"
    assert email["Auto-Submitted"] == "auto-generated"
    assert office.arrived[0].mail_from == "mail@kithwork.example.org"
    assert office.arrived[0].rcpt_tos == [MESSAGE.to]


async def test_headers_cross_the_wire_in_ascii(office: PostOffice, port: int) -> None:
    await _send(_mailer(port), MESSAGE)

    content = office.arrived[0].content
    assert isinstance(content, bytes)
    head = content.partition(b"\r\n\r\n")[0]
    assert head.isascii()
    assert b"Subject: =?utf-8?" in head


async def test_a_long_unsubscribe_address_is_not_broken(office: PostOffice, port: int) -> None:
    await _send(_mailer(port), MESSAGE)

    content = office.arrived[0].content
    assert isinstance(content, bytes)
    assert f"\r\nList-Unsubscribe: <{MESSAGE.list_unsubscribe}>\r\n".encode() in content


async def test_a_mail_program_may_unsubscribe_with_one_tap(office: PostOffice, port: int) -> None:
    await _send(_mailer(port), MESSAGE)
    await _send(_mailer(port), replace(MESSAGE, list_unsubscribe="http://localhost/saved_search/x"))

    first, second = (office.arrived[at].content for at in (0, 1))
    # RFC 8058 asks for https.
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in (first or b"")
    assert b"List-Unsubscribe-Post" not in (second or b"")


async def test_a_mail_without_reply_address_has_no_such_header(office: PostOffice, port: int) -> None:
    await _send(_mailer(port), replace(MESSAGE, reply_to=None, list_unsubscribe=None))

    assert not {"Reply-To", "List-Unsubscribe"} & set(office.mail().keys())


async def test_an_address_outside_ascii_goes_by_smtputf8(office: PostOffice, port: int) -> None:
    await _send(_mailer(port), replace(MESSAGE, to="núñez@peña.example", subject="¿Qué tal?"))

    assert office.arrived[0].rcpt_tos == ["núñez@peña.example"]
    assert "SMTPUTF8" in office.arrived[0].mail_options
    assert office.mail()["Subject"] == "¿Qué tal?"


async def test_an_address_outside_ascii_is_refused_where_the_server_cannot(office: PostOffice) -> None:
    async with _open(office) as port:
        with pytest.raises(MailRefused, match="outside ASCII"):
            await _send(_mailer(port), replace(MESSAGE, to="núñez@peña.example"))


async def test_an_old_server_gets_the_accents_in_seven_bits(office: PostOffice) -> None:
    async with _open(office, decode_data=True) as port:
        await _send(_mailer(port), MESSAGE)

    content = office.arrived[0].content
    assert isinstance(content, str)
    assert content.isascii()
    assert _part(_parsed(content.encode()), "plain") == MESSAGE.text


async def test_many_mails_share_one_connection(office: PostOffice, port: int) -> None:
    await _send(_mailer(port), MESSAGE, MESSAGE, MESSAGE)

    assert len(office.arrived) == 3
    assert len(office.sessions) == 1


async def test_mails_sent_at_once_wait_for_their_turn(office: PostOffice, port: int) -> None:
    mailer = _mailer(port)
    everyone = [replace(MESSAGE, id=UUID(int=number), to=f"p{number}@example.com") for number in range(20)]

    await asyncio.gather(*(mailer.send(message) for message in everyone))
    await mailer.close()

    assert sorted(envelope.rcpt_tos[0] for envelope in office.arrived) == sorted(m.to for m in everyone)


async def test_a_connection_the_server_dropped_is_opened_again(office: PostOffice, port: int) -> None:
    mailer = _mailer(port)
    office.hang_up = True
    with pytest.raises(MailDeferred):
        await mailer.send(MESSAGE)
    office.hang_up = False

    await _send(mailer, MESSAGE)

    first, second = office.mail(0), office.mail(1)
    assert first["Message-ID"] == second["Message-ID"]


async def test_a_server_that_restarted_between_two_mails_is_found_again(office: PostOffice) -> None:
    async with _open(office) as port:
        mailer = _mailer(port)
        await mailer.send(MESSAGE)
    async with _open(office, port):
        await _send(mailer, MESSAGE)

    assert len(office.arrived) == 2


async def test_the_right_password_is_let_in(office: PostOffice, guarded_port: int) -> None:
    await _send(_mailer(guarded_port, "kith:p%40ss%3Aw%2Frd@"), MESSAGE)

    assert len(office.arrived) == 1


async def test_a_refused_login_defers_the_mail_and_names_the_setting(guarded_port: int) -> None:
    with pytest.raises(MailDeferred, match="535; check SMTP_URL"):
        await _send(_mailer(guarded_port, "kith:wrong@"), MESSAGE)


async def test_a_server_without_tls_gets_nothing_when_tls_is_required(office: PostOffice, port: int) -> None:
    with pytest.raises(MailDeferred, match="check SMTP_URL"):
        await _send(SmtpMailer(f"smtp://127.0.0.1:{port}", SENDER, timeout=5), MESSAGE)

    assert office.arrived == []


async def test_a_server_that_is_down_defers_the_mail() -> None:
    with pytest.raises(MailDeferred, match="cannot be used"):
        await _send(_mailer(_free_port()), MESSAGE)


async def test_a_server_that_says_nothing_defers_the_mail() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{silent.getsockname()[1]}?starttls=false", SENDER, timeout=0.3)

        with pytest.raises(MailDeferred, match="cannot be used"):
            await _send(mailer, MESSAGE)


@pytest.mark.parametrize(
    ("answers", "fault", "said"),
    [
        (
            {"recipient_answer": "450 4.2.1 rosa@clinic.example.com is greylisted"},
            MailDeferred,
            "recipient now .450",
        ),
        (
            {"recipient_answer": "550 5.1.1 rosa@clinic.example.com unknown"},
            MailRefused,
            "recipient for good .550",
        ),
        ({"data_answer": "451 4.3.0 try later"}, MailDeferred, "message now .451"),
        (
            {"data_answer": "554 5.7.1 spam from rosa@clinic.example.com"},
            MailRefused,
            "message for good .554",
        ),
        ({"mail_answer": "451 4.3.0 busy"}, MailDeferred, "answered 451"),
        (
            {"mail_answer": "553 5.7.1 not your sender"},
            MailDeferred,
            "answered 553; check SMTP_URL and MAIL_FROM",
        ),
        ({"recipient_answer": "421 4.3.2 shutting down"}, MailDeferred, "recipient now .421"),
    ],
)
async def test_a_fault_is_deferred_or_refused_and_names_nobody(
    office: PostOffice, port: int, answers: dict[str, str], fault: type[Exception], said: str
) -> None:
    for name, answer in answers.items():
        setattr(office, name, answer)

    with pytest.raises(fault, match=said) as raised:
        await _send(_mailer(port), MESSAGE)

    assert "rosa" not in str(raised.value)
    assert raised.value.__suppress_context__


async def test_a_fault_does_not_spoil_the_next_mail(office: PostOffice, port: int) -> None:
    mailer = _mailer(port)
    office.recipient_answer = "550 no such person"
    with pytest.raises(MailRefused):
        await mailer.send(MESSAGE)
    office.recipient_answer = ""

    await _send(mailer, MESSAGE)

    assert len(office.arrived) == 1


@pytest.mark.parametrize(
    "hostile",
    [
        {"to": "rosa@clinic.example.com\r\nBcc: all@example.com"},
        {"to": "rosa@clinic.example.com, all@example.com"},
        {"to": "rosa@clinic.example.com> <all@example.com"},
        {"to": "Rosa <rosa@clinic.example.com>"},
        {"to": ""},
        {"to": "rosa"},
        {"to": "rosa@"},
        {"to": "rosa@clinic.example.com\ud800"},
        {"subject": "Hello\r\nBcc: all@example.com"},
        {"subject": "Hello\u2028Bcc: all@example.com"},
        {"subject": "Hello \ud800"},
        {"subject": " "},
        {"reply_to": "office@school.example.org\nBcc: all@example.com"},
        {"list_unsubscribe": "https://a.example/\r\nBcc: all@example.com"},
        {"list_unsubscribe": "javascript:alert(1)"},
        {"text": "half a character: \ud800"},
    ],
)
async def test_what_would_inject_a_header_is_refused_everywhere(
    tmp_path: Path, office: PostOffice, port: int, hostile: dict[str, Any]
) -> None:
    message = replace(MESSAGE, **hostile)

    for mailer in (_mailer(port), FileMailer(tmp_path / "mail")):
        with pytest.raises(MailRefused) as raised:
            await _send(mailer, message)
        assert "rosa" not in str(raised.value)

    assert office.arrived == []
    assert not (tmp_path / "mail").exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.org",
        "smtp://",
        "smtp://kith:secret@mail.example.org?starttls=maybe",
        "smtp://kith:secret@mail.example.org?tls=true",
        "smtps://kith:secret@mail.example.org?starttls=true",
    ],
)
def test_a_malformed_server_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL") as refusal:
        SmtpMailer(url, SENDER)

    assert "secret" not in str(refusal.value)
