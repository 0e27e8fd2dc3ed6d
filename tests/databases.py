"""Test databases: one migrated template per state of the migrations, and clones of it for workers and tests.

Every run holds a shared advisory lock on the names that it uses, so that what nobody holds can be dropped, also after a
run that was killed. All of it is done as the owner role, which may create databases.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from commonweal.database import SUPERUSER, EmbeddedServer
from commonweal.database_roles import database_roles, protect_database

PREFIX = "test_commonweal_"
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:8]
"""What the workers of one run have in common."""

_kept: dict[str, BaseDatabaseWrapper] = {}
"""Connections of tests that were rolled back, by the names of their databases."""

WHAT_MAKES_A_SCHEMA = ("*/migrations/*", "*/*/migrations/*", "*/sql/**/*", "*/*/sql/**/*", "*/migration_operations.py")


@dataclass(frozen=True, slots=True)
class TestDatabase:
    """A database of a test's own, and its addresses for psycopg, for `DATABASE_URL` and for other processes."""

    __test__ = False
    name: str
    app_url: str
    owner_url: str
    superuser_url: str | None
    """None on a server of one's own, unless DATABASE_SUPERUSER_URL says how to log in."""
    auditor_url: str | None
    """None on a server of one's own, unless DATABASE_AUDITOR_URL says how to log in."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which another process, `manage.py` say, works on this database."""
        urls = {"DATABASE_URL": self.app_url, "DATABASE_OWNER_URL": self.owner_url}
        return {**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "commonweal.settings.test"}


class TestDatabases:
    """Makes, clones and drops test databases over one connection, whose locks say what is in use."""

    __test__ = False

    def __init__(self) -> None:
        if "DATABASE_URL" not in os.environ:
            EmbeddedServer(settings.VAR_DIR).ensure_started()
        self.base = str(connections["owner"].settings_dict["NAME"])
        self.connection = psycopg.connect(_url("owner", self.base), autocommit=True)
        self.template = PREFIX + _fingerprint()
        self.clones = 0

    def prepare_template(self) -> None:
        """Make the migrated template unless another worker or an earlier run has; drop what nobody uses."""
        self._lock("pg_advisory_lock_shared", self.template)
        self._lock("pg_advisory_lock", "making a template")
        try:
            self._drop_unused()
            if not self._exists(self.template):
                self._make_template()
        finally:
            self._lock("pg_advisory_unlock", "making a template")

    def filled_template(self, what: str, fill: Callable[[], None]) -> str:
        """Another template: a copy of the migrated one that `fill` has filled, made once for all workers of a run."""
        name = f"{self.template}_{RUN}_{what}"
        self._lock("pg_advisory_lock_shared", name)
        self._lock("pg_advisory_lock", f"filling {name}")
        try:
            if not self._exists(name):
                self._fill_template(name, fill)
        finally:
            self._lock("pg_advisory_unlock", f"filling {name}")
        return name

    def clone(self, template: str | None = None) -> TestDatabase:
        """A fresh copy of the template, or of another one, with the same rights."""
        self.clones += 1
        name = f"{self.template}_{os.getpid()}_{self.clones}"
        self._lock("pg_advisory_lock_shared", name)
        self._create(name, template=template or self.template)
        return _described(name)

    def drop(self, name: str) -> None:
        """Drop a database, breaking off whoever is still connected.

        Autovacuum belongs to no role, so FORCE may not break it off; without FORCE the server does that itself.
        """
        connections.close_all()
        if kept := _kept.pop(name, None):
            kept.close()
        drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
        try:
            self.connection.execute(drop + sql.SQL(" WITH (FORCE)"))
        except psycopg.errors.InsufficientPrivilege:
            self.connection.execute(drop)

    def close(self) -> None:
        self.connection.close()

    def _make_template(self) -> None:
        making = f"{self.template}_making"
        self._lock("pg_advisory_lock_shared", making)
        self.drop(making)
        self._create(making, template="template0")
        with connected_to(making):
            call_command("migrate", database="owner", interactive=False, verbosity=0)
        names = sql.Identifier(making), sql.Identifier(self.template)
        self.connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))

    def _fill_template(self, name: str, fill: Callable[[], None]) -> None:
        making = f"{name}_making"
        self._lock("pg_advisory_lock_shared", making)
        self.drop(making)
        self._create(making, template=self.template)
        with connected_to(making):
            fill()
        names = sql.Identifier(making), sql.Identifier(name)
        self.connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))

    def _create(self, name: str, *, template: str) -> None:
        names = sql.Identifier(name), sql.Identifier(template)
        self.connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        with psycopg.connect(_url("owner", name), autocommit=True) as connection:
            protect_database(connection, database_roles(os.environ))

    def _exists(self, name: str) -> bool:
        return self.connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None

    def _drop_unused(self) -> None:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s"
        for (name,) in self.connection.execute(query, [PREFIX, self.template]).fetchall():
            if self._lock("pg_try_advisory_lock", name):
                self.drop(name)
                self._lock("pg_advisory_unlock", name)

    def _lock(self, function: str, name: str) -> bool:
        query = sql.SQL("SELECT {}(hashtextextended(%s, 0))").format(sql.Identifier(function))
        row = self.connection.execute(query, [name]).fetchone()
        return bool(row and row[0])


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Point Django's connections, in every thread, at this database for a while."""
    before = {alias: connections[alias].settings_dict["NAME"] for alias in connections}
    _point(dict.fromkeys(before, name))
    try:
        yield
    finally:
        _point(before)


