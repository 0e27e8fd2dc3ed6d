"""Can an application, its maker or a loan be changed past the services? As the app role, by SQL, on each column."""

from __future__ import annotations

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from loans.domain.application import MOVES, ApplicationStatus
from loans.models import Application, ApplicationStep, Loan
from loans.queries import asked_terms_sha256
from loans.services import approve, revise, submit
from tests.builders import make_user
from tests.ledger.raw_rows import refusal
from tests.loans.builders import APPROVED_ON, asked, make_application, make_drawn_loan, make_fund, make_loan

DENIED, NOT_SO, NOT_THOSE, DECIDED_ONCE = "42501", "CW101", "CW102", "23505"
CHANGES = {
    "amount": "amount = amount * 2",
    "annual_rate": "annual_rate = 0",
    "months": "months = months + 1",
    "first_due_on": "first_due_on = first_due_on + 1",
    "content": "content = content || '{{\"instalments\": 1}}'",
    "purpose": "purpose = 'a yacht'",
    "prepared_by_id": "prepared_by_id = {someone}",
    "prepared_at": "prepared_at = now()",
    "status": "status = 'approved'",
}

pytestmark = pytest.mark.django_db


def columns_of(model: type[Model]) -> list[str]:
    """Every column that a table has, an amount's currency included."""
    return sorted({str(field.column) for field in model._meta.concrete_fields})


def answer(statement: str, **names: int) -> str:
    """The SQLSTATE of the refusal, or 'done'."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(**{name: sql.Literal(pk) for name, pk in names.items()}))
    except DatabaseError as error:
        return refusal(error)[0]
    return "done"


def step_of(application: Application, move: str, by: int) -> str:
    """A step that leads to where the application stands, written past the services."""
    insert = (
        "INSERT INTO loans_applicationstep "
        "(application_id, move, status, effective_on, terms_sha256, reason, recorded_by_id, recorded_at) "
        "SELECT id, '" + move + "', status, applied_on, '', '', {by}, {at} FROM loans_application"
    )
    return answer(insert.replace("{at}", "'2999-01-01'"), by=by)


@pytest.mark.parametrize("field", columns_of(Application))
def test_a_submitted_application_stays_as_it_was_submitted(field: str) -> None:
    make_application(make_fund())
    to = CHANGES.get(field, f"{field} = {field}")
    expected = NOT_SO if field in CHANGES else DENIED
    assert answer(f"UPDATE loans_application SET {to}", someone=make_user().pk) == expected


@pytest.mark.parametrize("submitted", [False, True])
def test_another_maker_is_written_only_with_a_step_that_names_them(submitted: bool) -> None:
    fund, other = make_fund(), make_user()
    application = make_application(fund, submitted=submitted)
    to_other = "UPDATE loans_application SET prepared_by_id = {other}"
    assert answer(to_other, other=other.pk) == NOT_SO
    assert step_of(application, "revise", fund.priya.pk) == "done"
    assert answer(to_other, other=other.pk) == NOT_SO
    assert step_of(application, "revise", other.pk) == "done"
    assert answer(to_other, other=other.pk) == "done"
    assert ApplicationStep.objects.latest("pk").recorded_at.year < 2999


def test_a_decided_application_does_not_move_again() -> None:
    loan = make_loan(make_fund())
    application = loan.application
    for status in ApplicationStatus:
        assert answer(f"UPDATE loans_application SET status = '{status}'") == NOT_SO
    assert step_of(application, "revise", application.prepared_by_id) == DECIDED_ONCE
    assert answer("UPDATE loans_application SET amount = 1") == NOT_SO


def test_the_database_knows_the_moves_of_the_domain() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'loans_application_guard'")
        source = cursor.fetchone()[0]
    for (start, move), end in MOVES.items():
        assert f"('{start}', '{move}', '{end}')" in source
    assert source.count("', '") == 2 * len(MOVES)


def test_the_services_move_it() -> None:
    fund = make_fund()
    application = make_application(fund, submitted=False)
    revised = revise(application=application, asked=asked("20000.00"), on=APPROVED_ON, by=fund.tom)
    submitted = submit(application=revised, on=APPROVED_ON, by=fund.tom)
    loan = approve(
        application=submitted, shown_sha256=asked_terms_sha256(submitted), on=APPROVED_ON, by=fund.priya, reason=""
    )
    assert (loan.application.prepared_by, loan.application.amount.amount) == (fund.tom, 20000)


@pytest.mark.parametrize("field", columns_of(Loan))
def test_a_loan_stays_itself(field: str) -> None:
    make_drawn_loan(make_fund())
    expected = "done" if field in ("next_action_on", "accrued_through") else DENIED
    assert answer(f"UPDATE loans_loan SET {field} = {field}") == expected


@pytest.mark.parametrize("table", ["loans_application", "loans_loan"])
def test_nothing_of_it_is_removed(table: str) -> None:
    make_loan(make_fund())
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        assert answer(statement) == DENIED


@pytest.mark.parametrize(
    "to",
    [
        "principal = principal - 1",
        "annual_rate = 0",
        "months = 3",
        "content = content - 'instalments'",
        "approval_id = {other}",
    ],
)
def test_the_first_terms_of_a_loan_are_what_the_maker_prepared(to: str) -> None:
    fund = make_fund()
    first = make_loan(fund)
    second = make_loan(fund, asked("20000.00"), shop="8124")
    columns = "effective_on, principal, annual_rate, months, first_due_on"
    columns += ", day_count, calendar, content, terms_sha256, approval_id"
    changed, _, value = to.partition(" = ")
    chosen = ", ".join(value if column == changed else column for column in columns.split(", "))
    again = (
        f"INSERT INTO loans_loanterms (loan_id, version, principal_currency, {columns}) "
        f"SELECT loan_id, 1, principal_currency, {chosen} FROM loans_loanterms WHERE loan_id = {{loan}}"
    )
    assert answer(again, loan=first.pk, other=second.terms.get().approval_id) == NOT_THOSE
