"""Passwords: which ones are accepted, and how they are hashed without holding up other requests.

Argon2id at the minimum of the OWASP Password Storage Cheat Sheet (19 MiB, two passes, one lane).
"""

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import BoundedSemaphore
from typing import TypeVar

import argon2
from argon2.exceptions import VerificationError, VerifyMismatchError

from app.core.problems import Unavailable

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
THREADS = 2
MAX_WAITING = 32
# The whole queue is done in about half a second on two cores; Retry-After counts in whole seconds.
RETRY_AFTER_SECONDS = 1

# OWASP ASVS 4.0.3, V2.1.1 and V2.1.2; above the 8 of NIST SP 800-63B (revision 3), which asks to allow 64.
MIN_PASSWORD_CHARS = 12
MAX_PASSWORD_CHARS = 128

_MIN_OWN_CHARS = 8
_MIN_LOGIN_PIECE = 3
_LONGEST_REPEATED_BLOCK = 4
_COMMON_WORDS = (
    "password",
    "contraseña",
    "welcome",
    "bienvenido",
    "iloveyou",
    "letmein",
    "admin",
    "kithwork",
)
_SEQUENCES = tuple(
    row * (MAX_PASSWORD_CHARS // len(row) + 2)
    for row in (
        "0123456789",
        "abcdefghijklmnopqrstuvwxyz",
        "qwertyuiop",
        "qwertyuiopasdfghjklzxcvbnm",
        "1234567890qwertyuiopasdfghjklzxcvbnm",
        "1q2w3e4r5t6y7u8i9o0p",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    )
)

_TOO_SHORT = (
    f"the password is too short; use at least {MIN_PASSWORD_CHARS} characters, several words are fine"
)
_TOO_LONG = f"the password is too long; use at most {MAX_PASSWORD_CHARS} characters"
_UNSTORABLE = "the password holds a character that cannot be stored; leave it out"
_REPEATS = "the password repeats the same few characters; use several words instead"
_SEQUENCE = "the password is a plain sequence; use several words instead"
_LIKE_LOGIN = "the password is mostly the login name; choose one that is not made from it"
_COMMON = "the password is mostly a word that is guessed first; use several words instead"
_SPANISH = {
    _TOO_SHORT: f"la contraseña es demasiado corta; use al menos {MIN_PASSWORD_CHARS} caracteres, puede usar varias palabras",
    _TOO_LONG: f"la contraseña es demasiado larga; use como máximo {MAX_PASSWORD_CHARS} caracteres",
    _UNSTORABLE: "la contraseña contiene un carácter que no se puede guardar; quítelo",
    _REPEATS: "la contraseña repite los mismos caracteres; use varias palabras",
    _SEQUENCE: "la contraseña es una secuencia simple; use varias palabras",
    _LIKE_LOGIN: "la contraseña es casi igual al nombre de usuario; elija una que no derive de él",
    _COMMON: "la contraseña es casi una palabra que se adivina primero; use varias palabras",
}

_T = TypeVar("_T")


class Busy(Unavailable):
    """Too many passwords wait to be hashed; come back in `retry_after` seconds (503 with Retry-After)."""

    code = "busy"

    def __init__(self, retry_after: int) -> None:
        super().__init__(
            "too many people are signing in; try again in a second",
            spanish="demasiadas personas están iniciando sesión; inténtelo de nuevo en un segundo",
            headers={"Retry-After": str(retry_after)},
        )
        self.retry_after = retry_after


class PasswordHasher:
    """Hashes and verifies passwords on threads of its own, so that the event loop goes on serving.

    `threads` work at a time (19 MiB each) and at most `max_waiting` more wait; beyond that every call raises
    `Busy`. A caller who goes away gives up a place where work has not begun.
    """

    def __init__(self, *, threads: int = THREADS, max_waiting: int = MAX_WAITING) -> None:
        self._argon2 = argon2.PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=argon2.Type.ID
        )
        # Nobody's password: made at start-up, so that it always costs what a real hash costs today.
        self._dummy = self._argon2.hash(secrets.token_bytes(32))
        self._places = BoundedSemaphore(threads + max_waiting)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="password")

    async def hash(self, password: str) -> str:
        """Return the hash to store, in the PHC string format; ask `check_password_rules` first.

        Raises `Busy`, and ValueError for a password no rule lets through (NUL, lone surrogate, too long).
        """
        secret = _as_bytes(password)
        if secret is None:
            raise ValueError("this password cannot be hashed; check the password rules before hashing")
        return await self._run(lambda: self._argon2.hash(secret))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Tell whether this is the password that was stored; False for anything else, after the same work.

        `stored` is None for an unknown account or one without a password: the time an answer takes must not
        tell which accounts exist. A stored text that is no argon2 hash counts as None. Raises `Busy`.
        """
        secret = _as_bytes(password)
        return await self._run(lambda: self._matches(stored, secret))

    def needs_rehash(self, stored: str) -> bool:
        """Tell whether a password, just verified, should be hashed anew: our parameters have changed."""
        try:
            return self._argon2.check_needs_rehash(stored)
        except ValueError:
            return True

    def close(self) -> None:
        """Let the hashes under way finish, drop the waiting ones and end the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _matches(self, stored: str | None, secret: bytes | None) -> bool:
        if stored is not None and secret is not None:
            try:
                return self._argon2.verify(stored, secret)
            except VerifyMismatchError:
                return False
            except (VerificationError, ValueError):
                # A damaged or foreign hash failed before any work was done; the work below makes up for it.
                pass
        with suppress(VerificationError):
            self._argon2.verify(self._dummy, secret or b"")
        return False

    async def _run(self, work: Callable[[], _T]) -> _T:
        if not self._places.acquire(blocking=False):
            raise Busy(RETRY_AFTER_SECONDS)
        try:
            future = self._pool.submit(work)
        except RuntimeError:
            self._places.release()
            raise
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)


