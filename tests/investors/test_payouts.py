"""Money held for lenders is paid out: by two people, never more than is there, and put back where a payment fails."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction
from moneyed import Money

from commonweal.documents.interest_certificate import render_interest_certificate
from commonweal.jobs.errors import MatchRefused
from commonweal.jobs.matching import undo_line
from commonweal.jobs.paying import payments_to_make, refuse_payment
from investors.domain.errors import BorrowingRefused, PayoutRefused, TaxTreatmentRefused
from investors.domain.kinds import InvestorKind
from investors.domain.payout import PayoutAsked
from investors.interest_certificates import interest_certificates
from investors.models import Payout, PayoutDecision, PayoutTakenBack
from investors.queries import Why, changes_in_funds, held_money, payouts
from investors.services import (
    approve_payout,
    decline_payout,
    propose_facility,
    propose_payout,
    register_investor,
    say_tax_treatment,
    take_payout_back,
)
from investors.services.borrowing_books import facility_looked_at
from investors.services.borrowing_refusals import refuse_beyond_the_bank
from ledger.domain.entry import JournalEntry, Kind, credit, debit
from ledger.domain.errors import NotApproved, SameTwoEyes
from ledger.queries import Period, entries, fund_accounts, payments
from ledger.services import close_period, post
from loans.domain.events import Repaid
from loans.models import DebitLine, DebitOutcome, LoanEvent
from tests.builders import pounds
from tests.investors.borrowed import agreed
from tests.investors.paid_out import PaidOut, all_of, make_paid_out, pay_in
from tests.investors.shared_loan import BUSINESS_DATE, DRAWN_ON
from tests.ledger.payment_world import confirm_account
from tests.loans.direct_debit.collected import make_past_line, make_waiting_run

pytestmark = pytest.mark.django_db
HELD = ("2510/NRB", "2510/TST", "1020/NRB", "1020/TST", "2520")


@pytest.fixture
def paid_out(db: None) -> PaidOut:
    return make_paid_out()


def states(paid_out: PaidOut) -> list[str]:
    return [str(one.state) for one in payments(paid_out.fund.book).order_by("pk")]


def test_from_the_proposal_to_the_banks_word(paid_out: PaidOut) -> None:
    assert paid_out.stands(*HELD) == ["811.98", "405.99", "0.00", "0.00", "0.00"]
    made = paid_out.propose(all_of("NRB", stays="11.98"), all_of("TST"))
    assert [(one.parts.amount, one.parts.interest, one.parts.tax) for one in made.lines.all()] == [
        (pounds("800.00"), pounds("208.49"), pounds("0.00")),
        (pounds("405.99"), pounds("104.25"), pounds("20.85")),
    ]
    assert paid_out.stands(*HELD) == ["811.98", "405.99", "0.00", "0.00", "0.00"], "nothing moved yet"
    approve_payout(payout=made, shown_sha256=made.content_sha256, by=paid_out.shared.tom)
    assert paid_out.stands(*HELD) == ["11.98", "0.00", "800.00", "385.14", "20.85"]
    paid_out.sent()
    assert paid_out.is_clean
    paid_out.told("-800.00", "VILLAGE-FUND-0001-1")
    paid_out.told("-385.14", "VILLAGE-FUND-0001-2")
    assert states(paid_out) == ["confirmed", "confirmed"]
    assert paid_out.stands(*HELD) == ["11.98", "0.00", "0.00", "0.00", "20.85"]
    assert paid_out.is_clean
    changed = changes_in_funds(paid_out.fund.book, DRAWN_ON, BUSINESS_DATE)
    assert {one.investor.code: one.changes[Why.PAID_OUT] for one in changed} == {"NRB": -80000, "TST": -40599, "LOT": 0}
    with pytest.raises(PayoutRefused, match=r"The bank has paid £800\.00 to Northmoor Regional Bank"):
        take_payout_back(payout=made, lines=[1], on=BUSINESS_DATE, reason="Wrong", by=paid_out.shared.tom)


def test_what_comes_back_is_held_again_with_its_tax(paid_out: PaidOut) -> None:
    paid_out.approved()
    paid_out.sent()
    paid_out.told("-385.14", "VILLAGE-FUND-0001-2")
    paid_out.told("385.14", "VILLAGE-FUND-0001-2 RETURNED")
    assert states(paid_out) == ["sent", "returned"]
    assert paid_out.stands(*HELD) == ["0.00", "405.99", "811.98", "0.00", "0.00"]
    assert paid_out.is_clean
    (told,) = held_money(paid_out.fund.book, [paid_out.shared.lenders["TST"]], BUSINESS_DATE)
    assert (told.held, told.interest_unpaid) == (pounds("405.99"), pounds("104.25"))
    back = PayoutTakenBack.objects.get()
    line = back.came_back.matches.get().line
    with pytest.raises(MatchRefused, match="brought back what Payout"):
        undo_line(book=paid_out.fund.book, line_id=line.pk, reason="Wrong", by=paid_out.shared.tom)
    flows = fund_accounts(paid_out.fund.book, [Period(DRAWN_ON, BUSINESS_DATE)]).cash_flow
    told_flows = {line.name: line.minor for section in flows.sections for line in section.lines}
    assert told_flows["Paid to investors, less what came back"] == (-81198,)
    assert "Tax withheld from that, less what was paid over" not in told_flows
    again = paid_out.approved(all_of("TST"))
    paid_out.sent(again.lines.get().source)
    paid_out.told("-385.14", "VILLAGE-FUND-0002-1")
    assert states(paid_out) == ["sent", "returned", "confirmed"]
    assert paid_out.is_clean


def test_a_payment_that_the_bank_refuses_is_held_again(paid_out: PaidOut) -> None:
    paid_out.approved()
    paid_out.sent()
    refused = payments(paid_out.fund.book).get(payee="investor:NRB")
    refuse_payment(payment=refused, reason="Account closed", on=BUSINESS_DATE, by=paid_out.shared.tom)
    assert paid_out.stands(*HELD) == ["811.98", "0.00", "0.00", "385.14", "20.85"]
    assert PayoutTakenBack.objects.get().reason == "The bank refused it: Account closed"
    assert (payments_to_make(paid_out.fund.book)[1:], paid_out.is_clean) == ([], True)


PAID, NOT_PAID = "confirmed", "sent"
LIES = [
    ([("-811.97", "1")], NOT_PAID, "a penny less"),
    ([("-811.98", "2")], NOT_PAID, "under another payment's name"),
    ([("811.98", "1")], NOT_PAID, "back before it went"),
    ([("-811.98", "1"), ("-811.98", "1")], PAID, "twice"),
    ([("-811.98", "1"), ("811.97", "1")], PAID, "back with a penny less"),
    ([("-811.98", "1"), ("811.98", "1"), ("811.98", "1")], "returned", "back twice"),
]


@pytest.mark.parametrize(("lines", "state"), [one[:2] for one in LIES], ids=[one[2] for one in LIES])
def test_what_the_bank_says_wrongly_waits_in_suspense(
    paid_out: PaidOut, lines: list[tuple[str, str]], state: str
) -> None:
    paid_out.approved()
    paid_out.sent()
    for amount, number in lines:
        paid_out.told(amount, f"VILLAGE-FUND-0001-{number}")
    assert states(paid_out) == [state, "sent"]
    held, on_its_way = {NOT_PAID: ("0.00", "811.98"), PAID: ("0.00", "0.00"), "returned": ("811.98", "0.00")}[state]
    assert paid_out.stands(*HELD) == [held, "0.00", on_its_way, "385.14", "20.85"]
    assert paid_out.is_clean


def test_a_line_is_taken_back_while_no_file_pays_it(paid_out: PaidOut) -> None:
    made = paid_out.approved()
    take = {"on": BUSINESS_DATE, "reason": "It asked to wait", "by": paid_out.shared.tom}
    paid_out.sent(made.lines.get(line_no=1).source)
    with pytest.raises(PayoutRefused, match=r"£811\.98 to Northmoor Regional Bank is in payment file 1, and is sent"):
        take_payout_back(payout=made, lines=[], **take)
    take_payout_back(payout=made, lines=[2], **take)
    assert paid_out.stands(*HELD) == ["0.00", "405.99", "811.98", "0.00", "0.00"]
    with pytest.raises(PayoutRefused, match="What was paid to Tideway Social Trust is taken back already"):
        take_payout_back(payout=made, lines=[2], **take)
    with pytest.raises(PayoutRefused, match="has no line 3"):
        take_payout_back(payout=made, lines=[3], **take)
    assert paid_out.is_clean


REFUSED: list[tuple[list[PayoutAsked], dict[str, object], str]] = [
    ([all_of("NRB", amount="811.99")], {}, r"£811\.99 is to be paid .* £0\.01 more than the £811\.98 that is held"),
    ([all_of("NRB", stays="811.99")], {}, r"£0\.01 more than the £811\.98"),
    ([all_of("NRB", amount="800.00", stays="11.99")], {}, r"£0\.01 more than the £811\.98"),
    ([all_of("NRB", amount="0.00")], {}, r"£0\.00 to Northmoor Regional Bank, with £0\.00 that stays, pays noth"),
    ([all_of("NRB", amount="-5.00")], {}, r"-£5\.00 to Northmoor Regional Bank"),
    ([all_of("NRB", stays="-5.00")], {}, r"with -£5\.00 that stays"),
    ([all_of("NRB"), all_of("NRB")], {}, "NRB is named more than once"),
    ([PayoutAsked("NRB", pounds("0.00"), Money("5.00", "EUR"))], {}, r"€5\.00 is asked for"),
    ([all_of("LOT")], {}, "Nobody has confirmed bank details of Lottery first-loss grant"),
    ([all_of("XYZ")], {}, "No investor is registered under XYZ"),
    ([], {}, "A payout pays 1 to 1000 investors, and not 0"),
    ([all_of("NRB")], {"on": date(2026, 11, 24)}, "24 November 2026 is after 23 November 2026, the business date"),
    ([all_of("NRB")], {"on": date(2025, 1, 31)}, "31 January 2025 is in a closed period"),
    ([all_of("NRB")], {"reason": " "}, "Say why it is paid out"),
]


def test_what_cannot_be_paid_is_refused(paid_out: PaidOut) -> None:
    close_period(book=paid_out.fund.book, through=date(2025, 1, 31), by=paid_out.shared.tom)
    for asked, given, says in REFUSED:
        how = {"on": BUSINESS_DATE, "reason": "Quarter", "by": paid_out.shared.priya} | given
        with pytest.raises(PayoutRefused, match=says):
            propose_payout(book=paid_out.fund.book, asked=asked, **how)
    assert not Payout.objects.exists()


def test_two_people_and_exactly_what_was_proposed(paid_out: PaidOut) -> None:
    made, tom = paid_out.propose(), paid_out.shared.tom
    assert paid_out.propose() == made
    with pytest.raises(PayoutRefused, match=f"{made} waits for a decision and pays Tideway Social Trust already"):
        paid_out.propose(all_of("TST", stays="1.00"))
    with pytest.raises(SameTwoEyes):
        approve_payout(payout=made, shown_sha256=made.content_sha256, by=paid_out.shared.priya)
    with pytest.raises(PayoutRefused, match="is not what you were shown"):
        approve_payout(payout=made, shown_sha256="0" * 64, by=tom)
    lender = paid_out.shared.lenders["TST"]
    say_tax_treatment(investor=lender, rate=Decimal("0"), effective_on=BUSINESS_DATE, reason="A charity", by=tom)
    with pytest.raises(PayoutRefused, match=r"with £20\.85 of tax\. By now it is £104\.25, with £0\.00"):
        approve_payout(payout=made, shown_sha256=made.content_sha256, by=tom)
    decline_payout(payout=made, shown_sha256=made.content_sha256, reason="Its tax changed", by=tom)
    with pytest.raises(PayoutRefused, match="is decided already"):
        approve_payout(payout=made, shown_sha256=made.content_sha256, by=tom)
    again = paid_out.approved()
    assert paid_out.stands(*HELD) == ["0.00", "0.00", "811.98", "405.99", "0.00"]
    with pytest.raises(PayoutRefused, match=r"£811\.98 more than the £0\.00 that is held"):
        paid_out.propose(all_of("NRB", amount="811.98"))
    assert payouts(paid_out.fund.book).get(pk=again.pk).state == "approved"


def test_more_than_the_bank_has_is_refused(paid_out: PaidOut) -> None:
    pay_in(paid_out.shared, "NRB", "24200.00")
    with pytest.raises(PayoutRefused, match=r"£25,011\.98 would leave the bank, £11\.98 more than there is"):
        paid_out.propose(all_of("NRB"))


def test_a_collection_that_may_come_back_is_not_free(paid_out: PaidOut) -> None:
    """The repayment of 1 July came by a Direct Debit collected on Friday 20 November: it clears on Wednesday 25."""
    mandate = make_waiting_run(paid_out.shared.loan).lines.get().mandate
    line: DebitLine = make_past_line(mandate, date(2026, 11, 20), paid_out.shared.priya, paid_out.shared.tom)
    event = LoanEvent.objects.filter(loan=paid_out.shared.loan, kind="repaid").latest("pk")
    DebitOutcome.objects.create(
        line=line, kind="paid", on=date(2026, 11, 20), event=event, recorded_by=paid_out.shared.tom
    )
    with pytest.raises(PayoutRefused, match=r"£405\.99 more came by Direct Debit and may still be sent back"):
        paid_out.propose(all_of("NRB", amount="811.98"))
    (told,) = held_money(paid_out.fund.book, [paid_out.shared.lenders["NRB"]], date(2026, 11, 25))
    assert told.free == pounds("811.98")
    assert paid_out.propose(all_of("NRB")).lines.get().parts.amount == pounds("405.99")


def test_what_may_come_back_and_is_held_for_lenders_is_kept_back_once(paid_out: PaidOut) -> None:
    """Of £25,000.00 at the bank £1,353.30 is the lenders'; half of that may still be sent back."""
    mandate = make_waiting_run(paid_out.shared.loan).lines.get().mandate
    line: DebitLine = make_past_line(mandate, date(2026, 11, 20), paid_out.shared.priya, paid_out.shared.tom)
    event = LoanEvent.objects.filter(loan=paid_out.shared.loan, kind="repaid").latest("pk")
    said = {"kind": "paid", "on": date(2026, 11, 20), "event": event, "recorded_by": paid_out.shared.tom}
    DebitOutcome.objects.create(line=line, **said)
    own = pounds("23646.70")
    explained = JournalEntry(BUSINESS_DATE, "The fund's own", (debit("2010/MAIN", own), credit("3010", own)))
    post([explained], book=paid_out.fund.book, key="explained", by=paid_out.shared.tom)
    bank, by = paid_out.shared.lenders["NRB"], paid_out.shared.priya
    terms = propose_facility(book=paid_out.fund.book, lender=bank, agreement=agreed(), reason="To lend on", by=by)
    opened = facility_looked_at(terms.facility)
    refuse_beyond_the_bank(opened, Repaid(BUSINESS_DATE, 0, own))
    with pytest.raises(BorrowingRefused, match=r"£23,646\.71 would leave the bank, £0\.01 more than there is"):
        refuse_beyond_the_bank(opened, Repaid(BUSINESS_DATE, 0, pounds("23646.71")))


