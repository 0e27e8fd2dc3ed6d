"""Settings for trying Commonweal on one machine: the embedded database, the file-system broker, a fixed key."""

from commonweal.settings.base import *

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
"""Static files are looked up where they lie: nothing needs to be collected first."""

DEMO = True
"""The log-in page shows the people of the demo, and `load_demo` may load them."""

GIVING_PREFIX = GIVING_PREFIX or "360G-harbour-hills"
"""Made up, as the demo’s fund is: nobody registered it."""
