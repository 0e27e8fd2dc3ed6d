"""Application configuration."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "commonweal.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make `manage.py check` look for addresses without a line in the access table."""
        from django.core.checks import Tags, register

        from commonweal.access.checks import every_address_has_a_line

        register(every_address_has_a_line, Tags.security)
