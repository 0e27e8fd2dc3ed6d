"""Application configuration."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "commonweal.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
