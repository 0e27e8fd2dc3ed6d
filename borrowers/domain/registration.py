"""Which legal forms are there, and under which registered numbers is each found?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from borrowers.domain.errors import RegistrationMalformed, RegistrationMissing


class LegalForm(StrEnum):
    """Legal forms of community businesses in the United Kingdom."""

    CIC = "cic"
    COMMUNITY_BENEFIT_SOCIETY = "community-benefit-society"
    CO_OPERATIVE_SOCIETY = "co-operative-society"
    COMPANY_BY_GUARANTEE = "company-by-guarantee"
    COMPANY_BY_SHARES = "company-by-shares"
    CHARITABLE_INCORPORATED_ORGANISATION = "cio"
    CHARITABLE_TRUST = "charitable-trust"
    UNINCORPORATED_ASSOCIATION = "unincorporated-association"

    @property
    def words(self) -> str:
        """The form as it is written in a sentence."""
        return _WORDS[self]


_WORDS = {
    LegalForm.CIC: "community interest company",
    LegalForm.COMMUNITY_BENEFIT_SOCIETY: "community benefit society",
    LegalForm.CO_OPERATIVE_SOCIETY: "co-operative society",
    LegalForm.COMPANY_BY_GUARANTEE: "company limited by guarantee",
    LegalForm.COMPANY_BY_SHARES: "company limited by shares",
    LegalForm.CHARITABLE_INCORPORATED_ORGANISATION: "charitable incorporated organisation",
    LegalForm.CHARITABLE_TRUST: "charitable trust",
    LegalForm.UNINCORPORATED_ASSOCIATION: "unincorporated association",
}


class Register(StrEnum):
    """Who keeps the number."""

    COMPANIES_HOUSE = "company number"
    CHARITIES = "charity number"
    MUTUALS = "society number"


NEEDS: dict[LegalForm, Register | None] = {
    LegalForm.CIC: Register.COMPANIES_HOUSE,
    LegalForm.COMMUNITY_BENEFIT_SOCIETY: Register.MUTUALS,
    LegalForm.CO_OPERATIVE_SOCIETY: Register.MUTUALS,
    LegalForm.COMPANY_BY_GUARANTEE: Register.COMPANIES_HOUSE,
    LegalForm.COMPANY_BY_SHARES: Register.COMPANIES_HOUSE,
    LegalForm.CHARITABLE_INCORPORATED_ORGANISATION: Register.CHARITIES,
    LegalForm.CHARITABLE_TRUST: None,
    LegalForm.UNINCORPORATED_ASSOCIATION: None,
}
"""The number that a form cannot be without."""

_WRITTEN_AS: dict[Register, tuple[re.Pattern[str], str]] = {
    Register.COMPANIES_HOUSE: (re.compile(r"[A-Z]{2}\d{6}|\d{8}"), "such as 01234567 or SC123456"),
    Register.CHARITIES: (
        re.compile(r"\d{6,7}(-\d{1,3})?|SC\d{6}|NIC?\d{6}"),
        "such as 1234567, SC012345 or NI012345",
    ),
    Register.MUTUALS: (
        re.compile(r"[A-Z]{0,2}\d{4,6}[A-Z]?"),
        "such as 8123, RS007654 or 12345R",
    ),
}


@dataclass(frozen=True, slots=True)
class RegisteredNumbers:
    """The numbers of an organisation, written without spaces and in capitals; empty where it has none.

    >>> RegisteredNumbers(company="sc 123456").company
    'SC123456'

    Raises RegistrationMalformed.
    """

    company: str = ""
    charity: str = ""
    society: str = ""

    def __post_init__(self) -> None:
        for field, register in (
            ("company", Register.COMPANIES_HOUSE),
            ("charity", Register.CHARITIES),
            ("society", Register.MUTUALS),
        ):
            number = "".join(getattr(self, field).split()).upper()
            object.__setattr__(self, field, number)
            pattern, written_as = _WRITTEN_AS[register]
            if number and not pattern.fullmatch(number):
                raise RegistrationMalformed(
                    f"{number} is not written as a {register} is: {written_as}. Correct it; nothing was changed."
                )

    def __getitem__(self, register: Register) -> str:
        return {
            Register.COMPANIES_HOUSE: self.company,
            Register.CHARITIES: self.charity,
            Register.MUTUALS: self.society,
        }[register]


def refuse_missing_number(name: str, legal_form: LegalForm, numbers: RegisteredNumbers) -> None:
    """Raise RegistrationMissing where the legal form brings a number that is not given."""
    needed = NEEDS[legal_form]
    if needed and not numbers[needed]:
        raise RegistrationMissing(
            f"{name} is a {legal_form.words}, so it has a {needed}. Add it from the register; nothing was changed."
        )
