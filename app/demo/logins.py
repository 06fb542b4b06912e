"""Who can sign in to the demo: one person per role and one machine, with a password made when it is loaded."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

_FILE = "demo-logins.json"
_CONSONANTS = "bdfgklmnprstvz"
_VOWELS = "aeiou"
_WORDS = 5


def make_password() -> str:
    """Return a fresh password of five made-up words, such as `lomi-gavu-...`: some 61 bits, easy to type.

    Fresh for each load: a default password in a public repository would open every demo there is.
    """
    return "-".join(
        "".join(secrets.choice(letters) for letters in (_CONSONANTS, _VOWELS) * 2) for _ in range(_WORDS)
    )


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """One person who can sign in, with what the token endpoint calls username and password."""

    role: str
    username: str
    password: str
    name: str
    school: str | None
    employer: str | None = None


@dataclass(frozen=True, slots=True)
class DemoLogins:
    """The demo's logins, one per role, and its machine client (the student information system's)."""

    tenant_slug: str
    people: tuple[DemoLogin, ...]
    client_id: str
    client_secret: str
    client_scopes: tuple[str, ...]

    def of(self, role: str) -> DemoLogin:
        """Return the login of a role; KeyError when the demo has none for it."""
        for person in self.people:
            if person.role == role:
                return person
        raise KeyError(role)

    def save(self, home: Path) -> Path:
        """Write the logins to `demo-logins.json` in the data folder, for its owner's eyes only; returns the path."""
        home.mkdir(parents=True, exist_ok=True)
        path = home / _FILE
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False, indent=2)
        fresh.replace(path)
        return path

    @classmethod
    def read(cls, home: Path) -> Self | None:
        """Return the logins kept in the data folder, or None when no demo was loaded from there."""
        try:
            kept = json.loads((home / _FILE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return cls(
            tenant_slug=kept["tenant_slug"],
            people=tuple(DemoLogin(**person) for person in kept["people"]),
            client_id=kept["client_id"],
            client_secret=kept["client_secret"],
            client_scopes=tuple(kept["client_scopes"]),
        )
