"""How workers are woken: Celery with JSON messages, on the file-system broker unless `BROKER_URL` names another.

A message carries nothing but "look at the job table", so one that is lost, late or doubled costs nothing. The worker
and its ten-second sweep are started by one command:

    celery -A commonweal worker --beat --concurrency 2
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery
from django.conf import settings

from commonweal.broker import SCHEME

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

WAKE = "jobs.wake"
SWEEP = "jobs.sweep"

SWEEP_SECONDS = 10
"""How often the job table is looked at without a message: a wake-up that was lost waits no longer than this."""

SOFT_LIMIT_SECONDS = 45 * 60
HARD_LIMIT_SECONDS = 50 * 60
VISIBILITY_SECONDS = 60 * 60
"""After this Redis delivers a message in hand a second time: more than any task may take."""


def configuration(var_dir: Path, broker_url: str) -> dict[str, Any]:
    """Celery's settings; `broker_url` empty means the file-system broker under `var_dir`."""
    return {
        **(_remote_broker(broker_url) if broker_url else _file_system_broker(var_dir)),
        "accept_content": ["json"],
        "task_serializer": "json",
        "result_serializer": "json",
        "result_backend": None,
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_soft_time_limit": SOFT_LIMIT_SECONDS,
        "task_time_limit": HARD_LIMIT_SECONDS,
        "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0, "interval_max": 0.2},
        "broker_connection_timeout": 2,
        "broker_connection_retry_on_startup": True,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
        "worker_max_tasks_per_child": 500,
        "worker_max_memory_per_child": 700_000,
        "beat_schedule": {"sweep": {"task": SWEEP, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}}},
        "beat_schedule_filename": str(var_dir / "celerybeat-schedule"),
        "enable_utc": True,
    }


def _remote_broker(broker_url: str) -> dict[str, Any]:
    redis_options = {
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "health_check_interval": 30,
        "visibility_timeout": VISIBILITY_SECONDS,
    }
    is_redis = broker_url.startswith(("redis", "sentinel"))
    return {"broker_url": broker_url, "broker_transport_options": redis_options if is_redis else {}}


def _file_system_broker(var_dir: Path) -> dict[str, Any]:
    folder = var_dir / "broker"
    folder.mkdir(parents=True, exist_ok=True)
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "polling_interval": 0.1}
    return {"broker_url": f"{SCHEME}://", "broker_transport_options": options}


app = Celery("commonweal", set_as_current=False)
app.conf.update(configuration(settings.VAR_DIR, settings.BROKER_URL))
app.autodiscover_tasks(["commonweal.jobs"])
