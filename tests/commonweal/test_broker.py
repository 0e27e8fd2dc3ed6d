"""Messages as files: whole or not there, each taken once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from commonweal.broker import SCHEME


def connect(folder: Path) -> Connection:
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder)}
    return Connection(f"{SCHEME}://", transport_options={**options, "polling_interval": 0.01})


def queue_in(folder: Path, connection: Connection) -> Any:
    """A queue of this folder's own: kombu remembers for the whole process which queues it has declared."""
    return connection.SimpleQueue(f"bell-{folder.name}")


def take_all(folder: Path, taken: list[int], stop: threading.Event) -> None:
    with connect(folder) as connection, queue_in(folder, connection) as queue:
        while not stop.is_set():
            try:
                message = queue.get(block=False)
            except queue.Empty:
                continue
            taken.append(message.payload["number"])
            message.ack()


def put_all(folder: Path, numbers: range) -> None:
    with connect(folder) as connection, queue_in(folder, connection) as queue:
        for number in numbers:
            queue.put({"number": number})


def test_messages_put_and_taken_at_once_arrive_whole_and_once(tmp_path: Path) -> None:
    taken: list[int] = []
    stop = threading.Event()
    put_all(tmp_path, range(1))
    takers = [threading.Thread(target=take_all, args=[tmp_path, taken, stop]) for _ in range(2)]
    putters = [threading.Thread(target=put_all, args=[tmp_path, range(n, n + 100)]) for n in (1, 101)]
    for thread in [*takers, *putters]:
        thread.start()
    for putter in putters:
        putter.join()
    waited = threading.Event()
    for _ in range(200):
        if len(taken) == 201:
            break
        waited.wait(0.05)
    stop.set()
    for taker in takers:
        taker.join()
    assert sorted(taken) == list(range(201))


def test_a_message_that_was_cut_off_is_dropped_and_said_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    put_all(tmp_path, range(7, 8))
    (tmp_path / f"0.bell-{tmp_path.name}.msg").write_text('{"body": "cut')
    (tmp_path / f"1.bell-{tmp_path.name}.part").write_text("not finished yet")
    with connect(tmp_path) as connection, queue_in(tmp_path, connection) as queue:
        assert queue.get(block=False).payload == {"number": 7}
        with pytest.raises(queue.Empty):
            queue.get(block=False)
    assert f"0.bell-{tmp_path.name}.msg could not be read and was dropped" in caplog.text
