"""The app of published data."""

from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    """Minted identifiers and releases."""

    name = "commonweal.open_data"
    label = "open_data"
    default_auto_field = "django.db.models.BigAutoField"
