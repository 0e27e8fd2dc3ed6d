"""Celery with the tests' kinds of work, on a Redis that takes a message for lost after five seconds."""

from tests.commonweal.jobs.celery_process import app

VISIBILITY_SECONDS = 5

app.conf.broker_transport_options = {
    **app.conf.broker_transport_options,
    "visibility_timeout": VISIBILITY_SECONDS,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
