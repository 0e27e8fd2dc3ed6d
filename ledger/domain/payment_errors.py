"""What is refused about money going out, and why? Every class says when it is raised and what to do."""

from __future__ import annotations

from ledger.domain.errors import LedgerError


class PaymentRefused(LedgerError):
    """A payment cannot be made as it is asked for: nothing of it is on its way, its day is past, it is in another file,
    or its currency needs other bank details. The message says which; correct it or leave it out."""


class PayeeNotConfirmed(LedgerError):
    """A payee has no bank details that a second person confirmed, or others are in force than the file names. Have them
    confirmed, and make the file with those."""


class PaymentFileMoved(LedgerError):
    """A payment file is checked, withdrawn or taken to the bank when it is past that, or before it may be. Look at what
    happened to it."""


class PayingAccountUnknown(LedgerError):
    """The bank account that is to pay has no IBAN and no sort code with an account number. Choose another account."""
