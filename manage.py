#!/usr/bin/env python
"""Run a management command (`python manage.py help` lists them), and first the embedded database if it needs one."""

import os
import sys

WITHOUT_DATABASE = {
    *("help", "version", "--help", "-h", "--version", "collectstatic", "findstatic", "spectacular"),
    *("document_errors", "take_screenshots", "calculate"),
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from commonweal.database import DatabaseUnavailable, EmbeddedServer

    try:
        if sys.argv[1:] and sys.argv[1] not in WITHOUT_DATABASE and "DATABASE_URL" not in os.environ:
            EmbeddedServer(settings.VAR_DIR).ensure_started()
        execute_from_command_line(sys.argv)
    except (DatabaseUnavailable, ImproperlyConfigured, OperationalError) as error:
        if "--traceback" in sys.argv:
            raise
        print(f"{' '.join(str(error).split())} (docs/operating.md, 'When the database is down')", file=sys.stderr)
        sys.exit(2 if sys.argv[1:2] == ["calculate"] else 1)


if __name__ == "__main__":
    main()
