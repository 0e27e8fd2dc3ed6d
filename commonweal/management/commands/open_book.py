"""`manage.py open_book CODE --name N …`: a fund's first step: its book, its bank account and its chart of accounts."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from commonweal.jobs.refusals import REFUSALS
from commonweal.management.arguments import day, year_end
from ledger.domain.financial_year import END_OF_MARCH
from ledger.domain.words import date_text
from ledger.services import Imprint, open_bank_account, open_book


class Command(BaseCommand):
    """Opens a book with one bank account; people are added by `add_member`."""

    help = "Open a book for a fund, with the chart of accounts of a social loan fund and a bank account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="short, in lower case, for addresses: harbour-hills")
        parser.add_argument("--name", required=True, help="the fund's name")
        parser.add_argument("--opened-on", type=day, required=True, help="the first day of the books: 2026-04-01")
        parser.add_argument(
            "--year-end", type=year_end, default=END_OF_MARCH, help="when its financial years end ('31 March')"
        )
        parser.add_argument("--bank-account", required=True, help="an IBAN, or sort code and account number")
        parser.add_argument("--bank-name", default="Collections account", help="what the bank account is called")
        parser.add_argument("--currency", default="GBP", help="the book's currency (GBP)")
        for name in ("registration", "address", "contact-name", "contact-phone", "contact-email"):
            parser.add_argument(f"--{name}", default="", help="stands on statements")

    def handle(self, *args: Any, **options: Any) -> None:
        imprint = Imprint(
            registration=options["registration"],
            address=options["address"],
            contact_name=options["contact_name"],
            contact_phone=options["contact_phone"],
            contact_email=options["contact_email"],
        )
        try:
            with transaction.atomic():
                book = open_book(
                    code=options["code"],
                    name=options["name"],
                    fund_name=options["name"],
                    base_currency=options["currency"],
                    opened_on=options["opened_on"],
                    year_end=options["year_end"],
                    imprint=imprint,
                )
                bank, number = options["bank_name"], options["bank_account"]
                open_bank_account(book=book, code="MAIN", name=bank, identification=number, on=book.opened_on)
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{book} is open from {date_text(book.opened_on)}; its financial year ends on {book.year_end}. "
            f"Add people: manage.py add_member EMAIL --book {book.code}"
        )
