"""The processes of one installation, to be killed and started again: worker, web server, broker and PostgreSQL.

    with machine(spare_server, tmp_path, broker="redis") as parts:
        parts.start("redis", "worker-1", "worker-2", "web")
        parts.kill("worker-1")                 # -9, with all that it started, as the kernel does it
        parts.start("worker-1")
        parts.kill("postgresql"); parts.start("postgresql")

Every part writes to `FOLDER/NAME.log`. What still runs at the end is killed.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

from django.conf import settings

from commonweal.database import EmbeddedServer
from commonweal.database_roles import Roles
from tests.tools import find_program

POSTGRESQL, REDIS, WEB = "postgresql", "redis", "web"
APPLICATION = "commonweal"
"""What `celery -A` is given; the tests' own kinds of work are known to `tests.commonweal.jobs.celery_process`."""


def wait_until(holds: Callable[[], bool], seconds: float = 60, *, what: str = "it") -> None:
    """Look every tenth of a second; fail when it does not come to hold in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds:.0f} seconds for {what}"
        time.sleep(0.1)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """What the web server answered, and how long that took; `status` 0: it did not."""

    status: int
    text: str
    headers: dict[str, str]
    seconds: float

    @property
    def body(self) -> Any:
        """What was answered in JSON."""
        return json.loads(self.text)


@dataclass
class Machine:
    """The parts of one installation by name: `postgresql`, `redis`, `web`, and `worker-…` for as many as wanted."""

    server: EmbeddedServer
    folder: Path
    broker: Literal["files", "redis"] = "files"
    application: str = APPLICATION
    roles: Roles = field(default_factory=Roles)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def broker_url(self) -> str:
        """The address of the broker; empty for the files."""
        return f"redis://127.0.0.1:{self._port(REDIS)}/0" if self.broker == "redis" else ""

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which every part, and `manage.py`, works."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "commonweal.settings.test",
            "DATABASE_URL": self.server.url(self.roles.app),
            "DATABASE_OWNER_URL": self.server.url(self.roles.owner),
            "DATABASE_POOL_SIZE": "4",
            "VAR_DIR": str(self.folder),
            "BROKER_URL": self.broker_url,
        }

    def start(self, *names: str) -> None:
        """Start parts, and wait for PostgreSQL, Redis and the web server until they answer."""
        for name in names:
            if name == POSTGRESQL:
                self.server.start()
                continue
            assert not self.runs(name), f"{name} runs already"
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    self._command(name),
                    cwd=settings.BASE_DIR,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            if name in {REDIS, WEB}:
                wait_until(lambda name=name: self._listens(name), what=name)

    def kill(self, *names: str) -> None:
        """Kill parts (-9) with all that they started."""
        for name in names:
            if name == POSTGRESQL:
                pid = self.server.pid()
                assert pid is not None
                os.kill(pid, signal.SIGKILL)
                wait_until(lambda pid=pid: self.server.pid() != pid, what="the end of PostgreSQL")
            else:
                process = self.running.pop(name)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=20)

    def runs(self, name: str) -> bool:
        """Whether a part is alive."""
        if name == POSTGRESQL:
            return self.server.pid() is not None
        return name in self.running and self.running[name].poll() is None

    def log(self, name: str) -> str:
        """What a part has said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def manage(self, *arguments: str) -> str:
        """What a management command of this installation prints; it has to succeed."""
        line = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            line, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, path: str, body: Any = None, *, token: str = "", key: str = "", session: str = "") -> Answer:
        """Ask the web server: GET, or POST where there is a body; with a token, or the key of a session."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        headers |= {"Cookie": f"sessionid={session}"} if session else {}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        data = None if body is None else json.dumps(body).encode()
        address = f"http://127.0.0.1:{self._port(WEB)}{path}"
        began = time.monotonic()
        try:
            with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=60) as said:
                status, text, given = said.status, said.read().decode(), dict(said.headers)
        except urllib.error.HTTPError as refused:
            with refused:
                status, text, given = refused.code, refused.read().decode(), dict(refused.headers)
        except OSError:
            status, text, given = 0, "", {}
        return Answer(status, text, given, time.monotonic() - began)

    def is_ready(self) -> bool:
        """Whether the web server and its database answer."""
        return self.ask("/ready").status == HTTPStatus.OK

    def _command(self, name: str) -> list[str]:
        if name == REDIS:
            program = find_program("redis-server", package="redis-server")
            return [program, "--port", str(self._port(name)), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        if name == WEB:
            sizes = ["--workers", "2", "--worker-class", "gthread", "--threads", "4"]
            place = ["--bind", f"127.0.0.1:{self._port(name)}"]
            return [sys.executable, "-m", "gunicorn", "commonweal.wsgi", *sizes, *place]
        beat = ["--beat", "--schedule", str(self.folder / f"{name}.beat")]
        options = ["--concurrency", "1", "--loglevel", "INFO", "--without-mingle", "--without-gossip", "-n", name]
        return [sys.executable, "-m", "celery", "-A", self.application, "worker", *beat, *options]

    def _port(self, name: str) -> int:
        return self.ports.setdefault(name, free_port())

    def _listens(self, name: str) -> bool:
        assert self.runs(name), self.log(name)
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port(name))) == 0


@contextmanager
def machine(server: EmbeddedServer, folder: Path, **options: Any) -> Iterator[Machine]:
    """An installation over a PostgreSQL of its own; whatever of it still runs afterwards is killed."""
    parts = Machine(server, folder, **options)
    try:
        yield parts
    finally:
        parts.kill(*list(parts.running))
