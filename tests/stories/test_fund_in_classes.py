"""A fund in three classes, in browsers: two people at the desk, and an investor who reads what became of its money.

Classes, commitments and a call are proposed by Tom and approved by Priya; a loan of £9,000.00 is lost, £4,000.00 of it
comes back, and £9,000.00 of cash is distributed. Every figure on the pages is worked out by hand: first-loss money of
£6,000.00 is used up and mezzanine bears the other £3,000.00; what comes back restores mezzanine before first loss; and
cash pays senior whole and leaves mezzanine short. Afterwards no check of the books finds anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from commonweal.access.models import InvestorMembership, StaffMembership, StaffRole, User
from commonweal.demo.camt import write_camt053
from commonweal.demo.story import BANK_ACCOUNT, PASSWORD, PRIYA, TOM, Person, Transfer, bank_statement
from commonweal.jobs.banking import bring_in_bank_file
from commonweal.jobs.checks import examine_everything
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from investors.services import pay_in, register_investor
from ledger.domain.money import from_minor
from ledger.services import open_bank_account
from loans.models import Loan
from loans.services import bring_up_to_date, draw_down
from tests.browser import page_of
from tests.builders import let_days_pass, pounds
from tests.demo import log_in
from tests.investors.fund_in_classes import MEZZANINE, SENIOR, ClassFund
from tests.loans.builders import Fund, asked, make_fund, make_loan

pytestmark = pytest.mark.browser

DESK = "/desk/harbour-hills/"
CAPITAL = f"{DESK}capital/"
ONE_DAY = timedelta(days=1)
BEGUN, LOST_ON, BACK_ON = date(2025, 5, 1), date(2025, 5, 16), date(2025, 5, 20)
HANA = Person("Hana Osei", "hana@tideway.example", "Investor")
HOLDERS = (
    ("SENIOR", "NRB", "Northmoor Regional Bank", InvestorKind.REGIONAL_BANK, 24_000_00),
    ("MEZZ", "TST", "Tideway Social Trust", InvestorKind.SOCIAL_INVESTOR, 12_000_00),
    ("FIRST", "LOT", "Lottery first-loss grant", InvestorKind.OWN_FUNDS, 6_000_00),
)
"""Class, code and name of who commits to it, and how much in pence; all of it is called."""


@dataclass(slots=True)
class TwoAtTheDesk:
    """Tom's and Priya's browsers, and the small fund between them."""

    tom: Page
    priya: Page
    lends: Fund
    services: ClassFund
    """The same two people past the screens, for what the story only needs to be there."""

    def both(self, doing: str, **said: str) -> None:
        """Tom looks at an act on the fund's capital and proposes it; Priya sees what it comes to, and approves it."""
        self.tom.goto(f"{CAPITAL}new/{doing}/")
        for label, value in {"What for": "As the deed has it", **said}.items():
            fill(self.tom, label.replace("_", " "), value)
        self.tom.get_by_role("button", name="Look at it first").click()
        self.tom.get_by_role("button", name="Propose for a second person").click()
        expect(self.tom.get_by_text("A colleague checks it; nothing has moved yet.")).to_be_visible()
        self.priya.goto(self.tom.url)
        self.priya.get_by_label("Approve", exact=True).check()
        self.priya.get_by_role("button", name="Decide").click()
        expect(self.priya.get_by_text("is approved: ")).to_be_visible()

    def shows(self, *cells: str) -> None:
        """A row of the act that Priya approved has all of these words."""
        rows = self.priya.get_by_role("row")
        for words in cells:
            rows = rows.filter(has_text=words)
        expect(rows.first).to_be_visible()

    def bank_sends(self, number: int, since: date, until: date, opening: str, *moved: Transfer) -> None:
        """The bank's file of some days; Tom brings it in."""
        statement = bank_statement(number, since, until, pounds(opening), list(moved))
        content = write_camt053(statement)
        bring_in_bank_file(book=self.services.book, name=f"{number}.xml", content=content, by=self.lends.tom)

    def days_pass(self, to: date) -> None:
        """The book's next day."""
        self.services.book = let_days_pass(self.services.book, to=to)


def fill(page: Page, label: str, value: str) -> None:
    """Type, choose or tick what is read beside a field."""
    field = page.get_by_label(label, exact=True)
    if field.evaluate("each => each.tagName") == "SELECT":
        field.select_option(label=value)
    elif value == "yes":
        field.check()
    else:
        field.fill(value)


