"""The run that sends letters."""

from __future__ import annotations

from typing import Any

from commonweal.jobs.leases import progress
from commonweal.jobs.letters import KIND, ask_again
from commonweal.jobs.models import Job
from commonweal.jobs.registry import job
from commonweal.letters.sending import claim, is_on, send


@job(KIND)
def run(asked: Job) -> dict[str, Any]:
    """Send what waits, one by one; a run that was cut off starts again and finds what is sent."""
    went = tried = 0
    while is_on() and (letter := claim(worker=f"{asked.reference}:{asked.attempts}")):
        went += send(letter)
        tried += 1
        progress(asked, done=tried, note=f"{went} sent")
    if is_on() and asked.book is not None:
        ask_again(book=asked.book, by=asked.requested_by)
    words = f"{went} of {tried} letters sent." if is_on() else "No mail server is set up (EMAIL_URL), so letters wait."
    progress(asked, done=tried, total=tried, note=words)
    return {"sent": went, "tried": tried, "words": words}
