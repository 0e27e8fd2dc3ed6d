"""Waits until the close that was asked for is over."""

from __future__ import annotations

import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

import django

django.setup()

from commonweal.jobs.models import Job  # noqa: E402

while not Job.objects.get(kind="close_days").is_finished:
    time.sleep(0.2)
