"""Statements to render: the demo story's loan and its lenders, and the awkward ones that real life brings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from moneyed import GBP, Money

from investors.impact import Impact, Outcome, Restated, Told
from investors.statements import Holding, InvestorStatement, Note
from loans.by_place import PlaceGroup
from loans.ledger_answers import LedgerAnswer
from loans.loan_statement import (
    LoanStatement,
    NextPayment,
    Promise,
    Reading,
    ScheduleRow,
    ScheduleState,
    Transaction,
)
from loans.portfolio import AtRisk, Band, Group, Summary
from loans.principal_moved import LossCover
from loans.statements import (
    Balance,
    Issuer,
    Movement,
    Movements,
    Party,
    StatementHead,
    StatementStatus,
)

SEAL = "harbour-hills:41:2087:9f4c2d710b6e5a88c3d1e07f4b2a96d85c17e3f0a4b8d2c6917f3e5a60d412ab"
PENNY = Decimal("0.01")


def gbp(amount: str | Decimal) -> Money:
    """Pounds."""
    return Money(amount, "GBP")


def issuer(**changes: object) -> Issuer:
    """The fund of the demo story."""
    fund = Issuer(
        name="Harbour & Hills Community Fund",
        address=("The Old Custom House", "4 Quay Street", "Whitby YO21 1DL"),
        registration="Registered society 32114R",
        contact_name="Tom Ashworth",
        contact_phone="01632 960 417",
        contact_email="tom.ashworth@harbourhills.example",
    )
    return replace(fund, **changes)  # type: ignore[arg-type]


def head(number: str = "2026-Q3-L-0108", **changes: object) -> StatementHead:
    """The third quarter of 2026, issued on the demo's business date."""
    quarter = StatementHead(
        issuer=issuer(),
        number=number,
        status=StatementStatus.FINAL,
        period_start=date(2026, 7, 1),
        period_end=date(2026, 10, 1),
        issued_on=date(2026, 11, 23),
        seal=SEAL,
    )
    return replace(quarter, **changes)  # type: ignore[arg-type]


