"""A real mail server on the loopback, for tests that follow a mail to where it arrives."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

with warnings.catch_warnings():
    # aiosmtpd 1.4 uses parts of the standard library that are on their way out; its release, not ours, mends it.
    warnings.simplefilter("ignore", DeprecationWarning)
    from aiosmtpd.smtp import SMTP, Envelope, Session


class PostOffice:
    """What arrived, and the answer to every recipient while a test wants another than yes."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.refusal = ""
        self.refused = 0

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refusal:
            self.refused += 1
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        return "250 OK"

    def to(self, address: str) -> EmailMessage:
        """Return the one message to an address."""
        (message,) = [each for each in self.arrived if each["To"] == address]
        return message


def text_of(message: EmailMessage) -> str:
    """Return the plain-text part."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@asynccontextmanager
async def opened(office: PostOffice) -> AsyncIterator[str]:
    """Open the mail server and give its SMTP_URL."""
    loop = asyncio.get_running_loop()
    conversations: list[SMTP] = []

    def answer() -> SMTP:
        conversations.append(SMTP(office, loop=loop, enable_SMTPUTF8=True))
        return conversations[-1]

    server = await loop.create_server(answer, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}?starttls=false"
    finally:
        server.close()
        for conversation in conversations:
            if conversation.transport is not None:
                conversation.transport.close()
        handlers = [each._handler_coroutine for each in conversations if each._handler_coroutine is not None]
        await asyncio.gather(*handlers, return_exceptions=True)