def test_nobody_guesses_the_tax(paid_out: PaidOut) -> None:
    confirm_account(paid_out.fund.book, "investor:LOT", "40-11-22", "12345678")
    with pytest.raises(
        PayoutRefused, match=r"£34\.75 of what is paid to Lottery first-loss grant is interest, and nobody"
    ):
        paid_out.propose(all_of("LOT"))
    ann = register_investor(code="ANN", name="Ann Rowe", kind=InvestorKind.INDIVIDUAL)
    with pytest.raises(TaxTreatmentRefused, match=r"Tax at 100\.0 % of the interest paid to Ann Rowe is not possible"):
        say_tax_treatment(investor=ann, rate=Decimal("1.0"), effective_on=DRAWN_ON, reason="x", by=paid_out.shared.tom)
    with pytest.raises(TaxTreatmentRefused, match="Say why interest is paid to Ann Rowe so"):
        say_tax_treatment(investor=ann, rate=Decimal("0.2"), effective_on=DRAWN_ON, reason="", by=paid_out.shared.tom)
    said = {"investor": ann, "rate": Decimal("0.2"), "effective_on": DRAWN_ON, "reason": "An individual"}
    assert say_tax_treatment(**said, by=paid_out.shared.tom) == say_tax_treatment(**said, by=paid_out.shared.tom)