def working_day(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def annuity(principal: str, months: int, payment: str, first: date) -> list[tuple[date, Decimal, Decimal, Decimal]]:
    """Due date, interest, principal and balance after it, at half a per cent a month; the last takes the rest."""
    balance, rows = Decimal(principal), []
    for n in range(months):
        interest = (balance * Decimal("0.005")).quantize(PENNY, rounding=ROUND_HALF_EVEN)
        part = balance if n == months - 1 else Decimal(payment) - interest
        balance -= part
        month = first.month - 1 + n
        rows.append((working_day(date(first.year + month // 12, month % 12 + 1, first.day)), interest, part, balance))
    return rows


PLAN = annuity("35000.00", 60, "676.65", date(2025, 6, 1))


def schedule(paid: int = 16) -> tuple[ScheduleRow, ...]:
    """The demo loan's sixty instalments, the first of them paid."""
    rows = []
    for number, (due_on, interest, principal, left) in enumerate(PLAN, start=1):
        done = number <= paid
        rows.append(
            ScheduleRow(
                number=number,
                due_on=due_on,
                interest=gbp(interest),
                principal=gbp(principal),
                paid=gbp(interest + principal if done else "0.00"),
                left=gbp(left),
                state=ScheduleState.PAID if done else ScheduleState.DUE,
            )
        )
    return tuple(rows)


def transactions(rows: Sequence[ScheduleRow], opening: Money) -> tuple[Transaction, ...]:
    """Interest charged and payment received, for each instalment."""
    owed, found = opening, []
    for row in rows:
        for what, amount, entry, cash in (
            (f"Interest, payment {row.number}", row.interest, 3 * row.number, None),
            (f"Your payment {row.number}, thank you", -row.paid, 3 * row.number + 1, row.paid),
        ):
            owed += amount
            found.append(Transaction(row.due_on, what, amount, owed, (f"E-{entry}",), cash))
    return tuple(found)


def promise(**changes: object) -> Promise:
    """Volunteer hours at the shop: baseline, target and two readings."""
    found = Promise(
        indicator="Volunteer hours a month",
        unit="hours",
        baseline=Decimal("180"),
        baseline_period="April 2025",
        target=Decimal("320"),
        target_by=date(2027, 3, 31),
        readings=(
            Reading("December 2025", Decimal("236"), "own count, rota", "C"),
            Reading("June 2026", Decimal("271"), "own count, rota", "C"),
        ),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def nothing(of: str) -> Movements:
    """A table in which nothing stands and nothing moved."""
    return Movements(of, gbp("0.00"), (), gbp("0.00"))


def loan_statement(**changes: object) -> LoanStatement:
    """Netherby Corner Shop Society, third quarter of 2026: three instalments of £676.65 paid on the day."""
    rows = schedule()
    quarter = rows[13:16]
    opening, closing = rows[12].left, rows[15].left
    interest = sum((row.interest for row in quarter), gbp("0.00"))
    charged = tuple(f"E-{3 * row.number}" for row in quarter)
    received = tuple(f"E-{3 * row.number + 1}" for row in quarter)
    found = LoanStatement(
        head=head(),
        borrower=Party(
            "Netherby Corner Shop Society", ("1 Church Lane", "Netherby HX9 4AB"), "Registered society 30871R"
        ),
        loan="L-0108",
        payment_reference="HH-0108",
        terms=(
            ("Lent", "£35,000.00 on 1 May 2025"),
            ("Interest", "6% a year, nominal, 30E/360"),
            ("Payments", "60 monthly payments of £676.65, the last of £676.54"),
            ("Last payment", "1 May 2030"),
        ),
        principal=Movements(
            of="principal of L-0108",
            opening=opening,
            lines=(Movement("Repaid by you", closing - opening, "3 payments", received),),
            closing=closing,
        ),
        interest=Movements(
            of="interest of L-0108",
            opening=gbp("0.00"),
            lines=(
                Movement("Charged", interest, "6% a year", charged),
                Movement("Paid by you", -interest, "3 payments", received),
            ),
            closing=gbp("0.00"),
        ),
        fees=nothing("fees"),
        default_interest=nothing("default interest"),
        in_advance=nothing("in advance"),
        lost=nothing("written off"),
        transactions=transactions(quarter, opening),
        schedule=rows,
        balances=(Balance(date(2025, 5, 1), gbp("35000.00")), *(Balance(r.due_on, r.left) for r in rows[:16])),
        next_payment=NextPayment(rows[16].due_on, rows[16].interest, rows[16].principal, rows[16].left),
        promise=promise(),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def holding(**changes: object) -> Holding:
    """The bank's 60% of the demo loan in the quarter."""
    found = Holding(
        loan="L-0108",
        borrower="Netherby Corner Shop Society",
        place="Netherby, Yorkshire and the Humber",
        rank=1,
        ranks=3,
        share=Decimal("0.6"),
        opening=gbp("16910.27"),
        funded=gbp("0.00"),
        returned=gbp("967.78"),
        closing=gbp("15942.49"),
        interest_earned=gbp("250.19"),
        interest_received=gbp("250.19"),
        added=gbp("0.00"),
        lost=gbp("0.00"),
        came_back=gbp("0.00"),
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def cash(of: str = "NRB", returned: str = "967.78", interest: str = "250.19") -> Movements:
    """What came in for an investor in the quarter, all of it paid out but the last month's."""
    came = Decimal(returned) + Decimal(interest)
    out = (came * 2 / 3).quantize(PENNY)
    return Movements(
        of=f"due to {of}",
        opening=gbp("0.00"),
        lines=(
            Movement("Principal returned", gbp(returned), "3 payments of borrowers", ("E-44", "E-47", "E-50")),
            Movement("Interest received", gbp(interest), "6% a year, nominal", ("E-44", "E-47", "E-50")),
            Movement("Paid out to you", gbp(-out), "1 September 2026", ("E-49",)),
        ),
        closing=gbp(came - out),
    )


def outcomes() -> tuple[Outcome, ...]:
    """Two outcomes, one of them with a share that cannot be attributed."""
    return (
        Outcome(
            *("Volunteer hours a month", "Citizenship and community", "OI1166", "17.17"),
            *(Decimal("271"), Decimal("94.9"), Decimal("56.9"), Decimal("204")),
            *(1, 1, Decimal("1.00"), "C", "own count, rota"),
        ),
        Outcome(
            *("People in work", "Employment, education and training", "PI4874", "8.5"),
            *(Decimal("4"), None, None, None),
            *(1, 1, Decimal("1.00"), "B", "payroll"),
        ),
    )


def health() -> Summary:
    """Eleven loans, one of them a little late."""
    bands = (
        Band(0, 10, 0, 68_469_797),
        Band(1, 1, 41_250, 1_479_197),
        *(Band(first, 0, 0, 0) for first in (31, 61, 91)),
    )
    none = tuple(AtRisk(days, 0, 0) for days in (30, 60, 90))
    return Summary(11, 69_948_994, 0, 41_250, bands, none, AtRisk(0, 1, 2_629_940), Decimal("0.0612"))


def impact(**changes: object) -> Impact:
    """A year of a fund of eleven loans, with a restatement and a story."""
    found = Impact(
        start=date(2025, 10, 1),
        last_day=date(2026, 9, 30),
        currency=GBP,
        outcomes=outcomes(),
        answers=(
            LedgerAnswer("PI5476", "Lent to community businesses", gbp("54000.00"), True),
            LedgerAnswer("PI1478", "Loans outstanding", 11, False),
        ),
        health=health(),
        regions=(PlaceGroup("South West", 44_000_000, 6), PlaceGroup("", 25_948_994, 5)),
        deciles=None,
        not_attributable=(("no accounts say what finances it", 1),),
        restated=(
            Restated(
                *("Netherby Corner Shop Society", "People in work", "1 October 2024 to 30 September 2025"),
                *("5", "4", "A typo"),
            ),
        ),
        stories=(Told("The bread is back", "Rosie’s Community Bakery CIC", "We bake again.", date(2026, 8, 3)),),
        went_wrong=("£22,547.38 of principal was written off in the year.",),
        sectors=(
            Group("Shop or post office", 6, 44_000_000, 41_250, 0),
            Group("Food and farming", 5, 25_948_994, 0, 0),
        ),
        cover=LossCover(1_049_235, 1_820_000, 1),
        kept_back=1,
        is_of_one=True,
    )
    return replace(found, **changes)  # type: ignore[arg-type]


METHOD = (
    Note(
        "Our share",
        "The fund’s average principal outstanding in the period, divided by the borrower’s debt and net assets. Where "
        "net assets are not on file the outcome counts under “supported” only.",
    ),
    Note("Coverage", "Borrowers with a confirmed reading, of those asked; nothing is estimated for the others."),
)


def investor_statement(**changes: object) -> InvestorStatement:
    """Northmoor Regional Bank, third quarter of 2026."""
    quarters = (
        *((date(2025, 6, 30), "20698.99"), (date(2025, 9, 30), "19782.84"), (date(2025, 12, 31), "18840.28")),
        *((date(2026, 3, 31), "17883.35"), (date(2026, 6, 30), "16910.27"), (date(2026, 9, 30), "15942.49")),
    )
    found = InvestorStatement(
        head=head("2026-Q3-NRB"),
        investor=Party("Northmoor Regional Bank", ("2 Market Place", "Kendal LA9 4TN"), "Company 01234567"),
        code="NRB",
        holdings=(holding(),),
        cash=cash(),
        balances=(Balance(date(2025, 5, 1), gbp("21000.00")), *(Balance(on, gbp(value)) for on, value in quarters)),
        impact=impact(),
        method=METHOD,
    )
    return replace(found, **changes)  # type: ignore[arg-type]


LONG = "Cymdeithas Gydweithredol Adfywio Tŷ'r Gŵyr a'r Ŷd, Llanfairpwllgwyngyll & Dyffryn Ŵyddfa"


def late_statement() -> LoanStatement:
    """A provisional statement with a very long Welsh name, one instalment paid in part and two not at all."""
    rows = list(schedule())
    rows[13] = replace(rows[13], paid=gbp("300.00"), state=ScheduleState.PART, days_late=91)
    rows[14] = replace(rows[14], paid=gbp("0.00"), state=ScheduleState.LATE, days_late=58)
    rows[15] = replace(rows[15], paid=gbp("0.00"), state=ScheduleState.LATE, days_late=29)
    opening = rows[12].left
    repaid = gbp("300.00") - rows[13].interest
    due = rows[14].interest + rows[15].interest
    changes = transactions(rows[13:16], opening)
    return loan_statement(
        head=head(
            "2026-Q3-L-0117", status=StatementStatus.PROVISIONAL, issued_on=date(2026, 10, 2), replaces="2026-Q3-L-0116"
        ),
        borrower=Party(LONG, (f"Uned 3, {LONG}", "Ffordd y Môr", "Aberystwyth SY23 2AZ"), "Cymdeithas 30871R"),
        principal=Movements("principal", opening, (Movement("Repaid by you", -repaid),), opening - repaid),
        interest=Movements(
            "interest",
            gbp("0.00"),
            (Movement("Charged", due + rows[13].interest), Movement("Paid by you", -rows[13].interest, "in part")),
            due,
        ),
        transactions=tuple(change for change in changes if change.amount),
        schedule=tuple(rows),
        balances=(*(loan_statement().balances[:14]), Balance(date(2026, 7, 1), opening - repaid)),
        promise=promise(indicator=f"Oriau gwirfoddol yn {LONG}", readings=()),
    )


def quiet_statement() -> LoanStatement:
    """A quarter in which no money moved, of a loan without a schedule or a promise."""
    same = gbp("26665.48")
    return loan_statement(
        principal=Movements("principal", same, (), same),
        interest=Movements("interest", gbp("0.00"), (), gbp("0.00")),
        transactions=(),
        schedule=(),
        balances=(),
        next_payment=None,
        promise=None,
    )


def eventful_statement() -> LoanStatement:
    """A quarter in which everything happened: fees, interest on what was late, a waiver, money held and given back, a
    part written off, and some of that paid afterwards."""
    told: list[Transaction] = []
    owed = gbp("8000.00") - gbp("250.00")

    def happened(on: date, what: str, amount: str, cash: str = "", lost: str = "") -> None:
        nonlocal owed
        owed += gbp(amount)
        entries = (f"E-{201 + len(told)}",)
        amounts = (gbp(each) if each else None for each in (cash, lost))
        told.append(Transaction(on, what, gbp(amount), owed, entries, *amounts))

    happened(date(2026, 7, 1), "Interest, payment 14", "40.00")
    happened(date(2026, 7, 1), "Payment 14, from the money held for you", "0.00")
    happened(date(2026, 7, 6), "Money given back to you", "50.00", "-50.00")
    happened(date(2026, 8, 3), "Interest, payment 15", "39.20")
    happened(date(2026, 8, 10), "Late fee, payment 15", "15.00")
    happened(date(2026, 8, 10), "Interest on what was late", "1.28")
    happened(date(2026, 8, 14), "Your payment, thank you", "-530.00", "530.00")
    happened(date(2026, 8, 31), "No longer asked for", "-1.28")
    happened(date(2026, 9, 4), "Written off", "-7364.20", lost="7364.20")
    happened(date(2026, 9, 21), "Your payment after the write-off, thank you", "0.00", "120.00", "-120.00")
    told_by = {row.what: row.entries for row in told}

    def line(words: str, amount: str, note: str, what: str) -> Movement:
        return Movement(words, gbp(amount), note, told_by[what])

    used = "Payment 14, from the money held for you"
    paid, off = "Your payment, thank you", "Written off"
    return loan_statement(
        principal=Movements(
            "principal",
            gbp("8000.00"),
            (
                line("Paid from the money held for you", "-160.00", "1 July 2026", used),
                line("Repaid", "-475.80", "14 August 2026", paid),
                line(off, "-7364.20", "4 September 2026", off),
            ),
            gbp("0.00"),
        ),
        interest=Movements(
            "interest",
            gbp("0.00"),
            (
                Movement("Interest charged", gbp("79.20"), "2 times, 1 July 2026 to 3 August 2026", ("E-201", "E-204")),
                line("Paid from the money held for you", "-40.00", "1 July 2026", used),
                line("Interest paid", "-39.20", "14 August 2026", paid),
            ),
            gbp("0.00"),
        ),
        fees=Movements(
            "fees",
            gbp("0.00"),
            (
                line("Late fees", "15.00", "10 August 2026", "Late fee, payment 15"),
                line("Paid by you", "-15.00", "14 August 2026", paid),
            ),
            gbp("0.00"),
        ),
        default_interest=Movements(
            "default interest",
            gbp("0.00"),
            (
                line("Charged", "1.28", "10 August 2026", "Interest on what was late"),
                line("No longer asked for", "-1.28", "31 August 2026", "No longer asked for"),
            ),
            gbp("0.00"),
        ),
        in_advance=Movements(
            "in advance",
            gbp("250.00"),
            (
                line("Used for what fell due", "-200.00", "1 July 2026", used),
                line("Given back to you", "-50.00", "6 July 2026", "Money given back to you"),
            ),
            gbp("0.00"),
        ),
        lost=Movements(
            "written off",
            gbp("0.00"),
            (
                line(off, "7364.20", "4 September 2026", off),
                line(
                    "Paid by you since", "-120.00", "21 September 2026", "Your payment after the write-off, thank you"
                ),
            ),
            gbp("7244.20"),
        ),
        transactions=tuple(told),
        schedule=(),
        balances=(),
        next_payment=None,
        promise=None,
    )


def dozen() -> InvestorStatement:
    """Twelve holdings with names of every length, two of them late, provisional, with a remark."""
    names = (
        "The Fox & Hounds, Reeth",
        LONG,
        "Millrace Makers Co-operative",
        "Żółta Łąka CIC",
        "Boat Shed Trust",
        "Co-op",
    )
    holdings = tuple(
        holding(
            loan=f"L-{100 + n:04}",
            borrower=names[n % 6],
            place=("Reeth, Yorkshire and the Humber", "Aberystwyth, Wales", "Barrow-in-Furness, North West")[n % 3],
            rank=n % 3 + 1,
            share=Decimal(1) / 3 if n % 2 else Decimal("0.125"),
            opening=gbp(Decimal("1234567.89") / (n + 1) if n != 5 else "0").round(2),
            funded=gbp("0.00" if n != 5 else "40000.00"),
            returned=gbp(Decimal(977 * n)),
            closing=gbp(Decimal("1234567.89") / (n + 1) if n != 5 else "40000").round(2) - gbp(Decimal(977 * n)),
            days_late=(0, 0, 31, 0, 0, 0, 0, 12, 0, 0, 0, 0)[n],
        )
        for n in range(12)
    )
    closing = sum((row.closing for row in holdings), gbp("0.00"))
    return investor_statement(
        head=head("2026-Q3-NRB", status=StatementStatus.PROVISIONAL, issued_on=date(2026, 10, 1)),
        investor=Party(LONG),
        holdings=holdings,
        balances=(Balance(date(2025, 12, 31), gbp("3000000.00")), Balance(date(2026, 9, 30), closing)),
        remarks=(
            Note("Since the period ended:", "Millrace Makers Co-operative paid what was late on 5 October 2026."),
        ),
    )


def nothing_yet() -> InvestorStatement:
    """An investor who has paid in and holds no participation yet."""
    paid_in = (Movement("Paid in by you", gbp("10500.00"), "30 September 2026", ("E-12",)),)
    return investor_statement(
        holdings=(),
        balances=(),
        impact=impact(outcomes=()),
        method=(),
        cash=Movements("due to TST", gbp("0.00"), paid_in, gbp("10500.00")),
    )
