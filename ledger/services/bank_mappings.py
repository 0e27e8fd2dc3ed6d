"""How a bank account's CSV files are read: mappings kept by version, each confirmed on a file that it fits."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger import queries
from ledger.bank_csv import MappedAccount, parse_csv
from ledger.domain.bank_errors import BankAccountNeeded, MappingNeeded
from ledger.domain.csv_mapping import CsvMapping
from ledger.models import BankAccount, BankCsvMapping, Book


def bank_account_of_csv(*, book: Book, bank_account: str = "") -> BankAccount:
    """The bank account of this code, or the book's only one. Raises BankAccountNeeded."""
    found = list(queries.bank_accounts(book))
    named = [each for each in found if each.code == bank_account] if bank_account else found
    if len(named) == 1:
        return named[0]
    codes = ", ".join(each.code for each in found) or "none yet"
    if bank_account:
        raise BankAccountNeeded(
            f"{book} has no bank account {bank_account[:20]!r}; it has {codes}. Choose one of them."
        )
    raise BankAccountNeeded(
        f"A CSV file does not say of which account it is, and the bank accounts of {book} are {codes}. Choose one."
    )


def mapped_account(*, book: Book, bank_account: str = "") -> MappedAccount:
    """The account that a CSV is of, with the mapping in force. Raises BankAccountNeeded and MappingNeeded."""
    account = bank_account_of_csv(book=book, bank_account=bank_account)
    kept = queries.csv_mapping(account)
    if kept is None:
        raise MappingNeeded(
            f"No mapping of CSV columns is kept for {account.name} ({account.code}). Bring the file in at the desk, "
            "look at how its columns are read, and confirm it."
        )
    return MappedAccount(account.identification, account.currency, kept.mapping)


@transaction.atomic
def keep_csv_mapping(
    *, bank_account: BankAccount, mapping: CsvMapping, content: bytes, by: AbstractBaseUser, max_bytes: int
) -> BankCsvMapping:
    """Keep how the CSV files of a bank account are read, confirmed on a file; the mapping in force again is the same.

    Raises MappingIncomplete, AmbiguousDates, and what reading the whole file by it raises.
    """
    BankAccount.objects.select_for_update(of=("self",)).get(pk=bank_account.pk)
    mapped = MappedAccount(bank_account.identification, bank_account.currency, mapping)
    parse_csv(content, max_bytes=max_bytes, mapped=mapped)
    before = queries.csv_mapping(bank_account)
    if before is not None and before.mapping == mapping:
        return before
    return BankCsvMapping.objects.create(
        bank_account=bank_account,
        version=before.version + 1 if before else 1,
        content=mapping.as_json(),
        confirmed_by_id=by.pk,
    )
