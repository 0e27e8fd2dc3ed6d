"""From a signed mandate to money in the bank and back again: one shop's Direct Debit told in order."""

import hashlib
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from ledger.domain.bank_details import BankDetails
from ledger.queries import unmatched_bank_lines
from loans.debit_advices import read_advices
from loans.debits import mandates, standing, to_collect, upcoming
from loans.domain.direct_debit.mandate import MandateState, Scheme
from loans.domain.errors import (
    AboveNotice,
    DebitAdviceRefused,
    DebitReturnRefused,
    DebitRunRefused,
    MandateRefused,
    MandateWithdrawn,
)
from loans.models import DebitDecision, DebitOutcome, DebitRun, EventKind, LoanEvent, MandateChange
from loans.queries import position_of
from loans.services import (
    CameBack,
    Collect,
    approve_run,
    challenge_claim,
    change_mandate,
    follow_advices,
    give_notice,
    instructions_to_send,
    make_instructions,
    make_run,
    match_debit_returns,
    match_debit_runs,
    notify,
    take_collection_back,
)
from tests.builders import pounds
from tests.loans.builders import bank_line, make_fund, pay
from tests.loans.direct_debit.collected import (
    COLLECT_ON,
    TODAY,
    collects,
    go_to,
    live,
    made,
    make_past_line,
    noticed,
    ready,
    sent,
    signed,
)

pytestmark = pytest.mark.django_db

ARUDD = """<?xml version="1.0" encoding="UTF-8"?>
<BACSDocument><Data><ARUDD>
  <Header reportType="REFT1019" adviceNumber="001" currentProcessingDate="{on}"/>
  <AddresseeInformation name="HARBOUR HILLS"/>
  <ServiceLicenseInformation userName="HARBOUR HILLS" userNumber="{user}"/>
  <Advice><OriginatingAccountRecords><OriginatingAccountRecord>
    <OriginatingAccount name="HARBOUR" number="55555555" sortCode="20-20-15" type="0" bankName="A" branchName="B"/>
    <ReturnedDebitItem ref="{ref}" transCode="01" returnCode="{code}" returnDescription="X"
      originalProcessingDate="2027-01-04" valueOf="955.55" currency="GBP">
      <PayerAccount number="12345678" ref="{ref}" name="NETHERBY SHOP" sortCode="20-45-12" bankName="A"/>
    </ReturnedDebitItem>
  </OriginatingAccountRecord></OriginatingAccountRecords></Advice>
</ARUDD></Data></BACSDocument>"""


def state_of(mandate):
    fresh = mandates(mandate.book).get(pk=mandate.pk)
    return standing(fresh, fresh.book.business_date).state


def test_instructions_are_lodged_by_two_people_and_live_after_five_working_days():
    fund = make_fund()
    collects(fund)
    mandate = signed(fund)
    run = make_instructions(book=fund.book, by=fund.priya)
    assert "0N" in run.file
    assert instructions_to_send(fund.book, TODAY) == []
    approve_run(run=run, shown_sha256=run.sha256, by=fund.tom)
    assert state_of(mandate) is MandateState.LODGED
    go_to(fund, date(2026, 11, 30))
    assert state_of(mandate) is MandateState.LIVE
    change_mandate(
        mandate=mandate, change=MandateChange.Change.CANCELLED, who="payer", on=fund.book.business_date, by=fund.priya
    )
    assert "0C" in make_instructions(book=fund.book, by=fund.priya).file


def test_one_notice_tells_the_plan_and_nothing_is_told_twice():
    fund = make_fund()
    collects(fund)
    mandate = noticed(fund)
    days = list(mandate.notices.values_list("collect_on", "amount"))
    assert days[:2] == [(COLLECT_ON, 95555), (date(2027, 2, 1), 95555)]
    assert len(days) == 12, "the payment of 1 December is too near"
    assert notify(mandate, TODAY) == []


def test_a_run_takes_what_was_told_is_made_by_one_and_sent_by_another_as_exactly_that_file():
    fund = make_fund()
    mandate = ready(fund)
    (could,) = to_collect(fund.book, Scheme.BACS, COLLECT_ON, fund.book.business_date)
    assert (could.owed, could.amount, could.why_not) == (191110, 95555, "told of £955.55 only")
    run = made(fund)
    assert "NETHERBY SHOP" in run.file
    assert (run.total, run.reference, run.lines.get().code) == (95555, "DD-0001", "01")
    assert hashlib.sha256(run.file.encode()).hexdigest() == run.sha256
    assert to_collect(fund.book, Scheme.BACS, COLLECT_ON, fund.book.business_date)[0].owed == 95555, "not asked twice"
    with pytest.raises(DebitRunRefused, match="somebody else"):
        approve_run(run=run, shown_sha256=run.sha256, by=fund.priya)
    with pytest.raises(DebitRunRefused, match="not what was shown"):
        approve_run(run=run, shown_sha256="0" * 64, by=fund.tom)
    approve_run(run=run, shown_sha256=run.sha256, by=fund.tom)
    with pytest.raises(DebitRunRefused, match="decided"):
        approve_run(run=run, shown_sha256=run.sha256, by=fund.tom)
    assert mandate.lines.count() == 1


