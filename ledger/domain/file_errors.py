"""What is wrong with a file from outside? Every class says when it is raised and what to do; nothing was kept of it."""

from __future__ import annotations

from ledger.domain.errors import LedgerError


class FileRefused(LedgerError):
    """A file from outside was refused whole. The message names the file, what is wrong in it, by how much, and what to
    do."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{message} Nothing was kept.")


class FileTooLarge(FileRefused):
    """A file is empty or larger than is taken. Send a smaller one, or one for a shorter period."""


class NotWhatItsName(FileRefused):
    """A file is not what the ending of its name says. Save it anew in the format that its name tells, and send that."""


class UnknownFileType(FileRefused):
    """A file is of a type that is not taken, such as a web page, an SVG, a program or an old Office file. Save it as
    PDF, PNG, JPEG, DOCX, XLSX, CSV or text."""


class DamagedFile(FileRefused):
    """A file ends in the middle, or cannot be read as what it is. Save it anew, or send it again."""


class UnpacksTooLarge(FileRefused):
    """A packed file (XLSX, DOCX) would unpack to more than is taken, and was not unpacked. Ask where it is from."""


class TooMuchToRead(FileRefused):
    """A workbook or document holds more than can be looked through while its sender waits: very many cells, or very
    long formulas. Save it as PDF, or as CSV, or part it into several files."""


class EncryptedFile(FileRefused):
    """A file is locked with a password. Save it without one and send that: only those who may see it do."""


class ActiveContent(FileRefused):
    """A file carries something that runs, or could hide it: macros, scripts, programs and other files within it. Save
    it without, or as PDF."""


class HasExternalLink(FileRefused):
    """A workbook or document takes content from another file or from the web. Break its links (in Excel: Data, Edit
    links, Break link) and save it."""


class TwoFilesInOne(FileRefused):
    """A file can be read as two types at once, which no program makes by itself. Ask where it is from."""


class TooManyRows(FileRefused):
    """A sheet has more rows or columns than are taken. Part it into several files."""


class NoSuchSheet(FileRefused):
    """A workbook has no sheet of the name asked for, or several where one is expected. Name the sheet, or keep one."""


class FormulaInCell(FileRefused):
    """A cell holds a formula, or a text that a spreadsheet would take for one. Paste it as a value."""


class UnreadableCell(FileRefused):
    """A cell holds no text, number or date: an error such as #REF!, a time, a number too long. Correct the cell."""
