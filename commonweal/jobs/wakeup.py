"""Telling a worker that there is something to do."""

from __future__ import annotations

import logging

from kombu.exceptions import ChannelError, KombuError

from commonweal.celery import WAKE, app

log = logging.getLogger(__name__)


def wake_workers() -> None:
    """Send one wake-up. A broker that cannot be reached is logged, never raised: the sweep finds what waits."""
    try:
        app.send_task(WAKE)
    except (KombuError, ChannelError, OSError) as error:
        log.warning("No worker could be woken (%s); the next sweep finds what waits.", error)
