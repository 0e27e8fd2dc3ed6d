"""Settings that every installation shares. `docs/operating.md` documents each environment variable."""

import os
from dataclasses import asdict
from pathlib import Path

import environ

from commonweal.database import database_settings
from commonweal.database_roles import database_roles
from commonweal.settings.safety import LOCAL_SECRET_KEY

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env("VAR_DIR", default="") or BASE_DIR / "var").absolute()

SECRET_KEY = env("SECRET_KEY", default=LOCAL_SECRET_KEY)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "djmoney",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "ledger",
    "borrowers",
    "loans",
    "investors",
    "commonweal.access",
    "commonweal.documents",
    "commonweal.letters",
    "commonweal.open_data",
    "commonweal.jobs",
    "commonweal.api",
    "commonweal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "commonweal.access.uploads.UploadLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "commonweal.access.enforce.AccessTableMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "commonweal.urls"
WSGI_APPLICATION = "commonweal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["commonweal.templatetags.commonweal"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = database_settings(VAR_DIR)
DATABASE_ROLES = asdict(database_roles(os.environ))
"""The PostgreSQL names of the roles owner, app and auditor, for the grants in migrations."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = ["commonweal.access.authentication.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "commonweal.access.tokens.TokensEndWithPassword"},
]
LOGIN_URL = "public:login"
LOGIN_REDIRECT_URL = "public:home"
LOGOUT_REDIRECT_URL = "public:login"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env("TIME_ZONE", default="Europe/London")
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_ENGINE = "commonweal.access.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "commonweal.public.errors.csrf_failure"

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "commonweal.access.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["commonweal.api.parsers.SmallJson"],
    "DEFAULT_PAGINATION_CLASS": None,
    "EXCEPTION_HANDLER": "commonweal.api.answers.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

DEMO = False
"""Whether the log-in page shows the people of the demo; only under the local settings."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Commonweal",
    "DESCRIPTION": "Lending to community businesses, on a ledger that cannot lie. How to begin: docs/api.md.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [],
}

BROKER_URL = env("BROKER_URL", default="")

JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)
"""After so long a worker that was not heard of has lost its job to another one."""

GIVING_PREFIX = env("GIVING_PREFIX", default="")
"""The prefix that 360Giving registered for whoever publishes grants here, such as `360G-village`."""

SITE_URL = env("SITE_URL", default="") or "http://127.0.0.1:8000"
"""Where people find this installation: the links in e-mails begin with it."""

vars().update(env.email_url("EMAIL_URL", default=f"filemail:///{VAR_DIR / 'letters'}"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", default="letters@localhost")
LETTERS_ARE_SENT = True
"""Whether letters leave at all; without `EMAIL_URL` they are files under `VAR_DIR`, and nothing is called outside."""
