"""To which account is somebody paid? Checked by the sums that the numbers carry, and hashed for four eyes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from ledger.domain.errors import BankDetailsMalformed

RECENT_DAYS = 30
"""For so many days a change of bank details is pointed at wherever money is paid."""

_NAME = re.compile(r"[A-Za-z0-9À-ÿ '&().,/+-]{1,70}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_GB_IBAN = re.compile(r"GB[0-9]{2}[A-Z]{4}[0-9]{14}")


@dataclass(frozen=True, slots=True)
class BankDetails:
    """The account of a payee: sort code and account number, or IBAN and BIC. Raises BankDetailsMalformed.

    The IBAN carries two check digits (ISO 13616: its number, letters as two digits, leaves 1 when divided by 97).
    """

    account_name: str
    sort_code: str = ""
    account_number: str = ""
    iban: str = ""
    bic: str = ""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.account_name) or not self.account_name.strip():
            raise _malformed("account_name", "The name of the account has 1 to 70 letters, digits and plain signs.")
        if self.iban:
            self._hold_iban()
        elif not re.fullmatch(r"[0-9]{6}", self.sort_code, re.ASCII):
            raise _malformed("sort_code", "A sort code has six digits, such as 60-16-13; or give an IBAN.")
        elif not re.fullmatch(r"[0-9]{8}", self.account_number, re.ASCII):
            raise _malformed("account_number", "An account number has eight digits, such as 31926819.")
        elif self.bic:
            raise _malformed("bic", "A BIC goes with an IBAN, and there is none.")

    @property
    def masked(self) -> str:
        """The last four signs of the account, for screens.

        >>> BankDetails("Netherby Shop", "601613", "31926819").masked
        'account ending 6819'
        """
        return f"account ending {(self.iban or self.account_number)[-4:]}"

    @property
    def sha256(self) -> str:
        """The hash of exactly these details: what the second person confirms."""
        parts = (self.account_name, self.sort_code, self.account_number, self.iban, self.bic)
        return sha256("\n".join(parts).encode()).hexdigest()

    def _hold_iban(self) -> None:
        if self.sort_code or self.account_number:
            raise _malformed("iban", "Give sort code and account number, or an IBAN, one of the two.")
        if not _IBAN.fullmatch(self.iban) or (self.iban[:2] == "GB" and not _GB_IBAN.fullmatch(self.iban)):
            raise _malformed(
                "iban", "An IBAN has a country, two check digits and an account: GB33 BUKB 2020 1555 5555 55."
            )
        if int("".join(str(int(sign, 36)) for sign in self.iban[4:] + self.iban[:4])) % 97 != 1:
            raise _malformed("iban", f"The check digits of the IBAN ending {self.iban[-4:]} are wrong: it is mistyped.")
        if not _BIC.fullmatch(self.bic):
            raise _malformed("bic", "With an IBAN goes the BIC of its bank: 8 or 11 letters and digits.")


def read_bank_details(
    *, account_name: str, sort_code: str = "", account_number: str = "", iban: str = "", bic: str = ""
) -> BankDetails:
    """Bank details as people type them, with blanks and dashes. Raises BankDetailsMalformed.

    >>> read_bank_details(account_name=" Netherby Shop ", sort_code="60-16-13", account_number="3192 6819").sort_code
    '601613'
    """
    plain = (re.sub(r"[\s-]", "", text).upper() for text in (sort_code, account_number, iban, bic))
    return BankDetails(" ".join(account_name.split()), *plain)


def _malformed(field: str, what: str) -> BankDetailsMalformed:
    return BankDetailsMalformed(field, f"{what} Correct it; nothing was changed.")
