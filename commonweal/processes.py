"""Which processes make up Commonweal on one machine (database, web server, worker), and how they start and stop.

`make demo` runs `python -m commonweal.processes start`, `make stop` runs `… stop`. On a server of one's own a process
manager does this (docs/operating.md).
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from commonweal.database import DatabaseUnavailable, EmbeddedServer, command_line

BASE = Path(__file__).resolve().parents[1]
WEB_PROCESSES, THREADS_EACH = 2, 4
SECONDS_TO_START = 60
SECONDS_TO_BE_SEEN = 10


class CannotStart(Exception):
    """Raised when a process does not come up. Do what the message says; nothing that runs was touched."""


@dataclass(frozen=True, slots=True)
class Process:
    """One background process: its pid file under var/run, its log under var/log."""

    name: str
    command: tuple[str, ...]
    var_dir: Path

    @property
    def pid_file(self) -> Path:
        return self.var_dir / "run" / f"{self.name}.pid"

    @property
    def log(self) -> Path:
        return self.var_dir / "log" / f"{self.name}.log"

    def pid(self) -> int | None:
        """Its process id, if the pid file's process lives and is this one."""
        try:
            pid = int(self.pid_file.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if f" -m {self.command[2]} " in command_line(pid) else None

    def port(self) -> int | None:
        """The port that it was started on."""
        return int(self.pid_file.read_text().split()[1]) if self.pid() else None

    def start(self, port: int) -> None:
        """Start it in the background, apart from this terminal."""
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                self.command,
                cwd=BASE,
                env=os.environ | {"DATABASE_POOL_SIZE": str(THREADS_EACH), "SITE_URL": site_url(port)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pid_file.write_text(f"{started.pid} {port}\n")
        deadline = time.monotonic() + SECONDS_TO_BE_SEEN
        while self.pid() is None and started.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)  # a process that was just made has no command line for a moment
        started.returncode = 0  # it outlives this program, which does not wait for it

    def stop(self) -> bool:
        """End it, and wait until it has ended; False when it was not running."""
        pid = self.pid()
        if pid is None:
            return False
        os.kill(pid, signal.SIGTERM)
        for _ in range(300):
            if self.pid() is None:
                break
            time.sleep(0.1)
        else:
            os.kill(pid, signal.SIGKILL)
        self.pid_file.unlink()
        return True

    def last_words(self) -> str:
        """The end of its log, for an error message."""
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log.exists() else []
        return lines[-1] if lines else "it said nothing"


def site_url(port: int) -> str:
    """Under which address letters and calendars name the site: the one that is set, or this machine's."""
    return os.environ.get("SITE_URL") or f"http://127.0.0.1:{port}"


def web_server(var_dir: Path, port: int) -> Process:
    sizes = ("--workers", str(WEB_PROCESSES), "--worker-class", "gthread", "--threads", str(THREADS_EACH))
    place = ("--bind", f"127.0.0.1:{port}", "--access-logfile", "-")
    return Process("web", (sys.executable, "-m", "gunicorn", "commonweal.wsgi", *sizes, *place), var_dir)


def worker(var_dir: Path) -> Process:
    options = ("worker", "--beat", "--concurrency", "2", "--loglevel", "INFO", "--without-mingle", "--without-gossip")
    return Process("worker", (sys.executable, "-m", "celery", "-A", "commonweal", *options), var_dir)


def start(var_dir: Path, port: int, since: float) -> None:
    """Bring everything up, reusing what runs, and say where it is. Raises CannotStart and DatabaseUnavailable."""
    for folder in ("run", "log"):
        (var_dir / folder).mkdir(parents=True, exist_ok=True)
    web, background = web_server(var_dir, port), worker(var_dir)
    running_on = web.port()
    if running_on is None:
        refuse_used_port(port)
    if "DATABASE_URL" not in os.environ:
        EmbeddedServer(var_dir).start()
    os.environ.setdefault("SITE_URL", site_url(running_on or port))
    manage("migrate", "--verbosity", "0")
    story = manage("load_demo") if (BASE / "commonweal/management/commands/load_demo.py").exists() else ""
    if running_on is None:
        web.start(port)
    if background.pid() is None:
        background.start(port)
    address = f"http://127.0.0.1:{running_on or port}"
    wait_for_answer(web, f"{address}/")
    if background.pid() is None:
        raise CannotStart(f"The worker ended at once: {background.last_words()} (see {background.log})")
    if running_on is not None:
        print("It was running already; `make stop` first, to run changed code.")
    print(f"\nCommonweal runs at {address}/   API: {address}/api/schema/   stop it: make stop")
    print(f"{story.strip()}\nReady in {time.time() - since:.0f} seconds.")


def stop(var_dir: Path) -> None:
    """End the worker, the web server and the embedded database."""
    stopped = [process.name for process in (worker(var_dir), web_server(var_dir, 0)) if process.stop()]
    if "DATABASE_URL" not in os.environ and EmbeddedServer(var_dir).stop():
        stopped.append("database")
    print(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")


def refuse_used_port(port: int) -> None:
    """Raises CannotStart when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} cannot be used ({error.strerror}); nothing was started. "
                f"Choose another: make demo PORT={port + 1}"
            ) from None


def manage(*arguments: str) -> str:
    """What a management command prints. Raises CannotStart with its complaint."""
    line = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(line, cwd=BASE, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise CannotStart(f"manage.py {arguments[0]} failed: {done.stdout.strip()}")
    return done.stdout


def wait_for_answer(web: Process, address: str) -> None:
    """Until the web server answers anything at all. Raises CannotStart with the end of its log."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and web.pid():
        try:
            urllib.request.urlopen(address, timeout=10).close()  # noqa: S310 - our own address
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    web.stop()
    raise CannotStart(f"The web server does not answer at {address}: {web.last_words()} (see {web.log})")


def main(arguments: list[str] | None = None) -> int:
    """The command line: 0 when done, 1 with one sentence when not."""
    parser = argparse.ArgumentParser(
        prog="python -m commonweal.processes", description="Run Commonweal on this machine."
    )
    parser.add_argument("action", choices=["start", "stop"])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--since", type=float, default=time.time(), help="when the work began, in seconds since 1970")
    options = parser.parse_args(arguments)
    var_dir = Path(os.environ.get("VAR_DIR") or BASE / "var").absolute()
    try:
        if options.action == "stop":
            stop(var_dir)
        else:
            start(var_dir, options.port, options.since)
    except (CannotStart, DatabaseUnavailable) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