def test_the_interest_of_a_tax_year_is_certified(paid_out: PaidOut) -> None:
    """What was paid in 2025-26 stands on its certificate, and what came back does not; the year has to be over."""
    book, trust = paid_out.fund.book, paid_out.shared.lenders["TST"]
    for amount, on in (("60.00", date(2025, 8, 1)), ("40.00", date(2026, 4, 5)), ("4.00", date(2026, 4, 6))):
        made = paid_out.propose(all_of("TST", amount=amount), on=on)
        approve_payout(payout=made, shown_sha256=made.content_sha256, by=paid_out.shared.tom)
    (certificate,) = interest_certificates(trust, book)
    assert (certificate.number, certificate.gross, certificate.tax) == (
        "2025-26-TST",
        pounds("100.00"),
        pounds("20.00"),
    )
    assert [one.net for one in certificate.payments] == [pounds("48.00"), pounds("32.00")]
    pdf = render_interest_certificate(certificate)
    assert (pdf[:5], pdf) == (b"%PDF-", render_interest_certificate(certificate))
    first = payouts(book).order_by("pk")[0]
    take_payout_back(payout=first, lines=[], on=BUSINESS_DATE, reason="Account closed", by=paid_out.shared.tom)
    assert [one.gross for one in interest_certificates(trust, book)] == [pounds("40.00")]


