import os
import stat
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest

from app.core.mail import FileMailer, MailDeferred, Message

MESSAGE = Message(
    id=UUID("0197a000-0000-7000-8000-000000000001"),
    to="rosa@clinic.example.com",
    subject="¿Podemos guardar sus datos, señora Núñez?",
    text="Señora Núñez:\n\n¿Qué tal?\n\nhttps://kithwork.example.org/l/abc\n",
    html="<p>Señora Núñez: <a href='https://kithwork.example.org/l/abc'>¿Qué tal?</a></p>\n",
)


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _parsed(content: bytes) -> EmailMessage:
    email = message_from_bytes(content, policy=policy.default)
    assert isinstance(email, EmailMessage)
    return email


def test_a_sender_without_an_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="correct MAIL_FROM"):
        FileMailer(tmp_path, "Kithwork")


async def test_a_mail_file_can_be_opened_and_parsed(tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path / "home" / "mail")

    await mailer.send(MESSAGE)

    content = (tmp_path / "home" / "mail" / f"{MESSAGE.id}.eml").read_bytes()
    email = _parsed(content)
    plain = email.get_body(("plain",))
    assert email["Subject"] == MESSAGE.subject
    assert plain is not None
    assert plain.get_content() == MESSAGE.text
    assert b"\nhttps://kithwork.example.org/l/abc\n" in content
    assert "Señora Núñez:".encode() in content


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
async def test_only_the_owner_can_read_mail_files(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir(mode=0o755)

    await FileMailer(folder).send(MESSAGE)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / f"{MESSAGE.id}.eml").stat().st_mode) == 0o600


async def test_the_same_mail_twice_is_one_file(tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path)
    await mailer.send(MESSAGE)

    await mailer.send(replace(MESSAGE, subject="Later"))

    assert _names(tmp_path) == [f"{MESSAGE.id}.eml"]
    assert _parsed((tmp_path / f"{MESSAGE.id}.eml").read_bytes())["Subject"] == "Later"


async def test_a_folder_that_cannot_be_written_defers_the_mail(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")

    with pytest.raises(MailDeferred, match="FileExistsError"):
        await FileMailer(tmp_path / "mail").send(MESSAGE)


async def test_erasing_removes_a_persons_mails_and_what_a_crash_left(tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path)
    other = replace(MESSAGE, id=UUID(int=2))
    await mailer.send(MESSAGE)
    await mailer.send(other)
    (tmp_path / f"{MESSAGE.id}.0a1b2c3d.tmp").write_text("half a mail")

    erased = mailer.erase([MESSAGE.id, UUID(int=99)])

    assert erased == 2
    assert _names(tmp_path) == [f"{other.id}.eml"]


def test_erasing_before_any_mail_was_written_is_nothing(tmp_path: Path) -> None:
    assert FileMailer(tmp_path / "never").erase([UUID(int=1)]) == 0