@contextmanager
def rolled_back_in(name: str) -> Iterator[None]:
    """The same for one test, in a transaction that never commits; the connection is kept for the next such test."""
    with connected_to(name):
        unused = connections["default"]
        kept = connections["default"] = _kept.pop(name, None) or connections.create_connection("default")
        try:
            with transaction.atomic():
                yield
                kept.check_constraints()
                transaction.set_rollback(True)
        finally:
            connections["default"] = unused
            if kept.connection is None or kept.connection.closed:
                kept.close()
            else:
                _kept[name] = kept


def _point(names: dict[str, str]) -> None:
    connections.close_all()
    for alias, name in names.items():
        connections[alias].settings_dict["NAME"] = name


def _described(name: str) -> TestDatabase:
    superuser, auditor = os.environ.get("DATABASE_SUPERUSER_URL"), os.environ.get("DATABASE_AUDITOR_URL")
    if "DATABASE_URL" not in os.environ:
        server = EmbeddedServer(settings.VAR_DIR)
        superuser, auditor = server.url(SUPERUSER), server.url(database_roles(os.environ).auditor)
    others = [url and psycopg.conninfo.make_conninfo(url, dbname=name) for url in (superuser, auditor)]
    return TestDatabase(name, _url("default", name), _url("owner", name), *others)


def _url(alias: str, database: str) -> str:
    """The address of a database, with the log-in of one of Django's aliases."""
    wanted = connections[alias].settings_dict
    options = {key: value for key, value in wanted["OPTIONS"].items() if key != "pool"}
    places = {"host": wanted["HOST"], "port": wanted["PORT"], "password": wanted["PASSWORD"], **options}
    query = urlencode({key: value for key, value in places.items() if value})
    return f"postgresql://{quote(wanted['USER'], safe='')}@/{database}?{query}"


def _fingerprint() -> str:
    """A name for what the migrations make: of their files, the roles' rights, and the releases that run them."""
    digest = hashlib.sha256(f"{django.VERSION} {asdict(database_roles(os.environ))} ".encode())
    files = {file for pattern in WHAT_MAKES_A_SCHEMA for file in settings.BASE_DIR.glob(pattern)}
    kept = {file for file in files if file.is_file() and file.suffix != ".pyc" and ".venv" not in file.parts}
    for file in sorted(kept | {Path(settings.BASE_DIR, "commonweal/database_roles.py")}):
        digest.update(f"{file.relative_to(settings.BASE_DIR)} ".encode() + file.read_bytes())
    return digest.hexdigest()[:12]
