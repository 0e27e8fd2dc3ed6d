"""`manage.py prepare_database ADMIN_URL`: make the roles and the database on a PostgreSQL server of one's own."""

import os
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg.conninfo import make_conninfo

from commonweal.database_roles import database_roles, parse_url, prepare_server, protect_database

VARIABLES = ("DATABASE_OWNER_URL", "DATABASE_URL", "DATABASE_AUDITOR_URL")


class Command(BaseCommand):
    """Makes what DATABASE_URL, DATABASE_OWNER_URL and DATABASE_AUDITOR_URL name; repeating it changes nothing."""

    help = "Make the owner, app and auditor roles and the database on your own server, as its administrator."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("admin_url", help="address of the server as a superuser; it is used once and kept nowhere")

    def handle(self, *args: Any, **options: Any) -> None:
        urls = {name: parse_url(name, url) for name in VARIABLES if (url := os.environ.get(name))}
        if missing := {"DATABASE_URL", "DATABASE_OWNER_URL"} - urls.keys():
            raise CommandError(f"{' and '.join(sorted(missing))} not set: their users and passwords are what is made")
        databases = {str(urls[name].get("dbname")) for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
        if len(databases) > 1:
            raise CommandError(
                f"DATABASE_URL and DATABASE_OWNER_URL name two databases: {' and '.join(sorted(databases))}"
            )
        roles = database_roles(os.environ)
        if len({roles.owner, roles.app, roles.auditor}) < 3:
            raise CommandError(
                f"owner, app and auditor must be three roles, not {roles.owner}, {roles.app}, {roles.auditor}"
            )
        passwords = {str(parts["user"]): str(parts["password"]) for parts in urls.values() if parts.get("password")}
        database = databases.pop()
        admin_url = options["admin_url"]
        with psycopg.connect(admin_url, autocommit=True) as connection:
            prepare_server(connection, roles, passwords=passwords, database=database)
        with psycopg.connect(make_conninfo(admin_url, dbname=database), autocommit=True) as connection:
            protect_database(connection, roles)
        self.stdout.write(f"Database {database} is ready for {roles.owner}, {roles.app} and {roles.auditor}.")
