"""What can stop a document from being made, each error saying what to do about it."""

PANGO_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0"


class DocumentError(Exception):
    """Raised when a document cannot be rendered; the message names the reason, and nothing was issued or stored."""


class MissingSystemLibrary(DocumentError):
    """Raised when Pango or HarfBuzz is not installed on this machine; install the packages that the message names."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"PDF documents need Pango and HarfBuzz, which this machine does not have ({cause}). Install them with: "
            f"apt-get install --no-install-recommends {PANGO_PACKAGES}. Nothing was issued."
        )


class RunRefused(DocumentError):
    """A run of statements is decided, not complete, overtaken, or not what was shown. Look at the run again."""
