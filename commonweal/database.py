"""Which PostgreSQL is used, as whom, and how the embedded one is run."""

from pathlib import Path
from typing import Any

import environ


def database_settings(var_dir: Path) -> dict[str, dict[str, Any]]:
    """The `DATABASES` setting: `default` logs in as the app role, `owner` runs migrations."""
    env = environ.Env()
    return {"default": env.db("DATABASE_URL"), "owner": env.db("DATABASE_OWNER_URL")}
