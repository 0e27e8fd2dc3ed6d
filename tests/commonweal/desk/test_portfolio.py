"""Do the portfolio, the arrears and saved lists say as at any date what the engine says of each loan?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from commonweal.access.models import StaffMembership, StaffRole
from commonweal.demo.story import AMINA, TOM
from investors.domain.contacts import ContactRole
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from investors.services import Particulars, keep_contact, register_investor
from investors.services.participations import open_cash_account
from ledger.services import move_business_date
from loans.domain.provision import Stage
from loans.queries import position_of
from loans.services import bring_up_to_date, provide, set_provision_rule
from tests.builders import make_book
from tests.demo import Demo
from tests.pages import csv_rows, look, send

LOANS = "/desk/harbour-hills/loans/"


def let_nobody_pay(demo: Demo, today: date) -> None:
    """The days pass, and what falls due is posted."""
    move_business_date(book=demo.book, to=today)
    bring_up_to_date(loan=demo.loan, on=today, by=demo.user(TOM))


def test_the_portfolio_as_at_a_date_is_what_the_engine_says(demo: Demo) -> None:
    let_nobody_pay(demo, date(2027, 1, 5))
    for as_of in ("2025-05-01", "2026-03-31", "2026-12-15", "2027-01-05"):
        stood = position_of(demo.loan, date.fromisoformat(as_of))
        page = look(demo.client(TOM), f"{LOANS}portfolio/", as_of=as_of)
        assert page.figures()["Principal outstanding"] == f"£{stood.principal_outstanding.amount:,}"
        assert page.figures()["Over 30 days late (PAR 30)"] == ("100.0%" if as_of == "2027-01-05" else "0.0%")
        ladder = page.table("Maturity ladder")
        overdue = sum(
            row.instalment.principal.amount - row.principal_paid.amount for row in stood.instalments if row.days_late
        )
        assert ladder[1][1] == f"{overdue:,.2f}"
        assert ladder[-1] == ["Principal outstanding", f"{stood.principal_outstanding.amount:,}", "100.0%"]


def test_the_portfolio_says_what_is_provided_for_by_stage(demo: Demo) -> None:
    let_nobody_pay(demo, date(2027, 1, 5))
    rule = {
        stage: Decimal(share) for stage, share in zip(Stage, ("0.01", "0.05", "0.2", "0.35", "0.5", "1"), strict=True)
    }
    tom, book = demo.user(TOM), demo.book
    set_provision_rule(book=book, percentages=rule, on=book.opened_on, reason="The board's policy", by=tom)
    provide(book=book, on=date(2027, 1, 5), by=tom, key="january")
    page = look(demo.client(TOM), f"{LOANS}portfolio/")
    assert page.rows("Provisions by stage")[2] == "31–60 days late | 1 | 25,576.12 | 5,115.22 | 20,460.90 | 20.0%"
    assert page.rows("Provisions by stage")[-1] == "Total | 1 | 25,576.12 | 5,115.22 | 20,460.90 | 20.0%"
    before = look(demo.client(TOM), f"{LOANS}portfolio/", as_of="2027-01-04").rows("Provisions by stage")
    assert before[-1] == "Total | 1 | 25,576.12 | 0.00 | 25,576.12 | 0.0%"
    rows = csv_rows(demo.client(TOM), f"{LOANS}portfolio/")
    assert ["Provided for", "31–60 days late", "1", "5115.22"] in [row[:4] for row in rows]


def test_arrears_are_a_list_with_its_ages(demo: Demo) -> None:
    let_nobody_pay(demo, date(2027, 1, 5))
    page = look(demo.client(TOM), f"{LOANS}arrears/")
    assert page.rows("Loans") == [
        "L-0108 | Netherby Corner Shop Society | Netherby | 31–60 days late | "
        "1 Feb 2027 | 676.65 | 1,353.30 | 25,576.12 | 6.00%",
        "Total |  |  | 1,353.30 | 25,576.12 | ",
    ]
    assert (
        "Principal of loans with anything late on 5 January 2027: £25,576.12, £25,576.12 on 31 December 2026"
        in page.text
    )
    assert len(csv_rows(demo.client(TOM), f"{LOANS}arrears/", as_of="2026-11-30")) == 1


def test_a_list_is_saved_for_oneself_and_forgotten(demo: Demo) -> None:
    client = demo.client(TOM)
    page = send(
        client, "/desk/harbour-hills/filters/", page="loans", name=" Shops ", query="words=net&as_of=2026-01-01&x=1"
    )
    assert page.notices() == ["The list is saved as Shops."]
    assert page.link("Shops") == f"{LOANS}?words=net"
    assert "Shops" not in look(demo.client(AMINA), LOANS).text
    page = send(client, "/desk/harbour-hills/filters/", page="loans", name="", query="words=net")
    assert page.notices() == ["Give the list a name of up to 60 letters. Nothing was saved."]
    page = send(client, "/desk/harbour-hills/filters/forget/", page="loans", name="Shops")
    assert "Shops" not in page.links()


def test_one_box_finds_what_one_may_see(demo: Demo) -> None:
    client, path = demo.client(TOM), "/desk/harbour-hills/search/"
    page = look(client, path, q="netherby")
    assert page.link("L-0108 Netherby Corner Shop Society") == f"{LOANS}{demo.loan.pk}/"
    assert page.link("Netherby Corner Shop Society") == f"{LOANS}?words=Netherby+Corner+Shop+Society"
    page = look(client, path, q="£20,000.00")
    assert "A-0132 Millrace Makers Co-operative" in page.text
    assert "Repayment of £676.65" in look(client, path, q="676.65").text
    assert look(client, path, q="Tideway").link("Tideway Social Trust").startswith("/desk/harbour-hills/investors/")
    trust = Investor.objects.get(name="Tideway Social Trust")
    ann = Particulars("Ann Oakshott", ContactRole.FINANCE, "ann@tideway.example")
    keep_contact(investor=trust, said=ann, by=demo.user(TOM))
    contacts = f"/desk/harbour-hills/investors/{trust.pk}/contacts/"
    assert look(client, path, q="oakshott").link("Ann Oakshott") == contacts
    assert look(client, path, q="jo armstrong").link("Jo Armstrong").startswith("/desk/harbour-hills/messages/")
    assert "is called “no such thing”" in look(client, path, q="no such thing").text


def test_an_investor_of_another_book_is_found_in_its_own(demo: Demo) -> None:
    """Its page is there alone: what was found here led to no page."""
    other, client = make_book(code="vale"), demo.client(TOM)
    StaffMembership.objects.create(user=demo.user(TOM), book=other, role=StaffRole.MANAGER)
    elm = register_investor(code="ELM", name="Elm Trust", kind=InvestorKind.FOUNDATION)
    here = look(client, "/desk/harbour-hills/search/", q="elm trust").link("Elm Trust")
    assert look(client, here).title.startswith("Elm Trust"), "it deals with nobody yet, so any book shows it"
    open_cash_account(other, elm)
    assert "is called “elm trust”" in look(client, "/desk/harbour-hills/search/", q="elm trust").text
    assert look(client, "/desk/vale/search/", q="elm trust").link("Elm Trust") == f"/desk/vale/investors/{elm.pk}/"


def test_keys_can_be_switched_off(demo: Demo) -> None:
    client = demo.client(TOM)
    assert 'data-key="/"' in look(client, LOANS).source
    send(client, "/desk/harbour-hills/shortcuts/", shortcuts="off")
    assert "data-key" not in look(client, LOANS).source
