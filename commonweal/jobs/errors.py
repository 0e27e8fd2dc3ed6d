"""Why a job was not taken on, or stopped."""


class JobError(Exception):
    """Any refusal about long work; the text is written for people. Do what it says."""


class UnknownJobKind(JobError):
    """Raised when no function does this kind of job. Write one with `@job("…")` in `commonweal/jobs/runs/`."""


class JobKeyReused(JobError):
    """Raised when a job is asked for under a key that names other work. Use a key that says all that differs."""


class JobNotFinished(JobError):
    """Raised when a job that still waits or runs is to be tried again. Wait for it, or cancel it first."""


class JobAlreadyFinished(JobError):
    """Raised when a job that has ended is to be cancelled. Nothing needs to be done; what it did stands."""


class LeaseLost(JobError):
    """Raised in a worker that no longer holds its job: it was cancelled, or another worker took it over.

    The unit of work in hand must be rolled back, which happens by itself when `progress` is called in its transaction.
    """


class NotReadyToClose(JobError):
    """Raised when a period is to be closed while something of it is open. The message lists it; do that first, or give
    the reason for what may stay open.
    """


class BookNotInOrder(JobError):
    """Raised when the nightly check finds something in a book. Look at what it names before anything is closed."""


class PeriodNotOver(JobError):
    """Raised when statements or an auditor's pack are asked for, or days are to be closed, before they are over.

    Wait until they are.
    """


class MatchRefused(JobError):
    """A bank line is matched to nothing, to more than it has left, or otherwise than was shown; or its match is not
    taken back there. Look at the line again and say what it was for."""


class UnknownPeriod(JobError):
    """Raised when a period is not written as 2026, 2026-Q3 or 2026-09, or begins after its end. Write it so."""


class YearEndNotReady(JobError):
    """Raised when the year-end journal is prepared while something of the year is still to come, or for a day on which
    no financial year ends. The message lists it; do that first.
    """


class NothingToAudit(JobError):
    """Raised when an auditor's pack is asked for days by which nothing is posted and sealed. Ask once something is."""
