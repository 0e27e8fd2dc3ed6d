"""Who the owner, the app and the auditor are in PostgreSQL, what each may do, and how an administrator makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

DATABASE_NAME = "commonweal"


@dataclass(frozen=True, slots=True)
class Roles:
    """The names of the three roles: who migrates, who works, who may only read."""

    owner: str = "commonweal_owner"
    app: str = "commonweal_app"
    auditor: str = "commonweal_auditor"


def database_roles(environment: Mapping[str, str]) -> Roles:
    """The roles' names: the users of DATABASE_OWNER_URL, DATABASE_URL and DATABASE_AUDITOR_URL, else the usual ones."""
    variables = {"owner": "DATABASE_OWNER_URL", "app": "DATABASE_URL", "auditor": "DATABASE_AUDITOR_URL"}
    users = {role: parse_url(name, environment.get(name, "")).get("user") for role, name in variables.items()}
    return Roles(**{role: user for role, user in users.items() if user})


def parse_url(variable: str, url: str) -> dict[str, Any]:
    """The parts of a PostgreSQL address, as libpq reads it; raises ImproperlyConfigured naming the variable."""
    try:
        return conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(f"{variable} is not a PostgreSQL address: {str(error).strip()}") from None


def prepare_server(
    connection: psycopg.Connection,
    roles: Roles,
    *,
    passwords: dict[str, str] | None = None,
    database: str = DATABASE_NAME,
) -> None:
    """Make the three roles and the database, as an administrator; what exists is set right and kept.

    The owner may act for the other two, which can do nothing that it cannot, and end their sessions; never the reverse.
    """
    rights = {roles.owner: "CREATEDB", roles.app: "NOCREATEDB", roles.auditor: "NOCREATEDB"}
    for role, right in rights.items():
        name = sql.Identifier(role)
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {}").format(name))
        plain = sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS {}")
        connection.execute(plain.format(name, sql.SQL(right)))
        if password := (passwords or {}).get(role):
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(name, sql.Literal(password)))
    owner, app, auditor = (sql.Identifier(role) for role in (roles.owner, roles.app, roles.auditor))
    connection.execute(sql.SQL("GRANT {}, {} TO {}").format(app, auditor, owner))
    connection.execute(sql.SQL("ALTER ROLE {} SET default_transaction_read_only = on").format(auditor))
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
        create_database(connection, database, owner=roles.owner)


def create_database(connection: psycopg.Connection, database: str, *, owner: str) -> None:
    """Make an empty database of the owner's, whose text is UTF-8 and sorted alike on every machine."""
    builtin = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
    locale = builtin if connection.info.server_version >= 170000 else "LOCALE 'C.UTF-8'"
    create = sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0 {}")
    connection.execute(create.format(sql.Identifier(database), sql.Identifier(owner), sql.SQL(locale)))


def protect_database(connection: psycopg.Connection, roles: Roles) -> None:
    """Say what each role may do in the connected database: as its owner, before tables are made there.

    The app role works on rows and makes nothing, temporary tables neither; the auditor role reads. A migration of an
    append-only table takes UPDATE and DELETE away again.
    """
    names = {role: sql.Identifier(name) for role, name in asdict(roles).items()}
    database = sql.Identifier(connection.info.dbname)
    for statement in (
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {app}, {auditor}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}, {auditor}",
        "{defaults} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "{defaults} GRANT USAGE ON SEQUENCES TO {app}",
        "{defaults} GRANT SELECT ON TABLES TO {auditor}",
    ):
        defaults = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public").format(**names)
        connection.execute(sql.SQL(statement).format(database=database, defaults=defaults, **names))