def check_password_rules(password: str, *, login: str) -> str | None:
    """Return the sentence that says why a new password is refused, or None when it is accepted.

    The rules of NIST SP 800-63B: length, counted in code points, and a refusal of what is guessed first (the
    login and what derives from it, common words, repetition, plain sequences). No composition rules.
    """
    if len(password) < MIN_PASSWORD_CHARS:
        return _TOO_SHORT
    if len(password) > MAX_PASSWORD_CHARS:
        return _TOO_LONG
    if _as_bytes(password) is None:
        return _UNSTORABLE
    return _why_guessable(_folded(password), _folded(login))


def spanish(sentence: str) -> str:
    """Return in Spanish a sentence of `check_password_rules`."""
    return _SPANISH[sentence]


def _why_guessable(folded: str, name: str) -> str | None:
    if _is_repetition(folded):
        return _REPEATS
    if any(folded in row or folded[::-1] in row for row in _SEQUENCES):
        return _SEQUENCE
    if folded in name or _left_without(folded, _pieces(name)) < _MIN_OWN_CHARS:
        return _LIKE_LOGIN
    if _left_without(folded, _COMMON_WORDS) < _MIN_OWN_CHARS:
        return _COMMON
    return None


def _as_bytes(password: str) -> bytes | None:
    """Return what is hashed, or None for a text that cannot be anybody's password.

    NFKC, as NIST SP 800-63B advises, so that one password typed on two keyboards is one password. The length
    comes first: normalising a megabyte would hold up the event loop.
    """
    if len(password) > MAX_PASSWORD_CHARS or "\x00" in password:
        return None
    try:
        return unicodedata.normalize("NFKC", password).encode()
    except UnicodeEncodeError:
        return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_repetition(text: str) -> bool:
    return any(text[size:] == text[:-size] for size in range(1, _LONGEST_REPEATED_BLOCK + 1))


def _pieces(login: str) -> list[str]:
    """Return the login, its local part, and the words it is made of, the longest first."""
    words = {login, login.partition("@")[0], *re.split(r"[\W_]+", login)}
    return sorted(
        (word for word in words if len(word) >= _MIN_LOGIN_PIECE), key=lambda word: (-len(word), word)
    )


def _left_without(text: str, words: "list[str] | tuple[str, ...]") -> int:
    """Return how many characters are left of a text when these words are taken out of it."""
    for word in words:
        text = text.replace(word, "")
    return len(text)
