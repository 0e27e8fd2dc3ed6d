"""What could a waiting line be for? Each reason by itself, and how they add up."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.bank_suggestions import BankLine, bank_suggestions
from ledger.domain.payer_names import is_one_slip, likeness, without_one
from ledger.domain.suggestion import Reason, Suggestion
from loans.domain.suggestions import KnownLoans, Line, LoanKnown, LoanStands, suggestions_for

ON = date(2025, 6, 2)
DUE = ((date(2025, 6, 1), 676_65),)
SHOP, SHOP_TOO, MAKERS = 1, 2, 3
KNOWN = KnownLoans(
    {
        SHOP: LoanKnown(SHOP, "L-0108", "HH-0108", 7, "Netherby Corner Shop Society"),
        SHOP_TOO: LoanKnown(SHOP_TOO, "L-0109", "HH-0109", 7, "Netherby Corner Shop Society"),
        MAKERS: LoanKnown(MAKERS, "L-0131", "HH-0131", 8, "Millrace Makers Co-operative"),
    }
)
STANDS = {
    SHOP: LoanStands(unpaid=676_65, instalments=DUE, settles=30_000_00, on_its_way=35_000_00),
    SHOP_TOO: LoanStands(unpaid=100_00, instalments=((date(2025, 6, 9), 100_00),)),
    MAKERS: LoanStands(unpaid=0, instalments=((date(2025, 6, 1), 50_00),)),
}
PAID = {"jo smith": [MAKERS]}


def best(payer: str, text: str, minor: int = 676_65, rivals: dict[int, int] | None = None) -> Suggestion | None:
    line = Line(ON, minor, "GBP", payer, text)
    found = suggestions_for(line, KNOWN, KNOWN.hints(line, PAID), STANDS, rivals or {})
    return found[0] if found else None


@pytest.mark.parametrize(
    ("payer", "text", "minor", "label", "degree", "why"),
    [
        ("Somebody", "HH-0108", 676_65, "Repayment of L-0108", "Very likely", "it names HH-0108"),
        ("Somebody", "HH-0180", 676_65, "Repayment of L-0108", "Likely", "“HH0180” is nearly its reference HH-0108"),
        ("Somebody", "hho1o8", 1_00, "Repayment of L-0108", "Possible", "“HHO1O8” is nearly its reference HH-0108"),
        ("Somebody", "loan 0131", 50_00, "Repayment of L-0131", "Likely", "“0131” is the number of HH-0131"),
        ("NETHERBY CORNER SH", "thanks", 676_65, "Repayment of L-0108", "Likely", "it is what is due and unpaid"),
        ("N C S Soc", "", 676_65, "Repayment of L-0108", "Likely", "an instalment is due on 1 June 2025"),
        ("Milrace Makers", "", 150_00, "Repayment of L-0131", "Likely", "it is 3 instalments"),
        ("Mr Jo Smith", "", 50_00, "Repayment of L-0131", "Likely", "Mr Jo Smith paid for L-0131 before"),
        ("Netherby Corner Shop", "", 30_000_00, "Settlement of L-0108", "Very likely", "it is what settles"),
        ("Netherby Corner Shop", "", 776_65, "Repayments of L-0108 and L-0109", "Likely", "due and unpaid"),
        ("Somebody", "HH-0108 + HH-0109", 776_65, "Repayments of L-0108 and L-0109", "Very likely", "it names"),
        ("Netherby", "", -35_000_00, "Payment to Netherby Corner Shop Society, L-0108", "Very likely", "on its way"),
    ],
)  # fmt: skip
def test_each_reason_is_found_and_said(payer, text, minor, label, degree, why):
    found = best(payer, text, minor)
    assert found is not None
    assert (found.label.startswith(label), found.degree) == (True, degree), (found.label, found.score)
    assert why in "; ".join(reason.words for reason in found.reasons)


def test_what_looks_like_nothing_gets_no_suggestion():
    assert best("Somebody", "thank you", 12_34) is None
    assert best("Somebody", "", -35_000_01) is None


def test_an_amount_that_many_loans_wait_for_says_little():
    alone = best("", "", 676_65)
    assert alone is not None
    assert alone.degree == "Possible"
    crowded = best("", "", 676_65, {676_65: 20})
    assert crowded is None or crowded.score < alone.score


@given(weights=st.lists(st.integers(1, 95), min_size=1, max_size=6), more=st.integers(1, 95))
def test_another_reason_never_makes_it_less_likely(weights, more):
    some = Suggestion((), "", tuple(Reason(weight, "") for weight in weights))
    all_of_them = Suggestion((), "", (*some.reasons, Reason(more, "")))
    assert max(weights) <= some.score <= all_of_them.score <= 100


@settings(max_examples=60)
@given(word=st.text("abc01", min_size=1, max_size=7), other=st.text("abc01", min_size=1, max_size=7))
def test_words_of_one_slip_share_a_shape_and_are_so_both_ways(word, other):
    assert is_one_slip(word, other) == is_one_slip(other, word)
    if is_one_slip(word, other):
        assert without_one(word) & without_one(other)


@pytest.mark.parametrize(
    ("payer", "name"),
    [("The Millrace Café", "Netherby Corner Shop"), ("", "Netherby"), ("Ltd", "Limited"), ("N C", "Netherby")],
)
def test_who_is_somebody_else_is_not_taken_for_a_party(payer, name):
    assert likeness(payer, name) is None


def line_at(bank: int, minor: int, on: date, text: str = "", **more: str) -> BankLine:
    return BankLine(bank * 1000 + on.day, bank, on, minor, "GBP", more.get("payer", ""), text, more.get("took", ""))


@pytest.mark.parametrize(
    ("line", "other", "label", "degree"),
    [
        (line_at(1, -4_50, ON, "Account charge"), None, "Bank charge", "Likely"),
        (line_at(1, 4_50, ON, "Gross interest"), None, "Bank interest", "Likely"),
        (line_at(1, 4_50, ON, "Interesting times"), None, None, ""),
        (
            line_at(1, -676_65, date(2025, 6, 5), "UNPAID DD", payer="Netherby Shop"),
            line_at(1, 676_65, ON, payer="Netherby Shop", took="Repayment of L-0108"),
            "Repayment of L-0108 came back",
            "Likely",
        ),
        (
            line_at(2, 500_00, date(2025, 6, 3), "from current account"),
            line_at(1, -500_00, ON, "to savings"),
            "Transfer between own accounts, with the line of 2 June 2025",
            "Likely",
        ),
        (line_at(1, 500_00, ON), line_at(1, -500_00, date(2025, 8, 3)), None, ""),
    ],
)
def test_lines_of_the_bank_itself_and_lines_that_undo_each_other(line, other, label, degree):
    found = [one for one in bank_suggestions(line, [other] if other else []) if one.score >= 30]
    assert [(one.label, one.degree) for one in found] == ([(label, degree)] if label else [])
