"""Notices of capital calls and distributions: one for each investor, once, and of nothing that was not approved."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from commonweal.access.models import InvestorMembership
from commonweal.documents.issuing import content, recognise
from commonweal.documents.models import Document
from commonweal.documents.notices import issue_notices
from commonweal.jobs.letters import give_notices
from commonweal.letters.kinds import LetterKind
from commonweal.letters.models import Letter
from investors.domain.capital_act import ActKind
from investors.domain.errors import CapitalActRefused
from investors.models import Investor
from tests.builders import make_user
from tests.investors.fund_in_classes import ClassFund, make_class_fund

pytestmark = pytest.mark.django_db

SIGNED, CALLED, DUE, PAID, SHARED = (
    date(2025, 3, 20),
    date(2025, 3, 25),
    date(2025, 4, 8),
    date(2025, 4, 1),
    date(2025, 6, 30),
)


@pytest.fixture
def fund() -> ClassFund:
    """Two investors committed to the senior class."""
    fund = make_class_fund()
    fund.commit("SENIOR", "NRB", 60_000_00, SIGNED)
    fund.commit("SENIOR", "OAK", 20_000_00, SIGNED)
    return fund


def test_each_investor_gets_its_notice_once(fund: ClassFund) -> None:
    call = fund.call(["SENIOR"], 40_000_00, CALLED, DUE)
    notices = issue_notices(act=call, by=fund.tom)
    assert [(one.number, one.title, str(one.investor)) for one in notices] == [
        (f"{call}-NRB", "Capital call notice", "Northmoor Regional Bank"),
        (f"{call}-OAK", "Capital call notice", "Oak Foundation"),
    ]
    assert [one.pk for one in issue_notices(act=call, by=fund.priya)] == [one.pk for one in notices]
    assert recognise(content(notices[0])) == notices[0]
    fund.pays("SENIOR", "NRB", 30_000_00, PAID)
    fund.earns(600_00, SHARED)
    fund.act(ActKind.RESULT, SHARED)
    paid = fund.act(ActKind.DISTRIBUTION, SHARED, capital={"SENIOR": 1_000_00}, recallable=True)
    (notice,) = issue_notices(act=paid, by=fund.tom)
    assert notice.file_name == f"distribution-notice-{paid}-NRB.pdf"


def test_its_people_are_told_once_and_without_figures(fund: ClassFund) -> None:
    call = fund.call(["SENIOR"], 40_000_00, CALLED, DUE)
    hana = make_user(name="Hana")
    InvestorMembership.objects.create(user=hana, investor=Investor.objects.get(code="NRB"))
    for by in (fund.tom, fund.priya):
        assert len(give_notices(act=call, by=by)) == 2
    letter = Letter.objects.get()
    assert (letter.person, letter.kind, letter.about) == (hana, LetterKind.CAPITAL, f"{call}-NRB")
    assert letter.text.count("http") == 1
    assert "30,000" not in letter.text
    assert "We never send bank details by e-mail" in letter.text


def test_there_is_no_notice_of_what_is_not_approved_or_is_taken_back(fund: ClassFund) -> None:
    asked = {"classes": ["SENIOR"], "minor": 40_000_00, "due_on": DUE.isoformat()}
    waiting = fund.propose(ActKind.CALL, CALLED, **asked)
    with pytest.raises(CapitalActRefused, match="nothing to give notice of"):
        issue_notices(act=waiting, by=fund.tom)
    with pytest.raises(CapitalActRefused, match="nothing to give notice of"):
        issue_notices(act=waiting.book.capital_acts.filter(kind=ActKind.COMMITMENT).first(), by=fund.tom)


def test_the_database_lets_no_other_notice_in(fund: ClassFund) -> None:
    call = fund.call(["SENIOR"], 40_000_00, CALLED, DUE)
    notice = issue_notices(act=call, by=fund.tom)[0]
    for change in ({"kind": "distribution-notice"}, {"investor": None}, {"capital_act": None}):
        forged = Document.objects.get(pk=notice.pk)
        forged.pk, forged.number, forged.subject = None, "C-9-NRB", "C-9-NRB"
        for name, value in change.items():
            setattr(forged, name, value)
        with pytest.raises(DatabaseError), transaction.atomic():
            forged.save(force_insert=True)
