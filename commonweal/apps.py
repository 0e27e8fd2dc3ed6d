"""The project as a Django application, for its commands, tags and static files."""

from django.apps import AppConfig


class CommonwealConfig(AppConfig):
    name = "commonweal"
    verbose_name = "Commonweal"
