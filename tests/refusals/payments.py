"""What is said about money going out: one refusal for each reason why a payment stays at home."""

from __future__ import annotations

from ledger.domain import payment_errors
from ledger.services import open_bank_account
from tests.ledger.payment_world import draw, make_paying
from tests.loans.builders import APPROVED_ON
from tests.refusals.scenes import ends_in


@ends_in(payment_errors.PaymentRefused)
def in_a_file_already() -> object:
    paying = make_paying(1)
    file = paying.make()
    return paying.make(sources=[file.payments.get().source])


@ends_in(payment_errors.PayeeNotConfirmed)
def nobody_called_back() -> object:
    paying = make_paying(1)
    draw(paying.fund, "8127")
    return paying.make()


@ends_in(payment_errors.PaymentFileMoved)
def taken_before_it_was_checked() -> object:
    paying = make_paying(1)
    return paying.take(paying.make())


@ends_in(payment_errors.PayingAccountUnknown)
def an_account_by_another_number() -> object:
    paying = make_paying(1)
    paying.bank = open_bank_account(
        book=paying.book, code="OLD", name="Old account", identification="8120-4412", on=APPROVED_ON
    )
    return paying.make()