@pytest.mark.parametrize(
    ("collect_on", "amount", "refusal", "says"),
    [
        (COLLECT_ON, "955.56", AboveNotice, "more than the £955.55"),
        (date(2027, 1, 5), "955.55", AboveNotice, "not told in time"),
        (date(2027, 1, 1), "955.55", DebitRunRefused, "banks are closed"),
        (date(2026, 12, 31), "955.55", DebitRunRefused, "the bank needs the days"),
        (COLLECT_ON, "0.00", DebitRunRefused, "positive amount"),
    ],
)
def test_what_is_not_collected(collect_on, amount, refusal, says):
    fund = make_fund()
    asked = [Collect(ready(fund), pounds(amount))]
    with pytest.raises(refusal, match=says):
        make_run(book=fund.book, scheme=Scheme.BACS, collect_on=collect_on, asked=asked, by=fund.priya)
    assert not DebitRun.objects.exists()


def test_nothing_is_collected_under_a_mandate_that_was_withdrawn_not_even_with_a_run_that_waits():
    fund = make_fund()
    mandate = ready(fund)
    run, on = made(fund), fund.book.business_date
    change_mandate(mandate=mandate, change=MandateChange.Change.CANCELLED, who="payer", on=on, by=fund.priya)
    with pytest.raises(MandateWithdrawn, match="cancelled on 30 December 2026"):
        approve_run(run=run, shown_sha256=run.sha256, by=fund.tom)
    with pytest.raises(MandateWithdrawn):
        make_run(
            book=fund.book,
            scheme=Scheme.BACS,
            collect_on=COLLECT_ON,
            asked=[Collect(mandate, pounds("1.00"))],
            by=fund.tom,
        )


@pytest.mark.parametrize(
    ("on", "amount", "says"),
    [
        (date(2026, 12, 26), "50.00", "The banks are closed on 26 December 2026. Choose 29 December 2026"),
        (COLLECT_ON, "5000000.00", "is £4,"),
        (COLLECT_ON, "0.00", "cannot be collected by this scheme"),
    ],
    ids=["a day on which banks are closed", "more than is owed", "nothing"],
)
def test_a_payer_is_told_of_no_collection_that_cannot_be(on, amount, says):
    fund = make_fund()
    collects(fund)
    mandate = noticed(fund)
    with pytest.raises(AboveNotice, match=says):
        give_notice(mandate=mandate, collect_on=on, amount=pounds(amount), on=TODAY, by=fund.priya)


def test_what_was_told_besides_the_plan_is_to_come_as_long_as_it_is_owed():
    fund = make_fund()
    collects(fund)
    mandate = live(fund)
    on, late = date(2026, 12, 8), pounds("70.00")
    give_notice(mandate=mandate, collect_on=on, amount=late, on=TODAY, by=fund.priya)
    stands = standing(mandates(fund.book).get(), TODAY)
    assert (on, late) in upcoming(stands, position_of(mandate.loan, TODAY))
    pay(mandate.loan, "12000.00", TODAY.isoformat(), by=fund.priya)
    assert upcoming(stands, position_of(mandate.loan, TODAY)) == []


def moved(mandate, fund):
    given = {"change": MandateChange.Change.AMENDED, "who": "payer", "on": TODAY, "by": fund.priya}
    change_mandate(mandate=mandate, details=BankDetails("Netherby Shop", "400515", "87654321"), **given)


def told_of_less(mandate, fund):
    give_notice(mandate=mandate, collect_on=COLLECT_ON, amount=pounds("500.00"), on=TODAY, by=fund.priya)


def paid_otherwise(mandate, fund):
    pay(mandate.loan, "1500.00", TODAY.isoformat(), by=fund.priya)


