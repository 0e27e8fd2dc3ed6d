"""How does HTML become a PDF that can be archived, read aloud and made again byte for byte? The only WeasyPrint here.

WeasyPrint is loaded when first used, because it needs Pango: a machine without it can run everything but documents.
Nothing is fetched: templates and styles may name files under `commonweal/static/commonweal` as `asset:…`, and `data:`.
"""

import ctypes
import gc
import logging
import mimetypes
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

from commonweal.documents.archive import finish
from commonweal.documents.errors import DocumentError, MissingSystemLibrary

HERE = Path(__file__).resolve().parent
ASSETS = HERE.parent / "static" / "commonweal"
VARIANT = "pdf/a-3a"
SHAPES_THE_PAGE = (
    *((HERE, "*.py"), (HERE / "templatetags", "*.py"), (HERE.parent / "templatetags", "*.py")),
    *((HERE.parents[1] / "templates" / "documents", "*"), (ASSETS, "motif.svg"), (ASSETS / "fonts", "*.woff2")),
)
"""The files of our own that decide what a document looks like."""

CONTROLS = [*range(9), 11, 12, *range(14, 32), *range(127, 160), 0xFFFE, 0xFFFF]
UNPRINTABLE = dict.fromkeys(CONTROLS, "?")
"""Characters that may stand in a text but in no XML, and so not in the metadata of a PDF."""

FACES = "".join(
    f"@font-face {{ font-family: '{family}{more}'; font-weight: {weight}; "
    f"src: url(asset:fonts/{file}-{subset}-{weight}-normal.woff2) }}\n"
    for family, file, weights in (("Source Sans 3", "source-sans-3", (400, 700)), ("Besley", "besley", (600,)))
    for weight in weights
    for subset, more in (("latin", ""), ("latin-ext", " Ext"))
)
"""The bundled fonts. Welsh ŵ and ŷ are in the `Ext` families, which every style names after the plain one.

One family over two files with `unicode-range`, as on the screens, prints wrong letters: WeasyPrint 70 keeps fonts by
family, weight and style, and so takes the letters of the second file from the first.
"""

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels inside the PDF: the data that the page shows."""

    name: str
    text: str
    description: str


def render_pdf(html: str, *, stylesheets: Sequence[str], attachments: Sequence[Attachment], created: datetime) -> bytes:
    """A tagged PDF/A-3a of a page of HTML and the texts of its style sheets; its only date is `created`.

    The same input gives the same bytes under the same `renderer_version()`. `html` needs a language and a title.
    Raises DocumentError when the page names anything outside the assets, MissingSystemLibrary without Pango.
    """
    weasyprint = _weasyprint()
    moment = created.astimezone(UTC).replace(microsecond=0)
    fetcher, faults = _fetcher(), _Faults(logging.ERROR)
    with _one_at_a_time, faults:
        try:
            page = weasyprint.HTML(string=html.translate(UNPRINTABLE), url_fetcher=fetcher)
            styles = [_stylesheet(text) for text in (FACES, *stylesheets)]
            document = page.render(font_config=_fonts(), stylesheets=styles, pdf_variant=VARIANT)
            document.metadata.created = document.metadata.modified = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
            files = [_attached(attachment, moment) for attachment in attachments]
            pdf: bytes = document.write_pdf(pdf_variant=VARIANT, attachments=files, finisher=finish)
        except weasyprint.urls.FatalURLFetchingError as refused:
            raise _refusal(f"{refused} ({refused.__cause__})") from None
    if fetcher.refused:
        raise _refusal(fetcher.refused)
    if faults.said:
        raise DocumentError(f"A part of the document could not be drawn: {'; '.join(faults.said)}. Nothing was issued.")
    return pdf


@cache
def renderer_version() -> str:
    """What the bytes of a document depend on, recorded with each one issued: libraries and the template revision."""
    _weasyprint()
    from weasyprint.text import ffi

    pango = ffi.pango.pango_version()
    return " ".join(
        [
            *(f"{name} {metadata.version(name)}" for name in ("weasyprint", "pydyf")),
            f"pango {pango // 10000}.{pango // 100 % 100}.{pango % 100}",
            f"harfbuzz {_harfbuzz_version()}",
            f"templates {template_revision()}",
        ]
    )


@cache
def template_revision() -> str:
    """A short hash of our own files that shape a document: any change to one may change the bytes of the next."""
    digest = sha256()
    for folder, pattern in SHAPES_THE_PAGE:
        for file in sorted(path for path in folder.glob(pattern) if path.is_file()):
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def warm_up() -> None:
    """Load what every render needs, and collect garbage less often: for a worker that renders one after another.

    Call it once in a worker process; rendering makes many objects that live as long as the document does.
    """
    _stylesheet(FACES)
    gc.set_threshold(200_000, 20, 100)


@cache
def _weasyprint() -> ModuleType:
    try:
        import weasyprint
    except OSError as missing:
        raise MissingSystemLibrary(str(missing).partition(":")[0]) from missing
    return weasyprint


@cache
def _fonts() -> Any:
    _weasyprint()
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@lru_cache(maxsize=16)
def _stylesheet(text: str) -> Any:
    return _weasyprint().CSS(string=text, font_config=_fonts(), url_fetcher=_fetcher())


def _fetcher() -> Any:
    """The fetcher that denies: `asset:` under one root and `data:` are all there is. It remembers what it refused,
    because WeasyPrint goes on without a picture that it could not fetch inside an SVG."""
    urls = _weasyprint().urls

    class AssetFetcher(urls.URLFetcher):  # type: ignore[name-defined]
        """Opens files below `ASSETS` and inline data; anything else stops the document."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols={"asset", "data"}, allow_redirects=False, fail_on_errors=True)
            self.refused = ""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            scheme, _, path = url.partition(":")
            try:
                return self._opened(url, path) if scheme.lower() == "asset" else super().fetch(url, headers)
            except (ValueError, OSError) as reason:
                self.refused = f"{url!r} ({reason})"
                raise

        def _opened(self, url: str, path: str) -> Any:
            file = asset(path)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return urls.URLFetcherResponse(url, file.read_bytes(), {"Content-Type": kind})

    return AssetFetcher()


class _Faults(logging.Handler):
    """What WeasyPrint only logs while it leaves out a chart or a picture; a statement is whole or is not issued."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())

    def __enter__(self) -> None:
        logging.getLogger("weasyprint").addHandler(self)

    def __exit__(self, *exception: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)


def _refusal(what: str) -> DocumentError:
    return DocumentError(
        f"A document may use nothing but the files that come with Commonweal: {what} was refused. Nothing was issued."
    )


def asset(path: str) -> Path:
    """The file that `asset:path` names. Raises ValueError for one that lies outside, FileNotFoundError for none."""
    file = (ASSETS / unquote(path)).resolve()
    if not file.is_relative_to(ASSETS):
        raise ValueError("it lies outside the assets")
    if not file.is_file():
        raise FileNotFoundError("there is no such asset")
    return file


def _attached(attachment: Attachment, moment: datetime) -> Any:
    return _weasyprint().Attachment(
        string=attachment.text,
        name=attachment.name,
        description=attachment.description,
        relationship="Data",
        created=moment,
        modified=moment,
        url_fetcher=_fetcher(),
    )


def _harfbuzz_version() -> str:
    for name in ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"):
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.hb_version_string.restype = ctypes.c_char_p
        return str(library.hb_version_string().decode())
    return "unknown"
