"""The tax relief by what is recorded: HMRC's examples through the tables, refusals with the figure, and two people."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from investors.domain.citr.claims import EndedBy
from investors.domain.citr.findings import Outcome
from investors.domain.citr.kinds import InvestmentKind, MovementKind
from investors.domain.errors import (
    AboveTheRaisingLimit,
    CertificateRefused,
    ImpossibleTaxRelief,
    NotAccredited,
    NotAQualifyingInvestment,
)
from investors.models import CitrCertificateDecision, CitrInvestment, CitrMovement, CitrPeriod
from investors.services import (
    InvestmentTerms,
    approve_certificate,
    decline_certificate,
    end_citr_investment,
    lose_accreditation,
    propose_certificate,
    record_citr_investment,
    record_citr_movement,
    take_back_citr_movement,
)
from ledger.domain.errors import SameTwoEyes
from tests.builders import pounds
from tests.investors.citr.world import TODAY, Scheme, due, make_scheme
from tests.loans.tables import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme() -> Scheme:
    return make_scheme()


def years(scheme: Scheme, one: CitrInvestment, as_of: date = TODAY) -> list[list[str]]:
    found = scheme.standing(one, as_of).years
    return [
        [str(each.tax_year), *(str(part.amount) for part in (each.invested, each.available, each.withdrawn))]
        for each in found
    ]


class TestHmrcsExamples:
    def test_500_pounds_for_each_of_five_years(self, scheme: Scheme) -> None:
        one = scheme.invest("10000.00", date(2019, 6, 1))
        assert {each.available for each in scheme.standing(one).years} == {pounds("0.00")}, "no certificate yet"
        scheme.certify(one)
        assert years(scheme, one) == rows("""
            2019-20 10000.00 500.00 0.00
            2020-21 10000.00 500.00 0.00
            2021-22 10000.00 500.00 0.00
            2022-23 10000.00 500.00 0.00
            2023-24 10000.00 500.00 0.00
        """)
        assert years(scheme, one, date(2021, 4, 6))[1][2] == "500.00"
        assert years(scheme, one, date(2021, 4, 5))[1][2] == "0.00", "the tax year runs"

    def test_wholly_repaid_there_is_no_claim_for_2007_08_or_later(self, scheme: Scheme) -> None:
        one = scheme.invest("10000.00", date(2004, 1, 1))
        scheme.certify(one)
        assert scheme.standing(one, date(2008, 9, 29)).years[4].claim.is_claimable, "as it was known the day before"
        scheme.repay(one, "10000.00", date(2008, 9, 30))
        found = scheme.standing(one).years
        assert [(str(each.tax_year), each.available.amount > 0) for each in found] == [
            ("2003-04", True),
            ("2004-05", True),
            ("2005-06", True),
            ("2006-07", True),
            ("2007-08", False),
        ]
        assert "before the qualifying date 1 January 2009, the loan was wholly repaid" in found[4].claim.why

    def test_a_drawdown_loan_has_one_certificate_for_the_whole(self, scheme: Scheme) -> None:
        terms = {"drawn": pounds("40000.00"), "drawdown_until": date(2026, 11, 1)}
        one = scheme.invest("100000.00", date(2025, 5, 1), **terms)
        scheme.move(MovementKind.DRAWDOWN, one, "60000.00", date(2026, 5, 1))
        made = propose_certificate(investment=one, by=scheme.priya)
        assert (made.committed_money, made.due_by) == (pounds("100000.00"), date(2025, 5, 31))
        scheme.certify(one, on=date(2025, 5, 31))
        assert scheme.standing(one).certificate.outcome is Outcome.HOLDS
        with pytest.raises(CertificateRefused, match="was issued on 31 May 2025 for the whole of TR-"):
            propose_certificate(investment=one, by=scheme.priya)
        assert scheme.standing(one, date(2026, 4, 30)).balance == pounds("40000.00")
        with pytest.raises(
            NotAQualifyingInvestment, match="until 2 November 2026; the last day for that is 1 November"
        ):
            scheme.invest("90000.00", date(2025, 5, 1), **(terms | {"drawdown_until": date(2026, 11, 2)}))

    def test_terms_that_ask_for_more_than_half_by_year_4(self, scheme: Scheme) -> None:
        asks = due((date(2021, 12, 1), "2000.00"), (date(2022, 12, 1), "3500.00"))
        with pytest.raises(NotAQualifyingInvestment, match=r"£5,500\.00 may be required before 1 June 2023; 50%"):
            scheme.invest("10000.00", date(2019, 6, 1), required=asks)
        assert not CitrInvestment.objects.exists()
        passes = due((date(2021, 12, 1), "2000.00"), (date(2022, 12, 1), "3000.00"))
        assert scheme.invest("10000.00", date(2019, 6, 1), required=passes).required.count() == 2

    def test_the_average_of_a_year_in_which_some_was_repaid(self, scheme: Scheme) -> None:
        one = scheme.invest("10000.00", date(2019, 6, 1))
        scheme.certify(one)
        scheme.repay(one, "2000.00", date(2021, 12, 1))
        third = scheme.standing(one).years[2]
        assert (third.invested, third.relief, third.is_estimate) == (pounds("9002.74"), pounds("450.14"), True)

    @pytest.mark.parametrize(
        "repaid, withdrawn, says",
        [("2501.00", False, "£1.00 more: insignificant"), ("3500.00", True, "£1,000.00 more")],
    )
    def test_what_has_to_stand(self, scheme: Scheme, repaid: str, withdrawn: bool, says: str) -> None:
        one = scheme.invest("10000.00", date(2019, 6, 1))
        scheme.certify(one)
        scheme.repay(one, repaid, date(2021, 6, 1))
        found = scheme.standing(one, date(2022, 6, 1))
        assert found.is_withdrawn is withdrawn
        assert says in found.warnings[0]
        assert [each.withdrawn.amount > 0 for each in found.years[:2]] == [withdrawn, withdrawn]
        assert not scheme.standing(one, date(2022, 5, 31)).is_withdrawn, "the year is not over"

    def test_headroom_is_what_the_year_s_average_can_spare(self, scheme: Scheme) -> None:
        one = scheme.invest("10000.00", date(2019, 6, 1))
        third = scheme.standing(one, date(2021, 12, 1)).headroom[2]
        assert third.headroom == pounds("5013.73")
        scheme.repay(one, "5013.73", date(2021, 12, 1))
        assert scheme.standing(one, date(2022, 6, 1)).kept[0].is_kept

    def test_value_received_counts_once_it_comes_to_1_000_pounds(self, scheme: Scheme) -> None:
        one = scheme.invest("10000.00", date(2019, 6, 1))
        scheme.move(MovementKind.VALUE, one, "600.00", date(2020, 1, 1))
        scheme.move(MovementKind.VALUE, one, "500.00", date(2020, 8, 1))
        assert "£1,100.00 by 1 August 2020 counts as repaid on 1 June 2020" in scheme.standing(one).warnings[-1]
        assert scheme.standing(one).years[1].invested == pounds("8900.00")


class TestWhatEndsClaims:
    def test_a_disposal_and_a_repayment_that_does_not_count(self, scheme: Scheme) -> None:
        one = scheme.invest("10000.00", date(2019, 6, 1))
        scheme.certify(one)
        given = {"on": date(2021, 6, 1), "amount": pounds("9000.00"), "is_standard": False, "by": scheme.priya}
        with pytest.raises(ImpossibleTaxRelief, match="Say why the repayment"):
            record_citr_movement(investment=one, kind=MovementKind.REPAYMENT, **given)
        record_citr_movement(investment=one, kind=MovementKind.REPAYMENT, reason="The fund's own choice", **given)
        assert not scheme.standing(one).is_withdrawn
        ended = {"investment": one, "ended_by": EndedBy.DISPOSED, "on": date(2022, 1, 1), "by": scheme.priya}
        end_citr_investment(reason="Given to a niece", **ended)
        assert [each.available.amount > 0 for each in scheme.standing(one).years] == [True, True, False, False, False]
        with pytest.raises(ImpossibleTaxRelief, match="it is already"):
            end_citr_investment(reason="Again", **ended)

    def test_accreditation_that_is_lost_ends_the_claims_of_all(self, scheme: Scheme) -> None:
        one = scheme.invest("10000.00", date(2024, 6, 1))
        scheme.certify(one)
        last = CitrPeriod.objects.get(reference="A-2023")
        lose_accreditation(period=last, on=date(2025, 7, 1), reason="Not enough lent on", by=scheme.priya)
        found = scheme.standing(one).years
        assert [each.claim.is_claimable for each in found] == [True, False, False, False, False]
        assert found[1].is_estimate
        with pytest.raises(NotAccredited, match="is not accredited on 1 July 2025"):
            scheme.invest("1000.00", date(2025, 7, 1))


class TestRefusals:
    def test_more_than_may_be_raised(self, scheme: Scheme) -> None:
        scheme.invest("24999000.00", date(2024, 6, 1))
        with pytest.raises(AboveTheRaisingLimit, match=r"£25,000,000\.01 would be raised .* £0\.01 above the limit"):
            scheme.invest("1000.01", date(2024, 6, 2))
        with pytest.raises(NotAccredited, match="is not accredited on 1 June 2022"):
            scheme.invest("1000.00", date(2022, 6, 1))

    @pytest.mark.parametrize(
        "kind, amount, on, says",
        [
            (MovementKind.REPAYMENT, "10000.01", date(2021, 1, 1), r"£0\.01 more than the £10,000\.00 that stands"),
            (MovementKind.DRAWDOWN, "1.00", date(2020, 1, 1), "all of it was drawn at once"),
            (MovementKind.REPAYMENT, "1.00", date(2019, 5, 31), "before 1 June 2019, when TR-"),
            (MovementKind.REPAYMENT, "1.00", date(2026, 11, 24), "is after 23 November 2026, the business date"),
            (MovementKind.REPAYMENT, "0.00", date(2021, 1, 1), "Give a positive amount"),
        ],
    )
    def test_movements_that_cannot_be(
        self, scheme: Scheme, kind: MovementKind, amount: str, on: date, says: str
    ) -> None:
        one = scheme.invest("10000.00", date(2019, 6, 1))
        with pytest.raises(ImpossibleTaxRelief, match=says):
            scheme.move(kind, one, amount, on)
        assert CitrMovement.objects.count() == 1

    def test_a_repayment_recorded_late_leaves_enough_for_those_after_it(self, scheme: Scheme) -> None:
        one = scheme.invest("10000.00", date(2019, 6, 1))
        scheme.repay(one, "6000.00", date(2024, 7, 1))
        with pytest.raises(ImpossibleTaxRelief, match=r"£1,000\.00 more than the £4,000\.00 that stands"):
            scheme.repay(one, "5000.00", date(2023, 7, 1))
        (wrong,) = one.movements.filter(kind="repayment")
        take_back_citr_movement(movement=wrong, reason="Another investor's", by=scheme.priya)
        scheme.repay(one, "5000.00", date(2023, 7, 1))
        assert scheme.standing(one).balance == pounds("5000.00")

    def test_shares_are_not_repaid(self, scheme: Scheme) -> None:
        terms = InvestmentTerms(InvestmentKind.SHARES, pounds("5000.00"), date(2024, 6, 1))
        one = record_citr_investment(book=scheme.book, investor=scheme.meadow, terms=terms, by=scheme.priya)
        with pytest.raises(ImpossibleTaxRelief, match="is shares"):
            scheme.repay(one, "10.00", date(2025, 1, 1))


class TestTwoPeople:
    def test_nobody_issues_a_certificate_alone_or_another_than_was_shown(self, scheme: Scheme) -> None:
        one = scheme.invest("10000.00", date(2024, 6, 1))
        made = propose_certificate(investment=one, by=scheme.priya)
        assert propose_certificate(investment=one, by=scheme.tom) == made
        shown = {"certificate": made, "shown_sha256": made.content_sha256, "on": TODAY}
        with pytest.raises(SameTwoEyes):
            approve_certificate(by=scheme.priya, **shown)
        with pytest.raises(CertificateRefused, match="is not what you were shown"):
            approve_certificate(by=scheme.tom, **(shown | {"shown_sha256": "0" * 64}))
        late = approve_certificate(by=scheme.tom, **shown)
        assert late.certifies == one
        assert "it was issued on 23 November 2026, 875 days late" in scheme.standing(one).warnings[0]
        with pytest.raises(CertificateRefused, match="is decided already"):
            decline_certificate(certificate=made, shown_sha256=made.content_sha256, reason="No", by=scheme.tom)

    def test_the_database_lets_nobody_past_the_second_person(self, scheme: Scheme) -> None:
        first, second = (scheme.invest("10000.00", date(2024, 6, day)) for day in (1, 2))
        scheme.certify(first)
        approval = CitrCertificateDecision.objects.get().approval
        made = propose_certificate(investment=second, by=scheme.priya)
        given = {"certificate": made, "outcome": "issued", "issued_on": TODAY, "decided_by": scheme.tom}
        with pytest.raises(DatabaseError, match="is not issued by a second person"), transaction.atomic():
            CitrCertificateDecision.objects.create(certifies=second, approval=approval, **given)

    @pytest.mark.parametrize("table", ["movement", "certificate", "certificatedecision", "period", "mark"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
    def test_tables_only_grow(self, scheme: Scheme, table: str, statement: str) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(f"investors_citr{table}"))
