"""Why did money come back, or a mandate end? The codes of Bacs and SEPA, in words, and what follows from each.

Sources: Bacs reason codes of ARUDD, ADDACS, AUDDIS and indemnity claims (DDICA) as Numeral and Access PaySuite publish
them; ISO 20022 external return reasons as the EPC lists them for R-transactions (EPC173-14).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Report(StrEnum):
    """From which report a code comes; the same sign means different things in each."""

    ARUDD = "arudd"
    ADDACS = "addacs"
    AUDDIS = "auddis"
    DDICA = "ddica"
    SEPA = "sepa"


@dataclass(frozen=True, slots=True)
class Reason:
    """What a code says, whether it ends the mandate, and whether the collection may be presented once more."""

    words: str
    ends: bool = False
    again: bool = False


def reason_for(report: Report, code: str) -> Reason | None:
    """What a code of a report means; None for one that the report does not have.

    >>> reason_for(Report.ARUDD, "1").words
    'Instruction cancelled'
    """
    return REASONS[report].get(code)


_ENDED = {"1": "Instruction cancelled by payer", "2": "Payer deceased", "B": "Account closed"}

ARUDD = {
    "0": Reason("Refer to payer", again=True),
    "1": Reason("Instruction cancelled", ends=True),
    "2": Reason("Payer deceased", ends=True),
    "3": Reason("Account transferred", ends=True),
    "4": Reason("Advance notice disputed"),
    "5": Reason("No account, or the wrong kind of account", ends=True),
    "6": Reason("No instruction", ends=True),
    "7": Reason("Amount differs from the notice"),
    "8": Reason("Amount not yet due"),
    "9": Reason("Presentation overdue"),
    "A": Reason("Service user differs", ends=True),
    "B": Reason("Account closed", ends=True),
}
ADDACS = {
    "0": Reason("Instruction cancelled, refer to payer", ends=True),
    **{code: Reason(words, ends=True) for code, words in _ENDED.items()},
    "3": Reason("Account transferred to another bank", ends=True),
    "C": Reason("Account transferred to another branch"),
    "D": Reason("Advance notice disputed"),
    "E": Reason("Instruction amended"),
    "R": Reason("Instruction reinstated"),
}
AUDDIS = {
    **{code: Reason(words, ends=True) for code, words in _ENDED.items()},
    "3": Reason("Account transferred", ends=True),
    "5": Reason("No account", ends=True),
    "6": Reason("No instruction", ends=True),
    "C": Reason("Account transferred to another branch"),
    "F": Reason("Invalid account type", ends=True),
    "G": Reason("The bank takes no Direct Debits on the account", ends=True),
    "H": Reason("Instruction has expired", ends=True),
    "I": Reason("Payer reference is not unique", ends=True),
    "K": Reason("Instruction cancelled by the bank", ends=True),
    "L": Reason("The payer's account details are incorrect", ends=True),
    "M": Reason("Transaction code and user status do not go together", ends=True),
    "N": Reason("Not allowed at the payer's branch", ends=True),
    "O": Reason("Invalid reference", ends=True),
    "P": Reason("Payer's name is missing", ends=True),
    "Q": Reason("Service user's name is missing", ends=True),
}
DDICA = {
    "1": Reason("Amount or date differ from the advance notice"),
    "2": Reason("No advance notice was received, or the amount is disputed"),
    "3": Reason("Instruction cancelled by the paying bank", ends=True),
    "4": Reason("Payer cancelled the instruction with the fund", ends=True),
    "5": Reason("No instruction held, or the payer disputes having given it", ends=True),
    "6": Reason("The signature is fraudulent or not authorised", ends=True),
    "7": Reason("Claim raised at the fund's own request"),
    "8": Reason("The payer does not recognise the fund", ends=True),
}
SEPA = {
    "AC01": Reason("The account number is incorrect", ends=True),
    "AC04": Reason("Account closed", ends=True),
    "AC06": Reason("Account blocked"),
    "AC13": Reason("The account is a consumer's, and the scheme is not", ends=True),
    "AG01": Reason("No Direct Debit on this account", ends=True),
    "AM04": Reason("Insufficient funds", again=True),
    "MD01": Reason("No mandate", ends=True),
    "MD06": Reason("Refund asked for by the payer"),
    "MD07": Reason("Payer deceased", ends=True),
    "MS02": Reason("Refused by the payer"),
    "MS03": Reason("Reason not given", again=True),
    "RR04": Reason("Regulatory reason"),
    "SL01": Reason("A service of the payer's bank refused it"),
}
REASONS: Mapping[Report, Mapping[str, Reason]] = {
    Report.ARUDD: ARUDD,
    Report.ADDACS: ADDACS,
    Report.AUDDIS: AUDDIS,
    Report.DDICA: DDICA,
    Report.SEPA: SEPA,
}
