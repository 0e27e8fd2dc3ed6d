"""References, states of mandates, and what was told in time, as tables."""

from datetime import date

import pytest

from loans.bank_holidays import calendar_days
from loans.domain.direct_debit.mandate import Change, Changed, MandateState, Scheme, hold_reference, mandate_state
from loans.domain.direct_debit.notice import DEFAULT_PERIODS, Told, hold_to_notice, noticed_for, to_tell
from loans.domain.errors import AboveNotice, MandateRefused

ENGLAND = calendar_days("GB-ENG")
TEN_WORKING_DAYS, FOURTEEN_DAYS = DEFAULT_PERIODS[Scheme.BACS], DEFAULT_PERIODS[Scheme.SEPA]
MAY = date(2026, 5, 5)


@pytest.mark.parametrize(
    ("scheme", "reference", "wrong"),
    [
        (Scheme.BACS, "L-0108-DD01", ""),
        (Scheme.BACS, "A&B/C.1-2 34", ""),
        (Scheme.BACS, "L-010", "5 signs"),
        (Scheme.BACS, "L-0108-DD01-0000001", "19 signs"),
        (Scheme.BACS, "L-0-1-0-8", "six of its signs"),
        (Scheme.BACS, "000000", "not all the same"),
        (Scheme.BACS, "DDIC0108", "banks' own"),
        (Scheme.BACS, "l-0108-dd01", "made of capitals"),
        (Scheme.BACS, "-L0108DD01", "begins with a letter"),
        (Scheme.SEPA, "l-0108-dd01", ""),
        (Scheme.SEPA, "x" * 36, "36 signs"),
        (Scheme.SEPA, "/0108", "solidus"),
        (Scheme.SEPA, "Büro", "plain letters"),
    ],
)
def test_references(scheme, reference, wrong):
    if not wrong:
        hold_reference(scheme, reference)
        return
    with pytest.raises(MandateRefused, match=wrong):
        hold_reference(scheme, reference)


LODGED, CANCELLED = Changed(Change.LODGED, date(2026, 4, 1)), Changed(Change.CANCELLED, date(2026, 6, 1))
BACK = Changed(Change.REINSTATED, date(2026, 6, 10))


@pytest.mark.parametrize(
    ("scheme", "changes", "on", "asked", "state"),
    [
        (Scheme.BACS, [], date(2026, 4, 30), None, MandateState.SIGNED),
        (Scheme.BACS, [LODGED], date(2026, 4, 9), None, MandateState.LODGED),  # Good Friday, Easter Monday
        (Scheme.BACS, [LODGED], date(2026, 4, 10), None, MandateState.LIVE),
        (Scheme.BACS, [LODGED, CANCELLED], date(2026, 5, 31), None, MandateState.LIVE),
        (Scheme.BACS, [LODGED, CANCELLED], date(2026, 6, 1), None, MandateState.CANCELLED),
        (Scheme.BACS, [LODGED, CANCELLED, BACK], date(2026, 6, 10), None, MandateState.LIVE),
        (Scheme.BACS, [LODGED], date(2028, 4, 1), None, MandateState.LAPSED),
        (Scheme.BACS, [LODGED], date(2028, 4, 1), date(2027, 1, 4), MandateState.LIVE),
        (Scheme.SEPA, [], date(2026, 4, 1), None, MandateState.LIVE),
        (Scheme.SEPA, [], date(2029, 4, 1), None, MandateState.LAPSED),
    ],
)
def test_states(scheme, changes, on, asked, state):
    signed_on = date(2026, 4, 1)
    assert mandate_state(scheme, signed_on, changes, on, last_asked_on=asked, holidays=ENGLAND) is state


def test_notice_counts_working_days_for_bacs_and_days_for_sepa():
    assert TEN_WORKING_DAYS.first_day(date(2026, 4, 20), ENGLAND) == date(2026, 5, 5)  # 4 May is a holiday
    assert FOURTEEN_DAYS.first_day(date(2026, 4, 20), ENGLAND) == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("told", "allowed"),
    [
        ([], None),
        ([Told(MAY, 500, date(2026, 4, 21))], None),
        ([Told(MAY, 500, date(2026, 4, 20))], 500),
        ([Told(MAY, 500, date(2026, 4, 1)), Told(MAY, 600, date(2026, 4, 20))], 600),
        ([Told(MAY, 500, date(2026, 4, 1)), Told(MAY, 600, date(2026, 4, 21))], 500),
        ([Told(MAY, 500, date(2026, 4, 1)), Told(MAY, 400, date(2026, 5, 1))], 400),
        ([Told(date(2026, 6, 5), 500, date(2026, 4, 1))], None),
    ],
)
def test_the_last_notice_in_time_counts_and_a_late_one_only_lowers(told, allowed):
    assert noticed_for(told, MAY, TEN_WORKING_DAYS, ENGLAND) == allowed


def test_a_schedule_is_told_once_and_again_only_where_an_amount_changes():
    june, july = date(2026, 6, 5), date(2026, 7, 6)
    planned = {MAY: 500, june: 500, july: 500}
    told = [Told(june, 500, date(2026, 4, 20)), Told(july, 510, date(2026, 4, 20))]
    assert to_tell(planned, told, date(2026, 4, 21), TEN_WORKING_DAYS, ENGLAND) == {july: 500}  # May is too near
    assert to_tell(planned, [], date(2026, 4, 20), TEN_WORKING_DAYS, ENGLAND) == planned


@pytest.mark.parametrize(("asked", "allowed"), [(501, 500), (1, None)])
def test_no_collection_above_the_notice(asked, allowed):
    hold_to_notice("L-0108", 500, 500, MAY, ("5.00", "5.00"))
    with pytest.raises(AboveNotice, match="told"):
        hold_to_notice("L-0108", asked, allowed, MAY, ("5.01", "5.00"))
