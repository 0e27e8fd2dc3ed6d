"""Is this environment fit for other people's money? What production refuses to start with, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from commonweal.database_roles import database_roles, parse_url

LOCAL_SECRET_KEY = "local-only-key-which-production-refuses-to-start-with"
SHORTEST_SECRET_KEY = 50
TRUE_WORDS = {"1", "true", "on", "yes", "y", "ok", "t"}


def refusals(environment: Mapping[str, str]) -> list[str]:
    """Every unsafe value, each as a sentence that begins with its variable; nothing when all is well."""
    checks = (_secret_key, _debug, _hosts, _origins, _database)
    return [sentence for check in checks for sentence in check(environment)]


def _secret_key(environment: Mapping[str, str]) -> Iterator[str]:
    key = environment.get("SECRET_KEY", "")
    if not key:
        yield "SECRET_KEY is not set: sessions and tokens are signed with it"
    elif key == LOCAL_SECRET_KEY:
        yield "SECRET_KEY is the published local one: anybody could sign sessions"
    elif len(key) < SHORTEST_SECRET_KEY or len(set(key)) < 5:
        yield f"SECRET_KEY is too weak: {len(key)} characters; take {SHORTEST_SECRET_KEY} random ones or more"


def _debug(environment: Mapping[str, str]) -> Iterator[str]:
    if environment.get("DEBUG", "").lower() in TRUE_WORDS:
        yield "DEBUG is on: its error pages show settings and data to everybody"


def _hosts(environment: Mapping[str, str]) -> Iterator[str]:
    hosts = [host.strip() for host in environment.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    if not hosts:
        yield "ALLOWED_HOSTS is empty: name the host names of this installation, parted by commas"
    for host in hosts:
        if "*" in host:
            yield f"ALLOWED_HOSTS contains {host!r}: links in letters could be made to point anywhere; name each host"


def _origins(environment: Mapping[str, str]) -> Iterator[str]:
    for origin in filter(None, environment.get("CSRF_TRUSTED_ORIGINS", "").split(",")):
        if not origin.strip().startswith("https://") or "*" in origin:
            yield f"CSRF_TRUSTED_ORIGINS contains {origin.strip()!r}: only whole https:// addresses are trusted"


def _database(environment: Mapping[str, str]) -> Iterator[str]:
    url = environment.get("DATABASE_URL", "")
    if not url:
        yield "DATABASE_URL is not set: the embedded database is for trying, not for keeping a fund's books"
        return
    app = parse_url("DATABASE_URL", url).get("user")
    roles = database_roles(environment)
    if app in {roles.owner, "postgres"}:
        yield f"DATABASE_URL logs in as {app}, who owns the tables: the app role must own nothing"
    if app == roles.auditor:
        yield f"DATABASE_URL logs in as {app}, who may only read"
