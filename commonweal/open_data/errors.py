"""What is refused about published data, and why; every message is for a person."""


class OpenDataError(Exception):
    """Something about published data was refused, and nothing was changed. The message says what to do."""


class NotFitToPublish(OpenDataError):
    """A data set breaks its format, or says what must not be said. Correct what the message names."""


class NothingToPublish(OpenDataError):
    """No business of the book agreed to be named in open data, or there is no deal yet. Ask for its consent first."""


class SameRelease(OpenDataError):
    """A data set says exactly what its last release said. Publish again once something has changed."""


class NotReadable(OpenDataError):
    """A file that is to be brought in is no data set of this format. Fetch it anew, or correct what is named."""