@pytest.fixture
def desk(browser: Browser, live_site: str) -> Iterator[TwoAtTheDesk]:
    lends = make_fund(today=BEGUN)
    for person, user in ((TOM, lends.tom), (PRIYA, lends.priya)):
        user.email = person.email
        user.set_password(PASSWORD)
        user.save()
        StaffMembership.objects.create(user=user, book=lends.book, role=StaffRole.MANAGER)
    open_bank_account(book=lends.book, code="MAIN", name="Current account", identification=BANK_ACCOUNT, on=BEGUN)
    for _, code, name, kind, _ in HOLDERS:
        register_investor(code=code, name=name, kind=kind)
    with page_of(browser, live_site) as tom, page_of(browser, live_site) as priya:
        log_in(tom, TOM)
        log_in(priya, PRIYA)
        yield TwoAtTheDesk(tom, priya, lends, ClassFund(lends.book, lends.tom, lends.priya))


def test_a_fund_in_classes_from_the_deed_to_a_notice(desk: TwoAtTheDesk, browser: Browser, live_site: str) -> None:
    classes_are_agreed(desk)
    capital_is_raised(desk)
    loan = a_loan_is_lost(desk)
    a_part_comes_back(desk, loan)
    number = cash_is_distributed(desk)
    assert examine_everything(desk.services.book) == []
    with page_of(browser, live_site) as page:
        an_investor_reads_of_it(page, number)


def classes_are_agreed(desk: TwoAtTheDesk) -> None:
    """Each by two people, one of them on the screen."""
    desk.tom.goto(CAPITAL)
    expect(desk.tom.get_by_role("heading", name="No classes of capital yet")).to_be_visible()
    for terms in (SENIOR, MEZZANINE):
        desk.services.begins(terms)
    whatever_is_left = {"Shares in what is left when all targets and caps are met": "yes"}
    desk.both("class", Code="FIRST", Name="First loss", Rank="3", **whatever_is_left)
    desk.shows("First loss", "FIRST: rank 3, shares in what is left")
    desk.tom.goto(CAPITAL)
    expect(desk.tom.get_by_text("Mezzanine · rank 2 · 6.00% a year, capped at 8.00%")).to_be_visible()


def capital_is_raised(desk: TwoAtTheDesk) -> None:
    """£42,000.00 is committed, called and paid in; what the bank has may be put to its call by one."""
    desk.both("commitment", Class="Senior", Investor="Northmoor Regional Bank", Amount="24,000.00")
    for code, investor, _, _, minor in HOLDERS[1:]:
        desk.services.commit(code, investor, minor, BEGUN)
    boxes = dict.fromkeys(("Senior", "Mezzanine", "First loss"), "yes")
    desk.both("call", **boxes, Amount_in_all="42,000.00", Due_on="2025-05-01")
    desk.shows("Mezzanine", "Tideway Social Trust", "called", "12,000.00")
    came = [Transfer(BEGUN, from_minor(minor, "GBP"), name, f"INV-{code}") for _, code, name, _, minor in HOLDERS]
    desk.bank_sends(1, BEGUN, BEGUN, "0.00", *came)
    for code, investor, _, _, minor in HOLDERS[:2]:
        amount = from_minor(minor, "GBP")
        pay_in(book=desk.lends.book, fund_class=code, investor=investor, amount=amount, on=BEGUN, by=desk.lends.tom)
    desk.tom.goto(f"{CAPITAL}new/payment/")
    said = {"Class": "First loss", "Investor": "Lottery first-loss grant", "Amount": "6,000.00"}
    for label, value in said.items():
        fill(desk.tom, label, value)
    desk.tom.get_by_role("button", name="Put it to the call").click()
    expect(desk.tom.get_by_text("£6,000.00 of Lottery first-loss grant is paid in")).to_be_visible()
    desk.tom.goto(CAPITAL)
    total = desk.tom.get_by_role("row", name="All classes").get_by_role("cell")
    assert total.all_inner_texts() == ["42,000.00", "42,000.00", "–", "0.00", "–", "42,000.00"]


