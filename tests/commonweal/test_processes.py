"""What `make demo` and `make setup` do when something is in the way."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from commonweal import processes, system_packages
from commonweal.processes import CannotStart, Process, refuse_used_port, wait_for_answer
from commonweal.system_packages import Need


@pytest.fixture
def places(tmp_path: Path) -> Path:
    for folder in ("run", "log"):
        (tmp_path / folder).mkdir()
    return tmp_path


def test_a_port_in_use_is_named_with_another_to_take() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CannotStart, match=rf"Port {port} .*in use.*; nothing was started.*PORT={port + 1}"):
            refuse_used_port(port)
    refuse_used_port(port)


def test_a_process_starts_is_known_by_its_pid_file_and_stops(places: Path) -> None:
    process = Process("clock", (sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1"), places)
    assert process.pid() is None
    process.start(8123)
    assert process.pid() is not None
    assert process.port() == 8123
    assert process.stop()
    assert process.pid() is None
    assert not process.stop()


def test_a_process_that_has_no_command_line_yet_is_waited_for(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Just after it was made /proc may show nothing; that is not a process that has ended."""
    said = ["", "", ""]
    seen = processes.command_line
    monkeypatch.setattr(processes, "command_line", lambda pid: said.pop() if said else seen(pid))
    process = Process("clock", (sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1"), places)
    process.start(8123)
    assert said == []
    assert process.pid() is not None
    assert process.stop()


def test_a_pid_that_is_somebody_elses_by_now_is_not_stopped(places: Path) -> None:
    process = Process("web", (sys.executable, "-m", "gunicorn"), places)
    process.pid_file.write_text("1 8000\n")
    assert process.pid() is None
    assert not process.stop()


def test_a_web_server_that_ends_at_once_leaves_its_last_words(places: Path) -> None:
    process = Process("web", (sys.executable, "-m", "commonweal.no_such_module"), places)
    process.start(8123)
    with pytest.raises(CannotStart, match=r"does not answer at http://127\.0\.0\.1:9/: .*No module named"):
        wait_for_answer(process, "http://127.0.0.1:9/")


@pytest.mark.parametrize(("only_for_tests", "ci", "status"), [(True, "", 0), (True, "true", 1), (False, "", 1)])
def test_a_missing_system_package_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], only_for_tests: bool, ci: str, status: int
) -> None:
    missing = Need("libnothing9", library="libnothing.so.9", only_for_tests=only_for_tests)
    monkeypatch.setattr(system_packages, "NEEDS", (missing, Need("sh", program="sh")))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setenv("CI", ci)
    assert system_packages.main() == status
    said = capsys.readouterr().err
    assert "sudo apt-get install libnothing9 (" in said
    assert len(said.splitlines()) == 1
