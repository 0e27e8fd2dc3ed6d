"""What a payment file is refused for, when it is made and again when it is checked and taken to the bank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from ledger import queries
from ledger.domain.money import from_minor, to_minor
from ledger.domain.payment_errors import PayeeNotConfirmed, PayingAccountUnknown, PaymentFileMoved, PaymentRefused
from ledger.domain.payments import IBAN, LIVE, SORT_CODE_AND_NUMBER, Payment
from ledger.domain.words import date_text, money_text
from ledger.models import BankAccount, Book, PayeeDetails, PaymentFile, PaymentFileStep
from ledger.services.periods import hold_book

Kind = PaymentFileStep.Kind


def refuse_beyond_what_is_on_its_way(book: Book, payments: Iterable[Payment]) -> None:
    """Raise PaymentRefused for more than was booked out and is in no other file."""
    on_its_way, under_way, asked = queries.on_its_way(book), queries.under_way_by_account(book), Counter[str]()
    for payment in payments:
        asked[payment.account] += minor_of(payment)
        left = on_its_way.get(payment.account, 0) - under_way.get(payment.account, 0)
        if asked[payment.account] > left:
            currency = payment.amount.currency.code
            raise PaymentRefused(
                f"{money_text(from_minor(asked[payment.account], currency))} is to be paid for {payment.reference}, "
                f"and {money_text(from_minor(max(left, 0), currency))} of it is on its way and in no other file. "
                "Look at what happened meanwhile; nothing was changed."
            )


def judge_anew(file: PaymentFile) -> None:
    """Whether everything that a file pays is still on its way, to bank details that are still in force."""
    book = Book.objects.get(pk=file.book_id)
    hold_book(book=book)
    refuse_day(book, file.requested_on)
    on_its_way, under_way = queries.on_its_way(book), queries.under_way_by_account(book)
    for line in queries.payment_lines(file):
        if under_way[line.account.code] > on_its_way.get(line.account.code, 0):
            raise PaymentRefused(
                f"{money_text(line.money)} for {line.reference} is no longer on its way: it was paid otherwise, "
                f"or taken back. Withdraw {named(file)} and make another; nothing was changed."
            )
        if queries.details_in_force(book, line.payee) != line.details:
            raise PayeeNotConfirmed(
                f"The bank details of who is paid for {line.reference} have changed since {named(file)} was made. "
                "Withdraw it and make another with those in force; nothing was changed."
            )


def attempts_before(book: Book, payments: Sequence[Payment]) -> dict[str, int]:
    """How often each was tried before. Raises PaymentRefused for what is in a file that stands, or was paid."""
    attempts: dict[str, int] = {}
    earlier = queries.payments(book).filter(source__in=[payment.source for payment in payments])
    for one in earlier:
        if one.state in LIVE:
            raise PaymentRefused(
                f"{money_text(one.money)} for {one.reference} is in payment file {one.file.number} already and is "
                f"{one.state} there. Leave it out; nothing was changed."
            )
        attempts[one.source] = max(attempts.get(one.source, 0), one.attempt)
    return attempts


def details_of(book: Book, payment: Payment) -> PayeeDetails:
    """A payee's bank details in force. Raises PayeeNotConfirmed, and PaymentRefused for a sort code abroad."""
    found = queries.details_in_force(book, payment.payee)
    if found is None:
        raise PayeeNotConfirmed(
            f"Nobody has confirmed bank details for who is paid {money_text(payment.amount)} for {payment.reference}. "
            "Have them confirmed first, or leave this payment out; nothing was changed."
        )
    if not found.iban and payment.amount.currency.code != "GBP":
        raise PaymentRefused(
            f"{money_text(payment.amount)} for {payment.reference} cannot be paid to a sort code and account number. "
            "Have the payee's IBAN and BIC confirmed; nothing was changed."
        )
    return found


def refuse_day(book: Book, requested_on: date) -> None:
    """Raise PaymentRefused for a day that is over."""
    if requested_on < book.business_date:
        raise PaymentRefused(
            f"{date_text(requested_on)} is over: {book} is on {date_text(book.business_date)}, and no bank pays on a "
            "day that has passed. Ask for that day or a later one; nothing was changed."
        )


def refuse_account(bank_account: BankAccount) -> None:
    """Raise PayingAccountUnknown for an account that no payment message can name."""
    number = bank_account.identification
    if not (IBAN.fullmatch(number) or SORT_CODE_AND_NUMBER.fullmatch(number)):
        raise PayingAccountUnknown(
            f"{bank_account.name} is known as {number}, which is neither an IBAN nor a sort code with an "
            "account number. Pay from another account; nothing was changed."
        )


def refuse_together(bank_account: BankAccount, payments: Sequence[Payment]) -> None:
    """What cannot stand in one file: nothing at all, one thing twice, another currency, an amount of nought."""
    if not payments:
        raise PaymentRefused("A payment file without payments pays nobody. Choose at least one; nothing was changed.")
    for times in Counter(payment.source for payment in payments).values():
        if times > 1:
            raise PaymentRefused(f"One payment is chosen {times} times. Choose it once; nothing was changed.")
    for payment in payments:
        if payment.amount.currency.code != bank_account.currency or payment.amount.amount <= 0:
            raise PaymentRefused(
                f"{money_text(payment.amount)} for {payment.reference} cannot be paid from {bank_account.name}, which "
                f"pays positive amounts of {bank_account.currency}. Leave it out; nothing was changed."
            )


def refuse_moved(file: PaymentFile, to: PaymentFileStep.Kind) -> set[str]:
    """What happened to a file so far. Raises PaymentFileMoved where it cannot go there from that."""
    done = set(PaymentFileStep.objects.filter(file=file).values_list("kind", flat=True))
    why = ""
    if Kind.WITHDRAWN in done:
        why = "is withdrawn"
    elif to == Kind.CHECKED and Kind.CHECKED in done:
        why = "is checked already"
    elif to == Kind.WITHDRAWN and Kind.TAKEN in done:
        why = "was taken to the bank, which may have paid it; record what the bank refuses, payment by payment"
    elif to == Kind.TAKEN and Kind.CHECKED not in done:
        why = "has to be checked by a second person first"
    if why:
        raise PaymentFileMoved(f"{file} {why}. Look at what happened to it; nothing was changed.")
    return done


def named(file: PaymentFile) -> str:
    """A file inside a sentence."""
    return str(file).lower()


def minor_of(payment: Payment) -> int:
    """What a payment is of, in minor units."""
    return to_minor(payment.amount.amount, payment.amount.currency.code)