@pytest.mark.parametrize(
    ("meanwhile", "refusal", "says"),
    [
        (moved, DebitRunRefused, "not what its mandates say any more"),
        (told_of_less, AboveNotice, "more than the £500.00"),
        (paid_otherwise, DebitRunRefused, "owes £411.10 by"),
    ],
)
def test_what_happened_since_a_run_was_made_stands_in_its_way(meanwhile, refusal, says):
    fund = make_fund()
    collects(fund)
    mandate = noticed(fund)
    run = made(fund)
    meanwhile(mandate, fund)
    with pytest.raises(refusal, match=says):
        approve_run(run=run, shown_sha256=run.sha256, by=fund.tom)
    assert not DebitDecision.objects.exists()


def test_a_loan_has_one_mandate_at_a_time():
    fund = make_fund()
    mandate = live(fund)
    with pytest.raises(MandateRefused, match="has a mandate already"):
        signed(fund, mandate.loan)


def test_the_database_lets_nobody_approve_alone_nor_book_what_was_not_approved():
    fund = make_fund()
    ready(fund)
    run = made(fund)
    given = {"run": run, "decided_by": fund.priya, "decided_on": run.made_on}
    with pytest.raises(DatabaseError, match="second person"), transaction.atomic():
        DebitDecision.objects.create(decision="declined", **given)
    with pytest.raises(DatabaseError, match="was not approved"), transaction.atomic():
        DebitOutcome.objects.create(line=run.lines.get(), kind="paid", on=run.made_on, recorded_by=fund.tom)


def collected(fund):
    """The bank's line, after it was matched to the run."""
    run = sent(fund)
    go_to(fund, date(2027, 1, 11))
    line = bank_line(fund, "955.55", "BACS DD-0001", "2027-01-04")
    (matched,) = match_debit_runs(book=fund.book, by=fund.tom)
    assert (matched.run, matched.line, matched.left) == (run, line, ())
    return run, matched.repaid[0]


def test_the_banks_one_credit_repays_each_loan_on_the_day_of_the_collection():
    fund = make_fund()
    mandate = ready(fund)
    _, paid = collected(fund)
    assert (paid.event.effective_on, paid.event.amount) == (COLLECT_ON, 95555)
    assert not unmatched_bank_lines(fund.book).exists()
    assert match_debit_runs(book=fund.book, by=fund.tom) == []
    assert position_of(mandate.loan, COLLECT_ON).received == pounds("955.55")


@pytest.mark.parametrize(
    ("amount", "on", "reference"),
    [("955.54", "2027-01-04", "DD-0001"), ("955.55", "2027-01-02", "DD-0001"), ("955.55", "2027-01-12", "")],
)
def test_a_line_of_another_amount_or_time_is_left_for_a_person(amount, on, reference):
    fund = make_fund()
    ready(fund)
    sent(fund)
    go_to(fund, date(2027, 1, 15))
    bank_line(fund, amount, reference, on)
    assert match_debit_runs(book=fund.book, by=fund.tom) == []


@pytest.mark.parametrize(
    ("code", "words", "state"),
    [
        ("0128", "Refer to payer", MandateState.LIVE),
        ("1012", "Instruction cancelled", MandateState.CANCELLED),
        ("B", "Account closed", MandateState.CANCELLED),
    ],
)
def test_what_is_returned_is_taken_back_once_and_the_mandate_follows(code, words, state):
    fund = make_fund()
    mandate = ready(fund)
    run, paid = collected(fund)
    file = read_advices(ARUDD.format(on="2027-01-06", user="123456", ref=mandate.reference, code=code).encode())
    (back,) = follow_advices(book=fund.book, file=file, by=fund.tom).back
    assert follow_advices(book=fund.book, file=file, by=fund.tom).back == (back,)
    assert (back.kind, back.words, back.on, back.event.reverses) == ("returned", words, date(2027, 1, 6), paid.event)
    assert state_of(mandate) is state
    assert position_of(mandate.loan, date(2027, 1, 6)).received == pounds("0.00")
    assert LoanEvent.objects.filter(loan=mandate.loan, kind=EventKind.REVERSED).count() == 1
    assert run.lines.get().outcomes.count() == 2


def test_a_report_of_what_the_statement_told_already_takes_no_other_collection_back():
    fund = make_fund()
    mandate = ready(fund)
    go_to(fund, date(2027, 1, 11))
    december, january = (
        make_past_line(mandate, on, fund.priya, fund.tom) for on in (date(2026, 12, 1), date(2027, 1, 4))
    )
    told = take_collection_back(line=january, back=CameBack(DebitOutcome.Kind.RETURNED, date(2027, 1, 7)), by=fund.tom)
    report = ARUDD.format(on="2027-01-06", user="123456", ref=mandate.reference, code="1012")
    file = read_advices(report.replace("955.55", "100.00").encode())
    for _ in range(2):
        assert follow_advices(book=fund.book, file=file, by=fund.tom).back == (told,)
    assert not december.outcomes.exists()
    assert state_of(mandate) is MandateState.CANCELLED, "the statement gave no reason, the report does"


