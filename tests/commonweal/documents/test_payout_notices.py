"""Notices of payouts: one for each investor who is paid, once, to the penny, and of nothing that does not stand."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from commonweal.access.models import InvestorMembership
from commonweal.documents.issuing import content, issuer_of, recognise
from commonweal.documents.models import Document, DocumentKind
from commonweal.documents.notices import NoticeHead
from commonweal.documents.payout_notices import issue_payout_notices, render_payout_notice
from commonweal.jobs.letters import give_payout_notices
from commonweal.letters.models import Letter
from investors.domain.capital_act import ActKind
from investors.domain.errors import PayoutRefused
from investors.models import Investor
from investors.payouts_told import PAID_OUT_NOW, payout_told
from investors.services import take_payout_back
from tests.builders import make_user, pounds
from tests.investors.fund_in_classes import ClassFund
from tests.investors.paid_out import BUSINESS_DATE, PaidOut, all_of, make_paid_out, pay_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid() -> PaidOut:
    return make_paid_out()


def test_each_investor_gets_its_notice_once_and_its_people_one_letter_without_figures(paid: PaidOut) -> None:
    payout = paid.approved()
    hana = make_user(name="Hana")
    InvestorMembership.objects.create(user=hana, investor=Investor.objects.get(code="TST"))
    first = give_payout_notices(payout=payout, by=paid.shared.priya)
    assert [(one.number, one.title, str(one.investor)) for one in first] == [
        (f"P-{payout.pk}-{code}", "Payout notice", str(paid.shared.lenders[code])) for code in ("NRB", "TST")
    ]
    assert [one.pk for one in give_payout_notices(payout=payout, by=paid.shared.tom)] == [one.pk for one in first]
    letter = Letter.objects.get()
    assert (letter.person, letter.about) == (hana, f"P-{payout.pk}-TST")
    assert "385.14" not in letter.text
    assert recognise(content(first[1])) == first[1]


def test_it_says_what_made_the_money_from_one_payout_to_the_next(paid: PaidOut) -> None:
    (line,) = paid.approved(all_of("TST", stays="100.00")).lines.all()
    told = payout_told(line)
    assert told.held.opening == pounds("0.00")
    assert [str(one.amount.amount) for one in told.held.lines] == ["10500.00", "-10500.00", "405.99", "-305.99"]
    assert told.held.lines[-1].words == PAID_OUT_NOW
    assert told.held.closing == pounds("100.00")
    pay_in(paid.shared, "TST", "50.00")
    (later,) = paid.approved(all_of("TST")).lines.all()
    again = payout_told(later)
    assert (again.held.opening, again.held.closing) == (pounds("100.00"), pounds("0.00"))
    assert payout_told(line) == told
    parts = later.parts
    assert parts.capital + parts.interest - parts.tax == parts.net


def test_it_calls_a_grant_a_grant(paid: PaidOut) -> None:
    fund = ClassFund(paid.shared.book, paid.shared.tom, paid.shared.priya)
    fund.act(ActKind.GRANT, BUSINESS_DATE, grant="OPS", funder="TST", purpose="operating", minor=100_00)
    fund.act(ActKind.GRANT_RECEIVED, BUSINESS_DATE, grant="OPS", minor=100_00)
    (line,) = paid.approved(all_of("TST")).lines.all()
    told = {one.words: one.amount for one in payout_told(line).held.lines}
    assert (told["Given as a restricted grant"], told[PAID_OUT_NOW]) == (pounds("-100.00"), pounds("-305.99"))


def test_the_same_payout_and_day_give_the_same_bytes(paid: PaidOut) -> None:
    payout = paid.approved()
    notice = issue_payout_notices(payout=payout, by=paid.shared.tom)[1]
    line = payout.lines.get(investor__code="TST")
    kind = DocumentKind.PAYOUT_NOTICE
    head = NoticeHead(issuer_of(payout.book), notice.number, kind.label, notice.issued_on)
    pay_in(paid.shared, "TST", "50.00")
    assert render_payout_notice(head, payout, payout_told(line)) == content(notice)


def test_there_is_no_notice_of_what_waits_or_was_taken_back(paid: PaidOut) -> None:
    waiting = paid.propose()
    with pytest.raises(PayoutRefused, match="nothing to give notice of"):
        issue_payout_notices(payout=waiting, by=paid.shared.tom)
    payout = paid.approved()
    take_payout_back(payout=payout, lines=[1], on=BUSINESS_DATE, reason="It asked to wait", by=paid.shared.tom)
    (notice,) = issue_payout_notices(payout=payout, by=paid.shared.tom)
    assert notice.number == f"P-{payout.pk}-TST"


def test_the_database_lets_no_other_notice_in(paid: PaidOut) -> None:
    notice = issue_payout_notices(payout=paid.approved(), by=paid.shared.tom)[0]
    other = Investor.objects.get(code="LOT")
    for change in ({"kind": "distribution-notice"}, {"investor": other}, {"payout_line": None}):
        forged = Document.objects.get(pk=notice.pk)
        forged.pk, forged.number, forged.subject = None, "P-9-NRB", "P-9-NRB"
        for name, value in change.items():
            setattr(forged, name, value)
        with pytest.raises(DatabaseError), transaction.atomic():
            forged.save(force_insert=True)
