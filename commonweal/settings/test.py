"""Settings of the test run: quick password hashing, everything else as in production."""

from commonweal.settings.base import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
"""Static files are looked up where they lie: nothing needs to be collected first."""

DEMO = True
GIVING_PREFIX = "360G-harbour-hills"