def test_a_report_of_collections_says_of_which_day_it_is():
    report = ARUDD.format(on="", user="123456", ref="L-0108-DD01", code="0")
    with pytest.raises(DebitAdviceRefused, match="does not say of which day"):
        read_advices(report.encode())


def test_what_was_returned_for_want_of_money_is_presented_again_once():
    fund = make_fund()
    mandate = ready(fund)
    run, _ = collected(fund)
    line = run.lines.get()
    back = CameBack(DebitOutcome.Kind.RETURNED, date(2027, 1, 6), "0")
    take_collection_back(line=line, back=back, by=fund.tom)
    again = {"book": fund.book, "scheme": Scheme.BACS, "collect_on": date(2027, 1, 18), "by": fund.priya}
    asked = [Collect(mandate, pounds("955.55"), again=line)]
    once_more = make_run(asked=asked, **again)
    assert once_more.lines.get().code == "18"
    with pytest.raises(DebitRunRefused, match="presented again already"):
        make_run(asked=asked, **again)


@pytest.mark.parametrize("is_reported", [True, False])
def test_the_banks_line_of_a_return_is_set_against_the_credit(is_reported):
    fund = make_fund()
    mandate = ready(fund)
    run, paid = collected(fund)
    if is_reported:
        back = CameBack(DebitOutcome.Kind.RETURNED, date(2027, 1, 6), "0")
        take_collection_back(line=run.lines.get(), back=back, by=fund.tom)
    bank_line(fund, "-955.55", f"RETURNED DD {mandate.reference}", "2027-01-07")
    (back,) = match_debit_returns(book=fund.book, by=fund.tom)
    assert back.event.reverses == paid.event
    assert back.words == ("Refer to payer" if is_reported else "The bank gave no reason")
    assert not unmatched_bank_lines(fund.book).exists()
    assert match_debit_returns(book=fund.book, by=fund.tom) == []


def test_a_claim_months_later_is_a_return_with_its_reason():
    fund = make_fund()
    mandate = ready(fund)
    run, _ = collected(fund)
    go_to(fund, date(2027, 6, 14))
    back = CameBack(DebitOutcome.Kind.CLAIMED, date(2027, 6, 10), "5")
    claimed = take_collection_back(line=run.lines.get(), back=back, by=fund.tom)
    assert claimed.words.startswith("No instruction held")
    assert state_of(mandate) is MandateState.CANCELLED
    challenge_claim(outcome=claimed, words="Signed on 23 November", on=date(2027, 6, 14), by=fund.tom)
    with pytest.raises(DebitReturnRefused, match="once"):
        challenge_claim(outcome=claimed, words="Again", on=date(2027, 6, 14), by=fund.tom)


def test_a_file_of_another_service_user_is_refused_whole():
    fund = make_fund()
    mandate = ready(fund)
    file = read_advices(ARUDD.format(on="2026-12-30", user="654321", ref=mandate.reference, code="0").encode())
    with pytest.raises(DebitAdviceRefused, match="654321"):
        follow_advices(book=fund.book, file=file, by=fund.tom)
    with pytest.raises(DebitAdviceRefused, match="none of ARUDD"):
        read_advices(b"<Document/>")


ADDACS = """<BACSDocument><Data><MessagingAdvices><MessagingHeader user-number="123456"/>
<MessagingAdvice user-number="123456" record-type="A" effective-date="2026-12-29" reference="{ref}"
  reason-code="{code}" payer-new-sort-code="{sort}" payer-new-account-number="{account}"/>
</MessagingAdvices></Data></BACSDocument>"""


def test_an_account_that_moved_is_collected_from_where_it_is_now():
    fund = make_fund()
    mandate = ready(fund)
    moved = {"ref": mandate.reference, "code": "C", "sort": "40-05-15", "account": "87654321"}
    file = read_advices(ADDACS.format(**moved).encode())
    assert len(follow_advices(book=fund.book, file=file, by=fund.tom).changed) == 1
    assert follow_advices(book=fund.book, file=file, by=fund.tom).changed == ()
    assert "40051587654321001" in made(fund).file
    unknown = read_advices(ADDACS.format(**(moved | {"ref": "L-9999-DD01"})).encode())
    assert "L-9999-DD01 (no such mandate)" in follow_advices(book=fund.book, file=unknown, by=fund.tom).words
