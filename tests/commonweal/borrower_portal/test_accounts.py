"""Does a business give its figures in a few questions, check them, and put right what was wrong?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from borrowers.domain.accounts import Line
from borrowers.queries import current_accounts
from commonweal.demo.story import JO, SAM, TOM
from loans.domain.covenants import CovenantKind
from tests.borrowers.builders import accounts, figures
from tests.demo import Demo
from tests.loans.covenanted import make_covenant
from tests.pages import look, send

HOME = "/borrower/accounts/"
QUARTER = {"start": "2026-07-01", "last_day": "2026-09-30", "kind": "management"}


def asks(demo: Demo) -> str:
    return f"{HOME}{demo.loan.organisation_id}/"


def test_the_covenant_s_figures_are_asked_first_with_last_time_s_beside_them(demo: Demo) -> None:
    make_covenant(demo.loan, by=demo.user(TOM))
    accounts(demo.loan.organisation, "2026-06", figures=figures(cash="5100.00"), by=demo.user(JO))
    page = look(demo.client(JO), asks(demo))
    assert (page.value("start"), page.value("last_day")) == ("2026-07-01", "2026-09-30")
    assert "Last time: £5,100.00 (April to June 2026)." in page.text
    order = [page.source.index(f'name="{name}"') for name in ("kind", "cash", "income")]
    assert order == sorted(order), "cash is needed; income is folded away below"


def test_nothing_is_kept_until_the_answers_are_checked(demo: Demo) -> None:
    make_covenant(demo.loan, by=demo.user(TOM))
    jo, given = demo.client(JO), {**QUARTER, "cash": "£5,200", "net_assets": "-500"}
    check = send(jo, asks(demo), **given)
    assert check.title.startswith("Check your answers")
    assert check.facts("Your answers")["Cash"] == "£5,200.00"
    assert check.facts("Your answers")["Net assets"] == "−£500.00"
    assert not current_accounts(demo.loan.organisation).exists()
    changes = send(jo, asks(demo), **given, change="1")
    assert (changes.value("cash"), changes.problems()) == ("£5,200", [])
    done = send(jo, asks(demo), **given, confirm="1")
    assert done.notices() == ["Thank you. We have your figures for July to September 2026."]
    assert "Close to the limit" in done.text
    kept = current_accounts(demo.loan.organisation).get()
    assert (kept.figures[Line.CASH], kept.recorded_by) == (Decimal("5200.00"), demo.user(JO))


def test_what_cannot_be_right_is_said_beside_its_field(demo: Demo) -> None:
    jo = demo.client(JO)

    def problems(**given: Any) -> list[str]:
        return send(jo, asks(demo), **{**QUARTER, **given}).problems()

    assert problems()[0].startswith("No figure is given.")
    assert problems(cash="nine") == ["Enter cash as pounds and pence, like 12,500.00"]
    assert problems(cash="-5.00") == ["Enter cash as pounds and pence, like 12,500.00"]
    assert problems(cash="2.00", current_assets="1.00")[0].startswith("Cash of 2.00 is a part of current assets")
    assert problems(cash="2.00", last_day="2026-12-31")[0].startswith("The time to 31 December 2026 is not over")
    assert problems(cash="2.00", last_day="2026-06-30")[0].startswith("Accounts from 1 July 2026 cannot end")


def test_a_slip_is_put_right_with_a_reason_and_what_was_said_stays(demo: Demo) -> None:
    first = accounts(demo.loan.organisation, figures=figures(cash="52000.00"), by=demo.user(JO))
    path = f"{asks(demo)}?replaces={first.pk}"
    jo = demo.client(JO)
    assert send(jo, path, cash="5200.00").problems() == ["Answer “What was wrong before?”"]
    send(jo, path, cash="5200.00", reason="A nought too many", confirm="1")
    kept = current_accounts(demo.loan.organisation).get()
    assert (kept.replaces, kept.reason, kept.period_end) == (first, "A nought too many", date(2026, 10, 1))


def test_another_business_s_figures_are_not_there(demo: Demo) -> None:
    given = accounts(demo.loan.organisation, by=demo.user(JO))
    make_covenant(demo.loan, by=demo.user(TOM), kind=CovenantKind.MINIMUM_INCOME, threshold=Decimal(9))
    sam = demo.client(SAM)
    assert sam.get(asks(demo)).status_code == 404
    page = look(sam, HOME)
    assert "31,200" not in page.text
    assert "Minimum income" not in page.text
    theirs = sam.get(page.link("Give your latest figures"), {"replaces": str(given.pk)})
    assert b"31,200" not in theirs.content
