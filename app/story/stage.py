"""What the people of the story need: a way to ask the service, and a look into their mailboxes."""

import email
import email.policy
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.core import http

WAIT_SECONDS = 30.0


class StoryFailed(Exception):
    """A step did not go as told."""


Say = Callable[[str], None]


@dataclass
class Stage:
    """The service, the mail folder, and the teller's voice."""

    base_url: str
    mail: Path
    say: Say
    began: float = field(default_factory=time.time)

    def letter(self, address: str, pattern: str) -> str:
        """Wait for a letter to an address and return what `pattern` finds in it: as its reader would, in the mailbox."""
        end = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < end:
            for path in sorted(self.mail.glob("*.eml"), key=lambda one: one.stat().st_mtime, reverse=True):
                if path.stat().st_mtime < self.began - 1:
                    break
                letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                body = letter.get_body(("plain",))
                found = re.search(pattern, "" if body is None else body.get_content())
                if found and address in str(letter["To"]):
                    self.say(f"  ✉ {address}: “{letter['Subject']}”")
                    return found[1]
            time.sleep(0.2)
        raise StoryFailed(
            f"no letter for {address} in {self.mail} after {WAIT_SECONDS:.0f} s; the story reads mail files, so play it "
            "on the machine of the service, with the worker running and SMTP_URL unset"
        )


class Player:
    """One person, or one machine, of the story."""

    def __init__(self, stage: Stage, name: str) -> None:
        self.stage = stage
        self.name = name
        self._client = http.client(stage.base_url)
        self._token: str | None = None
        self.password = f"story-{uuid4()}"

    def sign_in(self, **form: str) -> None:
        """Take an access token."""
        answer = self._send("POST", "/oauth/token", "signs in", data=form, expect=(200,))
        self._token = answer["access_token"]

    def get(self, path: str, what: str, **options: Any) -> dict[str, Any]:
        """Read."""
        return self._send("GET", path, what, expect=(200,), **options)

    def post(self, path: str, what: str, *, version: int | None = None, **options: Any) -> dict[str, Any]:
        """Create something, or act on one thing whose `version` was read before."""
        headers = {"Idempotency-Key": str(uuid4()), **options.pop("headers", {})}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self._send("POST", path, what, headers=headers, expect=(200, 201, 202), **options)

    def act(self, path: str, verb: str, what: str, **body: Any) -> dict[str, Any]:
        """Read one thing, see that the service offers the action, and do it."""
        thing = self._send("GET", path, None, expect=(200,))
        if verb not in thing["allowed_actions"]:
            raise StoryFailed(
                f"{self.name} should be allowed to {verb}, but may only {thing['allowed_actions']}"
            )
        return self.post(f"{path}/{verb}", what, version=thing["version"], **({"json": body} if body else {}))

    def refused(self, method: str, path: str, what: str, status: int, **options: Any) -> None:
        """Try what must not be possible."""
        headers = {"Idempotency-Key": str(uuid4()), "If-Match": '"1"'}
        self._send(method, path, what, headers=headers, expect=(status,), **options)

    def _send(
        self, method: str, path: str, what: str | None, *, expect: tuple[int, ...], **options: Any
    ) -> dict[str, Any]:
        headers = options.pop("headers", {})
        if self._token is not None:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            response = self._client.request(method, path, headers=headers, **options)
        except http.ConnectionFailed as error:
            raise StoryFailed(
                f"nothing answers at {self.stage.base_url}; start the service first: make run"
            ) from error
        answer: dict[str, Any] = response.json() if response.content else {}
        shown = re.sub(r"/(invitations|consents)/[^/]{12,}", r"/\1/…", path)
        if what is not None:
            state = answer.get("status") if isinstance(answer.get("status"), str) else answer.get("code")
            self.stage.say(
                f"  {self.name} {what}: {method} {shown} → {response.status_code}{f' ({state})' if state else ''}"
            )
        if response.status_code not in expect:
            detail = answer.get("detail") or answer.get("error_description") or response.text
            raise StoryFailed(
                f"{self.name} {what or 'reads'}: {method} {shown} answered {response.status_code}: {detail}"
            )
        return answer