def a_loan_is_lost(desk: TwoAtTheDesk) -> Loan:
    """£9,000.00 without interest is written off: £6,000.00 up the ranks from first loss, £3,000.00 from mezzanine."""
    loan = make_loan(desk.lends, asked("9000.00", months=12, rate="0"))
    draw_down(loan=loan, amount=pounds("9000.00"), on=BEGUN, by=desk.lends.priya, key="drawn")
    desk.days_pass(LOST_ON)
    bring_up_to_date(loan=loan, on=LOST_ON, by=desk.lends.tom)
    desk.tom.goto(f"{DESK}loans/{loan.pk}/propose/write-off/")
    fill(desk.tom, "Reason", "The van burnt out")
    desk.tom.get_by_role("button", name="Preview").click()
    desk.tom.get_by_role("button", name="Propose it").click()
    expect(desk.tom.get_by_text("waits for a colleague")).to_be_visible()
    desk.priya.goto(desk.tom.url)
    desk.priya.get_by_label("Approve", exact=True).check()
    desk.priya.get_by_role("button", name="Decide").click()
    expect(desk.priya.get_by_text("is approved and booked")).to_be_visible()
    desk.both("result", Counts_from=LOST_ON.isoformat())
    desk.shows("First loss", "−6,000.00", "First loss bears £6,000.00 of its £6,000.00 and is used up.")
    desk.shows("Mezzanine", "−3,000.00", "Mezzanine bears £3,000.00 of its £12,000.00; £9,000.00 stands.")
    return loan


def a_part_comes_back(desk: TwoAtTheDesk, loan: Loan) -> None:
    """£4,000.00 of the insurer's: mezzanine gets its £3,000.00 back first, first loss £1,000.00."""
    desk.days_pass(BACK_ON)
    lent = Transfer(BEGUN + ONE_DAY, pounds("-9000.00"), loan.organisation.name, loan.payment_reference)
    came = Transfer(BACK_ON, pounds("4000.00"), "Insurer", "Van")
    desk.bank_sends(2, BEGUN + ONE_DAY, BACK_ON, "42000.00", lent, came)
    desk.tom.goto(f"{DESK}loans/{loan.pk}/acts/recovery/")
    desk.tom.get_by_label("Bank line").select_option(index=1)
    desk.tom.get_by_role("button", name="Preview").click()
    desk.tom.get_by_role("button", name="Record it").click()
    expect(desk.tom.get_by_text("£4,000.00").first).to_be_visible()
    desk.both("result", Counts_from=BACK_ON.isoformat())
    desk.shows("Mezzanine", "Mezzanine gets back £3,000.00")
    desk.shows("First loss", "First loss gets back £1,000.00")


def cash_is_distributed(desk: TwoAtTheDesk) -> str:
    """Of £9,000.00 senior gets the whole £8,500.00 that is due to it, and mezzanine £500.00 of £2,000.00."""
    desk.both(
        "distribution",
        Cash_to_distribute="9,000.00",
        Capital_of_Senior_to_return="8,500.00",
        Capital_of_Mezzanine_to_return="2,000.00",
        Counts_from=BACK_ON.isoformat(),
    )
    desk.shows("Capital of Senior to be returned", "8,500.00", "0.00")
    desk.shows("Capital of Mezzanine to be returned", "2,000.00", "500.00", "1,500.00")
    desk.priya.get_by_role("button", name="Issue the notices").click()
    expect(desk.priya.get_by_text("2 notices stand with the investors.")).to_be_visible()
    heading = desk.priya.get_by_role("heading", level=1).inner_text()
    return f"{heading.partition(':')[0]}-TST"


def an_investor_reads_of_it(page: Page, number: str) -> None:
    """Hana sees what mezzanine lost, got back and was paid, and downloads the notice of it by its number."""
    hana = User.objects.create_user(email=HANA.email, name=HANA.name, password=PASSWORD)
    InvestorMembership.objects.create(user=hana, investor=Investor.objects.get(code="TST"))
    log_in(page, HANA)
    page.goto("/investor/fund/")
    expect(page.get_by_text("On 20 May 2025 your capital in the fund stood at £11,500.00.")).to_be_visible()
    protects = "£1,000.00 of other capital bears losses before yours does: 3.7% of the £27,000.00 that it protects"
    expect(page.get_by_text(protects)).to_be_visible()
    lost, back, paid = (page.get_by_role("row").filter(has_text=act) for act in ("C-11.", "C-12.", f"{number[:4]}."))
    assert [row.get_by_role("cell").all_inner_texts()[-2:] for row in (lost, back, paid)] == [
        ["−3,000.00", "9,000.00"],
        ["3,000.00", "12,000.00"],
        ["−500.00", "11,500.00"],
    ]
    page.goto("/investor/documents/")
    with page.expect_download() as download:
        page.get_by_role("row").filter(has_text="Distribution notice").filter(has_text=number).get_by_role(
            "link"
        ).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