class TestTheDatabase:
    def test_no_payout_is_posted_without_two_people(self, paid_out: PaidOut) -> None:
        lines = (debit("2510/NRB", pounds("1.00")), credit("2520", pounds("1.00")))
        entry = JournalEntry(BUSINESS_DATE, "Paid out", lines, kind=Kind.PAYOUT, source="payout-line:1")
        with pytest.raises(NotApproved):
            post([entry], book=paid_out.fund.book, key="alone", by=paid_out.shared.tom)
        assert not entries(paid_out.fund.book).filter(kind=Kind.PAYOUT).exists()

    def test_a_payout_is_not_approved_otherwise_than_it_was_proposed(self, paid_out: PaidOut) -> None:
        decided = paid_out.approved(all_of("NRB")).decision
        other = paid_out.propose(all_of("TST"))
        with pytest.raises(DatabaseError, match=f"Payout {other.pk} is not approved by a second person"):
            PayoutDecision.objects.create(
                payout=other, outcome="approved", approval=decided.approval, decided_by=paid_out.shared.tom
            )

    def test_a_line_in_a_file_is_not_taken_back(self, paid_out: PaidOut) -> None:
        made = paid_out.approved(all_of("NRB"))
        paid_out.sent()
        entry = entries(paid_out.fund.book).filter(kind=Kind.PAYOUT).get()
        with pytest.raises(DatabaseError, match="is not taken back by the reversal of its own entry"):
            PayoutTakenBack.objects.create(
                line=made.lines.get(), entry=entry, reason="By hand", taken_back_by=paid_out.shared.tom
            )

    def test_the_tables_only_grow(self, paid_out: PaidOut) -> None:
        made = paid_out.approved()
        take_payout_back(payout=made, lines=[], on=BUSINESS_DATE, reason="Later", by=paid_out.shared.tom)
        for table in ("payout", "payoutline", "payoutdecision", "payouttakenback", "taxtreatment"):
            for statement in ("UPDATE investors_{} SET id = id", "DELETE FROM investors_{}"):
                with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement.format(table))
