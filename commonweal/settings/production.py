"""Settings for a fund's real books: they refuse to start on an unsafe value and say which (`safety.py`)."""

import os

from django.core.exceptions import ImproperlyConfigured

from commonweal.settings.base import *
from commonweal.settings.safety import refusals

if unsafe := refusals(os.environ):
    raise ImproperlyConfigured("Commonweal does not start like this: " + "; ".join(unsafe) + ".")

DEBUG = False

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_TLS_PROXY", default=False) else None
SECURE_REDIRECT_EXEMPT = [r"^live$", r"^ready$"]
"""Whoever watches the processes asks them behind the proxy."""
SECURE_HSTS_SECONDS = 366 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"

SITE_URL = env("SITE_URL", default="") or f"https://{ALLOWED_HOSTS[0]}"
LETTERS_ARE_SENT = bool(env("EMAIL_URL", default=""))
"""Without a mail server letters wait; they are never marked as sent because a file was written."""
