"""The Netherby loan in a small book, shared by three lenders: approved, and as far drawn and repaid as a test wants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.models import Organisation
from borrowers.services import register_organisation
from borrowers.services.organisations import Address
from commonweal.access.models import User
from investors.domain.kinds import InvestorKind
from investors.domain.participation import Participation as Part
from investors.models import Investor, ParticipationSet
from investors.services import register_investor, set_participations
from ledger.models import Book
from loans.models import Loan, Product
from loans.queries import asked_terms_sha256
from loans.services import Asked, apply, approve, bring_up_to_date, draw_down, offer_product, record_repayment, submit
from tests.builders import make_book, make_user, pounds

APPROVED_ON = date(2025, 4, 14)
DRAWN_ON = date(2025, 5, 1)
BUSINESS_DATE = date(2026, 11, 23)
LENDERS = (
    ("NRB", "Northmoor Regional Bank", InvestorKind.REGIONAL_BANK, 1, "21000.00"),
    ("TST", "Tideway Social Trust", InvestorKind.SOCIAL_INVESTOR, 2, "10500.00"),
    ("LOT", "Lottery first-loss grant", InvestorKind.OWN_FUNDS, 3, "3500.00"),
)
PARTS = tuple(Part(code, rank, pounds(amount)) for code, _, _, rank, amount in LENDERS)


@dataclass
class SharedLoan:
    """The book, its people, the loan and its lenders."""

    book: Book
    priya: User
    tom: User
    loan: Loan
    lenders: dict[str, Investor]
    _acts: int = 0

    def share(self, *, on: date = DRAWN_ON, parts: tuple[Part, ...] = PARTS) -> ParticipationSet:
        """Record who shares the loan."""
        return set_participations(loan=self.loan, effective_on=on, participations=parts, by=self.tom)

    def draw(self, amount: str = "35000.00", *, on: date = DRAWN_ON) -> None:
        """Lend it, or a part of it."""
        draw_down(loan=self.loan, amount=pounds(amount), on=on, by=self.tom, key=self._key())

    def fall_due(self, *, on: date) -> None:
        """Post what falls due by a day."""
        bring_up_to_date(loan=self.loan, on=on, by=self.tom)

    def repay(self, amount: str, *, on: date) -> Money:
        """Receive money for it."""
        paid = pounds(amount)
        record_repayment(loan=self.loan, amount=paid, on=on, bank_account="MAIN", by=self.tom, key=self._key())
        return paid

    def _key(self) -> str:
        self._acts += 1
        return f"act:{self._acts}"


def approve_netherby(*, book: Book | None = None) -> SharedLoan:
    """The loan as approved, in a book whose business date is that of the demo; nobody shares it yet."""
    book = book or make_book()
    Book.objects.filter(pk=book.pk).update(business_date=BUSINESS_DATE)
    book.refresh_from_db()
    priya, tom = make_user(name="Priya Nair"), make_user(name="Tom Ashworth")
    organisation = register_organisation(
        name="Netherby Corner Shop Society",
        legal_form=LegalForm.COMMUNITY_BENEFIT_SOCIETY,
        numbers=RegisteredNumbers(society="8123"),
        address=Address(place="Netherby", region=Region.NORTH_WEST),
    )
    product = offer_product(
        book=book,
        code="community",
        name="Community business loan",
        amounts=(pounds("1000.00"), pounds("100000.00")),
        months=(6, 120),
        annual_rate=Decimal("0.06"),
        payment_prefix="HH",
    )
    loan = _approve(product, organisation, priya, tom)
    lenders = {code: register_investor(code=code, name=name, kind=kind) for code, name, kind, _, _ in LENDERS}
    return SharedLoan(book, priya, tom, loan, lenders)


def approve_another(netherby: SharedLoan) -> Loan:
    """Another loan on the same terms to the same business."""
    return _approve(netherby.loan.product, netherby.loan.organisation, netherby.priya, netherby.tom)


def _approve(product: Product, organisation: Organisation, priya: User, tom: User) -> Loan:
    asked = Asked(pounds("35000.00"), Decimal("0.06"), 60, date(2025, 6, 1))
    application = apply(
        product=product, organisation=organisation, asked=asked, purpose="A shop", on=date(2025, 4, 1), by=priya
    )
    application = submit(application=application, on=date(2025, 4, 2), by=priya)
    return approve(application=application, shown_sha256=asked_terms_sha256(application), on=APPROVED_ON, by=tom)
