"""The file-system broker: messages as files in a folder that web server and worker share, for one machine.

Kombu's own writes a message into the file that a worker may already be reading; a worker that meets such a half
message stops for good (kombu 5.7). Here a message appears whole, under its name, and is taken by renaming it. Kombu
shares its routing table between processes in the same way; ours is so simple that each process keeps its own.
"""

from __future__ import annotations

import logging
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads

log = logging.getLogger(__name__)

SCHEME = "messagefiles"

TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"


class Channel(filesystem.Channel):
    """Puts and takes messages so that no reader ever sees half of one."""

    supports_fanout = False
    get_table = virtual.Channel.get_table

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # kombu has two signatures
        name = f"{time.time_ns():020}_{uuid.uuid4().hex}.{queue}"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.part"
        unfinished.write_text(dumps(payload), encoding="utf-8")
        unfinished.rename(folder / f"{name}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for waiting in sorted(Path(self.data_folder_in).glob(f"*.{queue}.msg")):
            taken = waiting.with_suffix(".taken")
            try:
                waiting.rename(taken)
            except FileNotFoundError:
                continue
            text = taken.read_text(encoding="utf-8")
            taken.unlink()
            try:
                return loads(text)
            except ValueError:
                log.warning("The message %s could not be read and was dropped; the sweep finds what waits.", waiting)
        raise Empty


class Transport(filesystem.Transport):
    """Kombu's file-system transport with the channel above."""

    Channel = Channel
