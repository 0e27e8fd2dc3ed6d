"""Application configuration."""

from importlib import import_module

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "commonweal.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the API's own long work, which the job table cannot know of: jobs stand below the faces."""
        import_module("commonweal.api.runs")
