"""More of everything in the demo fund: three rows where the story has one, for lists whose cost must not grow."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from borrowers.queries import indicator_by_code
from commonweal.demo.story import AMINA, PRIYA, TOM
from commonweal.jobs.close import close_month
from commonweal.jobs.lending import lend, share
from commonweal.jobs.services import enqueue
from investors.domain.kinds import InvestorKind
from investors.domain.participation import Participation
from investors.services import receive_contribution, register_investor
from investors.services.value import approve_proxy, decline_proxy, propose_proxy
from ledger import queries as ledger
from ledger.models import BankStatementLine
from ledger.services import import_bank_file
from loans import queries, services
from loans.models import EventKind, Loan
from loans.services import Asked, Promise
from tests.borrowers.builders import people_in_work
from tests.builders import bank_file, make_draft, pounds
from tests.commonweal.api.story import make_document
from tests.commonweal.open_data.deals import any_release
from tests.demo import Demo
from tests.investors.valued import terms
from tests.loans.neighbours import make_neighbourhood
from tests.published import prepare_file

PARTS = (
    Participation("NRB", 1, pounds("6000.00")),
    Participation("TST", 2, pounds("3000.00")),
    Participation("LOT", 3, pounds("1000.00")),
)


def lend_more(demo: Demo, number: int) -> Loan:
    """Another loan to the corner shop, shared by the same lenders, drawn, and with a promise of its own."""
    priya, tom, on = demo.user(PRIYA), demo.user(TOM), demo.book.business_date
    asked = Asked(pounds("10000.00"), Decimal("0.06"), 24, date(2027, 1, 11))
    product, shop = demo.loan.product, demo.loan.organisation
    made = services.apply(product=product, organisation=shop, asked=asked, purpose="Shelves", on=on, by=priya)
    made = services.submit(application=made, on=on, by=priya)
    shown = queries.asked_terms_sha256(made)
    loan = services.approve(application=made, shown_sha256=shown, on=on, by=tom)
    share(loan=loan, effective_on=on, participations=PARTS, by=tom)
    lend(
        loan=loan,
        amount=pounds("10000.00"),
        on=on,
        by=demo.user(AMINA),
        key=f"more:{number}",
        shortfall_reason="Their money comes tomorrow",
    )
    indicator = indicator_by_code(f"more-{number}") or people_in_work(code=f"more-{number}", name=f"More {number}")
    promise = Promise(Decimal(1), date(2026, 11, 23), Decimal(2), date(2028, 11, 23))
    services.promise_impact(loan=loan, indicator=indicator, promise=promise, by=tom)
    return loan


def offer_more(demo: Demo, number: int) -> None:
    """Another product, an index of base rates with a rate, and a limit."""
    tom, book = demo.user(TOM), demo.book
    services.offer_product(
        book=book,
        code=f"more-{number}",
        name=f"More {number}",
        amounts=(pounds("100.00"), pounds("500.00")),
        months=(1, 12),
        annual_rate=Decimal("0.05"),
        payment_prefix=f"M{number}",
    )
    index = services.add_index(book=book, code=f"more-{number}", name=f"More {number}")
    on, limit = book.business_date, pounds(f"{500 - number}.00")
    services.record_base_rate(index=index, effective_on=on, annual_rate=Decimal("0.04"), by=tom)
    services.set_authority(book=book, kind=EventKind.WRITTEN_OFF, limit=limit, on=on, by=tom)


def pay_in(demo: Demo, number: int) -> None:
    """Another investor, whose money has come in, and a line that nobody knows."""
    amina = demo.user(AMINA)
    investor = register_investor(code=f"M{number}", name=f"More {number}", kind=InvestorKind.SOCIAL_INVESTOR)
    line = unknown_line(demo, number)
    receive_contribution(line=line, investor=investor, key=f"more:{number}", by=amina, amount=pounds("1.00"))


def unknown_line(demo: Demo, number: int) -> BankStatementLine:
    """A bank line that waits, booked on one of the two days that the bank has not told of yet."""
    on, bank = demo.book.business_date - timedelta(days=3 - number), ledger.bank_accounts(demo.book).get()
    opening = str(ledger.balance(bank.account, on).amount)
    content = bank_file(
        (on, "5.00", f"who knows {number}"),
        opening=opening,
        statement_id=f"more-{number}",
        identification=bank.identification,
    )
    (imported,) = import_bank_file(book=demo.book, name="more.xml", content=content, by=demo.user(AMINA))
    return imported.new_lines[0]


def say_worth(demo: Demo, number: int) -> None:
    """A proxy that two people agreed on, and one that was declined."""
    book, tom, amina = demo.book, demo.user(TOM), demo.user(AMINA)
    agreed = propose_proxy(book=book, terms=terms(f"more-{number}"), by=tom)
    approve_proxy(proxy=agreed, shown_sha256=agreed.content_sha256, by=amina)
    said = propose_proxy(book=book, terms=terms(amount=f"{number + 1}.00"), by=tom)
    decline_proxy(proxy=said, shown_sha256=said.content_sha256, reason="Too little", by=amina)


def ask_to_seal(demo: Demo, number: int) -> None:
    """Long work that waits."""
    arguments = {"book": demo.book.code, "number": number}
    enqueue(kind="seal_book", arguments=arguments, by=demo.user(AMINA), book=demo.book)


def tell_more(demo: Demo) -> None:
    """Two more of everything that the desk and the portals list."""
    for number in (1, 2):
        lend_more(demo, number)
        pay_in(demo, number)
        say_worth(demo, number)
        any_release(demo.book, demo.user(TOM))
        offer_more(demo, number)
        make_draft(book=demo.book, by=demo.user(AMINA), on=demo.book.business_date, narrative=f"Charges {number}")
        ask_to_seal(demo, number)
        make_document(demo.book, f"L-{number}", organisation=demo.loan.organisation)
        make_neighbourhood(demo.loan, by=demo.user(PRIYA), name=f"Neighbourhood {number}")
        make_document(demo.book, f"P-{number}")
        prepare_file(demo.book, f"Q-{number}", f"%PDF {number}".encode(), investor=demo.investor("TST"))
        make_document(demo.book, f"T-{number}", investor=demo.investor("TST"))
    close_month(book=demo.book, through=date(2026, 10, 31), by=demo.user(AMINA))
