"""`manage.py migrate`: change the tables as the role that owns them, after saying what the other roles may do there."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections

from commonweal.database_roles import Roles, protect_database


class Command(migrate.Command):
    """Django's own command, on the database alias `owner`."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        alias = options["database"]
        if alias not in settings.DATABASES:
            raise CommandError("DATABASE_OWNER_URL is not set: migrations run as the role that owns the tables")
        if alias == "owner" and not options["plan"] and not options["check_unapplied"]:
            connections[alias].ensure_connection()
            protect_database(connections[alias].connection, Roles(**settings.DATABASE_ROLES))
        super().handle(*args, **options)
