"""What is said of files from outside: one wrong file for each kind of wrong."""

from __future__ import annotations

from datetime import date

from ledger.domain import errors, file_errors
from ledger.domain.bank_details import read_bank_details
from ledger.files import judge_file, read_spreadsheet
from ledger.models import Book, PayeeDetails
from ledger.services import confirm_details, propose_details
from tests.builders import make_book, make_user
from tests.ledger.odd_files import PDF, bomb, noise, png, sheet_of, with_part, xlsx
from tests.refusals.scenes import ends_in

LINK = "xl/externalLinks/externalLink1.xml"


@ends_in(file_errors.FileTooLarge)
def a_film() -> object:
    return judge_file("opening-day.pdf", bytes(11 * 1024 * 1024))


@ends_in(file_errors.NotWhatItsName)
def a_workbook_called_pdf() -> object:
    return judge_file("accounts-2025.pdf", xlsx())


@ends_in(file_errors.UnknownFileType)
def a_program() -> object:
    return judge_file("invoice.exe", b"MZ\x90\x00\x03")


@ends_in(file_errors.DamagedFile)
def a_pdf_cut_off() -> object:
    return judge_file("accounts-2025.pdf", PDF[:-8])


@ends_in(file_errors.UnpacksTooLarge)
def a_bomb() -> object:
    return judge_file("loans.xlsx", bomb())


@ends_in(file_errors.TooMuchToRead)
def a_sheet_of_very_many_cells() -> object:
    return judge_file("accounts-2025.xlsx", with_part(sheet_of("<c/>" * 500_000), "xl/media/photo.png", noise(50_000)))


@ends_in(file_errors.EncryptedFile)
def a_locked_pdf() -> object:
    return judge_file("accounts-2025.pdf", PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 4 0 R"))


@ends_in(file_errors.ActiveContent)
def macros() -> object:
    return judge_file("accounts-2025.xlsx", with_part(xlsx(), "xl/vbaProject.bin", b"Sub"))


@ends_in(file_errors.HasExternalLink)
def a_linked_workbook() -> object:
    return judge_file("accounts-2025.xlsx", with_part(xlsx(), LINK, "<externalLink/>"))


@ends_in(file_errors.TwoFilesInOne)
def more_behind_a_picture() -> object:
    return judge_file("shop-front.png", png() + b"more")


@ends_in(file_errors.TooManyRows)
def too_long() -> object:
    return list(read_spreadsheet("loans.csv", b"HH-0108\n" * 12, max_rows=10))


@ends_in(file_errors.NoSuchSheet)
def another_sheet() -> object:
    return read_spreadsheet("loans.xlsx", xlsx(), sheet="History")


@ends_in(file_errors.FormulaInCell)
def a_formula() -> object:
    return list(read_spreadsheet("loans.xlsx", xlsx(lambda sheet: sheet.append(["HH-0108", "=33412.07*2"]))))


@ends_in(file_errors.UnreadableCell)
def an_error() -> object:
    def write(sheet: object) -> None:
        sheet.append(["HH-0108", "#REF!"])  # type: ignore[attr-defined]
        sheet["B1"].data_type = "e"  # type: ignore[index]

    return list(read_spreadsheet("loans.xlsx", xlsx(write)))


@ends_in(errors.BankDetailsMalformed)
def a_mistyped_iban() -> object:
    return read_bank_details(account_name="Netherby Shop", iban="GB34BUKB20201555555555", bic="BUKBGB22")


@ends_in(errors.BankDetailsWaiting)
def another_account_meanwhile() -> object:
    book = make_book()
    propose(book, "31926819")
    return propose(book, "31926818")


@ends_in(errors.BankDetailsDecided)
def confirmed_without_a_call() -> object:
    details = propose(make_book(), "31926819")
    given = {"details": details, "shown_sha256": details.content_sha256, "on": date(2026, 11, 20)}
    return confirm_details(**given, how="", by=make_user())


def propose(book: Book, number: str) -> PayeeDetails:
    """Bank details of a shop."""
    details = read_bank_details(account_name="Netherby Shop", sort_code="60-16-13", account_number=number)
    return propose_details(book=book, subject="organisation:4", details=details, by=make_user())
