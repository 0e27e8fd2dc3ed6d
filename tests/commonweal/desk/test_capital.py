"""A fund's capital at the desk: classes, a commitment, a call, money put to it, the result, a distribution."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from commonweal.demo.story import AMINA, HANA, TOM, Person
from investors.domain.capital_act import ActKind
from investors.domain.kinds import InvestorKind
from investors.models import CapitalAct, Investor
from investors.queries import capital_acts, free_cash
from investors.services import register_investor
from ledger.domain.money import to_minor
from ledger.queries import balances
from tests.demo import Demo
from tests.investors.fund_in_classes import MEZZANINE, SENIOR, ClassFund
from tests.pages import Shown, csv_rows, look, send

EXAMPLE = Path(__file__).parents[3] / "docs" / "moving-in-investors"
DESK = "/desk/harbour-hills/"
CAPITAL = f"{DESK}capital/"
ON = "2026-11-16"
RATES = ("rank", "target_return", "return_cap")


def decide(demo: Demo, act: CapitalAct, *, by: Person = TOM) -> Shown:
    """Somebody else approves, unless another is said."""
    shown = {"sha256": act.content_sha256, "decision": "approve"}
    return send(demo.client(by), f"{CAPITAL}acts/{act.pk}/decide/", **shown)


def propose(demo: Demo, kind: str, **said: str) -> CapitalAct:
    """Amina proposes an act, which has to work."""
    page = send(demo.client(AMINA), f"{CAPITAL}new/{kind}/", **({"on": ON, "words": "As agreed"} | said))
    assert not page.problems()
    return capital_acts(demo.book)[0]


def test_capital_goes_from_a_class_to_a_distribution(demo: Demo) -> None:
    oak = register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    assert look(demo.client(AMINA), f"{DESK}investors/").link("The fund’s capital") == CAPITAL
    assert "No classes of capital yet" in look(demo.client(AMINA), CAPITAL).text
    senior = {"code": "SENIOR", "name": "Senior", "rank": "1", "target_return": "4", "unpaid": "accrues"}
    asked = {**senior, "takes_rest": "on", "on": ON, "words": "The deed of November"}
    page = send(demo.client(AMINA), f"{CAPITAL}new/class/", **asked, look="1")
    terms = "SENIOR: rank 1, 4.00% a year, shares in what is left, a target that is not earned stays owed"
    assert page.rows("The class, as the deed has it") == [f"Senior | {terms}"]
    act = propose(demo, "class", **asked)
    page = look(demo.client(AMINA), CAPITAL)
    assert "No classes of capital yet" in page.text
    assert f"{act}, class of capital: The deed of November. It waits for a second person." in page.text
    assert "so somebody else has to check it" in decide(demo, act, by=AMINA).problems()[0]
    page = decide(demo, act)
    assert page.notices() == [f"{act} is approved: class of capital of 16 November 2026."]
    assert "Take it back" not in page.text
    page = send(demo.client(AMINA), f"{CAPITAL}new/class/", **asked)
    assert "has a class SENIOR already: Senior, rank 1" in page.problems()[0]
    holder = {"fund_class": "SENIOR", "investor": str(oak.pk)}
    act = propose(demo, "commitment", **holder, amount="10,000.00")
    why = look(demo.client(AMINA), f"{CAPITAL}new/commitment/").forbidden()["Propose for a second person"]
    assert why == f"{act} (As agreed) waits for a decision. Have it approved or declined first."
    assert look(demo.client(AMINA), f"{CAPITAL}new/call/").forbidden() == {}, "of each kind one may wait"
    assert "Act on the fund’s capital to check" in look(demo.client(TOM), DESK).text
    problem = send(demo.client(AMINA), f"{CAPITAL}acts/{act.pk}/decide/", sha256=act.content_sha256, decision="approve")
    assert "so somebody else has to check it" in problem.problems()[0]
    assert decide(demo, act).notices() == [f"{act} is approved: commitment of 16 November 2026."]

    asked = {"classes": "SENIOR", "amount": "10,000.01", "due_on": "2026-11-30", "on": ON, "words": "First call"}
    page = send(demo.client(AMINA), f"{CAPITAL}new/call/", **asked)
    assert page.problems()[0].startswith("OAK in Senior: A call of £10,000.01 is £0.01 above the £10,000.00")
    call = propose(demo, "call", **(asked | {"amount": "4,000.00"}))
    assert (
        look(demo.client(TOM), f"{CAPITAL}acts/{call.pk}/")
        .rows("By holder")[0]
        .startswith("Senior | Oak Foundation | called | 4,000.00")
    )
    decide(demo, call)
    page = send(demo.client(AMINA), f"{CAPITAL}acts/{call.pk}/notices/")
    assert page.notices() == ["1 notice stands with the investors."]
    assert page.rows("Notices")[0].startswith(f"Oak Foundation | {call}-OAK issued on")
    assert "Nobody acts for it in the portal" in page.text
    with pytest.raises(AssertionError, match=r"403|404"):
        send(demo.client(HANA), f"{CAPITAL}acts/{call.pk}/notices/")
    fund = ClassFund(demo.book, demo.user(AMINA), demo.user(TOM))
    fund.holds("OAK", 4_000_00, date.fromisoformat(ON))
    page = send(demo.client(AMINA), f"{CAPITAL}new/payment/", **holder, amount="4,000.00", on=ON)
    assert page.notices() == ["£4,000.00 of Oak Foundation is paid in (C-4)."]
    assert look(demo.client(AMINA), CAPITAL).rows("Who has what")[-1] == (
        "All classes | 10,000.00 | 4,000.00 | – | 6,000.00 | – | 4,000.00"
    )
    assert csv_rows(demo.client(AMINA), CAPITAL)[1][:4] == ["Senior", "Oak Foundation", "10000.00", "4000.00"]


def test_a_distribution_is_looked_at_before_it_is_proposed(demo: Demo) -> None:
    fund = class_fund(demo)
    fund.earns(50_00, date.fromisoformat(ON))
    look_first = {"on": ON, "words": "Interim", "look": "1"}
    page = send(demo.client(AMINA), f"{CAPITAL}new/result/", **look_first)
    assert page.problems() == []
    assert page.rows("By class, first rank first")[0].startswith("Senior | ")
    assert capital_acts(demo.book).filter(kind="result").count() == 0
    asked = look_first | {"capital-SENIOR": "1,000.00"}
    page = send(demo.client(AMINA), f"{CAPITAL}new/distribution/", **asked)
    (caption,) = page.tree.xpath("//div[@role='region']/@aria-label[contains(., 'first step first')]")
    assert "Capital of Senior to be returned | 1,000.00 | 1,000.00 | 0.00" in " / ".join(page.rows(caption))
    stays = f"{free_cash(demo.book, date.fromisoformat(ON)).amount - 1000:,.2f}"
    assert [row.rstrip("| ") for row in page.rows("Of what is free and what was in reserve")] == [
        "Paid to investors | 1,000.00",
        f"Claimed by nobody | {stays}",
        f"Stays in the fund | {stays}",
    ]
    run = propose(demo, "distribution", **{"capital-SENIOR": "1,000.00"})
    assert "What was posted" in decide(demo, run).text
    page = send(demo.client(AMINA), f"{CAPITAL}acts/{run.pk}/reverse/", on=ON, words="Too early")
    back = capital_acts(demo.book)[0]
    assert page.notices() == [f"{back} is proposed: it takes {run} back. A colleague checks it."]
    decide(demo, back)
    assert "Reversed" in look(demo.client(AMINA), f"{CAPITAL}acts/{run.pk}/").text
    assert len(csv_rows(demo.client(AMINA), f"{CAPITAL}acts/")) == 1 + capital_acts(demo.book).count()
    assert demo.client(HANA).get(CAPITAL).status_code == 404


def test_a_holding_is_transferred_with_all_that_belongs_to_it(demo: Demo) -> None:
    fund = class_fund(demo)
    buyer = register_investor(code="ELM", name="Elm Trust", kind=InvestorKind.FOUNDATION)
    fund.act(ActKind.RESULT, date.fromisoformat(ON))
    seller = register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    said = {"fund_class": "SENIOR", "seller": str(seller.pk), "buyer": str(buyer.pk), "on": ON, "words": "Sold"}
    page = send(demo.client(AMINA), f"{CAPITAL}new/transfer/", **said, amount="10,000.01", price="3,900.00")
    assert "£0.01 more than the £10,000.00 that it holds" in page.problems()[0]
    page = send(demo.client(AMINA), f"{CAPITAL}new/transfer/", **said, amount="2,500.00", price="990.00", look="1")
    caption = "What moves from Oak Foundation to Elm Trust; the price of £990.00 is theirs"
    assert page.rows(caption)[0].startswith("Drawn | 4,000.00 | 1,000.00 | 3,000.00")
    decide(demo, propose(demo, "transfer", **said, amount="2,500.00", price="990.00"))
    assert csv_rows(demo.client(AMINA), CAPITAL)[1][1:4] == ["Elm Trust", "2500.00", "1000.00"]
    page = send(demo.client(AMINA), f"{CAPITAL}new/equalisation/", fund_class="SENIOR", rate="5", on=ON, words="Close")
    assert "so there is nothing to equalise" in page.problems()[0]


def test_the_order_of_payment_is_recorded_and_names_the_claim_that_is_wrong(demo: Demo) -> None:
    class_fund(demo)
    said = {"on": ON, "words": "The deed of November"}
    page = look(demo.client(AMINA), f"{CAPITAL}new/deed/")
    assert page.tree.xpath("//textarea[@name='steps']")[0].text.split() == ["fees", "income:1", "capital:1", "reserve"]
    assert "Numbers are ranks: 1 Senior." in page.text
    page = send(demo.client(AMINA), f"{CAPITAL}new/deed/", **said, steps="fees\nincome:1\nreserve")
    assert page.problems()[0].startswith("The order leaves out capital of Senior to be returned")
    circular = "fees\nreserve 5% of income:1\nincome:1\ncapital:1"
    assert (
        "The claim of the reserve (step 2) is circular"
        in (send(demo.client(AMINA), f"{CAPITAL}new/deed/", **said, steps=circular).problems()[0])
    )
    act = propose(demo, "deed", **said, steps="fees\nincome:1\nreserve 5% of income:1\ncapital:1")
    assert (
        decide(demo, act).rows("Version 2, first to be paid first")[2]
        == "3. The reserve | 5.00% of what income:1 is paid"
    )
    terms = {"fund_class": "SENIOR", "rank": "1", "target_return": "5", "unpaid": "accrues"}
    decide(demo, propose(demo, "class-terms", **terms))
    assert "rank 1 · 5.00% a year" in look(demo.client(AMINA), CAPITAL).text


def test_a_management_fee_is_agreed_by_two_people(demo: Demo) -> None:
    class_fund(demo)
    amina = demo.client(AMINA)
    page = look(amina, CAPITAL)
    assert "None is agreed." in page.text
    here = page.link("Agree one")
    assert here == f"{CAPITAL}new/fee-terms/"
    asked = {"base": "drawn", "rate": "1.5", "since": "2027-04-01", "on": ON, "words": "The deed"}
    page = send(amina, here, **asked, look="1")
    after = "1.50% a year of what is drawn, from 1 April 2027 on"
    assert page.rows("What the fund pays to be managed") == ["Before | nothing", f"Then | {after}"]
    act = propose(demo, "fee-terms", **asked)
    assert "None is agreed." in look(amina, CAPITAL).text
    assert "so somebody else has to check it" in decide(demo, act, by=AMINA).problems()[0]
    page = decide(demo, act)
    assert page.notices() == [f"{act} is approved: terms of the management fee of 16 November 2026."]
    page = look(amina, CAPITAL)
    assert "1.50% a year of what is drawn, from 1 April 2027." in page.text
    assert page.link("Change it") == here
    page = send(amina, here, **asked)
    assert page.problems()[0].startswith("From 1 April 2027 a fee of 1.50% a year of what is drawn is agreed.")
    assert amina.get(f"{CAPITAL}fee/").status_code == HTTPStatus.NOT_FOUND
    page = look(amina, f"{CAPITAL}acts/{act.pk}/")
    assert "Take it back" in page.text
    assert "Agreed on 16 November 2026" in page.text


def test_the_terms_of_a_class_in_force_are_filled_in(demo: Demo) -> None:
    class_fund(demo)
    ClassFund(demo.book, demo.user(AMINA), demo.user(TOM)).begins(MEZZANINE)

    def filled_in(path: str) -> tuple[str, list[str], list[str]]:
        page = look(demo.client(AMINA), path)
        chosen = page.tree.xpath("//select[@name='fund_class']/option/@value")
        values = [page.tree.xpath(f"string(//input[@name='{name}']/@value)") for name in RATES]
        return page.tree.xpath("string(//input[@name='unpaid'][@checked]/@value)"), chosen, values

    here = f"{CAPITAL}new/class-terms/"
    assert filled_in(here) == ("accrues", ["SENIOR"], ["1", "4", ""])
    mezzanine = look(demo.client(AMINA), here).link("Mezzanine")
    assert mezzanine == "?fund_class=MEZZ"
    assert filled_in(f"{here}{mezzanine}") == ("accrues", ["MEZZ"], ["2", "6", "8"])
    changed = {"fund_class": "SENIOR", "rank": "1", "target_return": "5", "unpaid": "lapses"}
    decide(demo, propose(demo, "class-terms", **changed))
    assert filled_in(here) == ("lapses", ["SENIOR"], ["1", "5", ""])
    unknown = {"fund_class": "GOLD", "rank": "1", "unpaid": "accrues", "on": ON, "words": "None"}
    assert send(demo.client(AMINA), here, **unknown).problems()


def class_fund(demo: Demo) -> ClassFund:
    """The demo's fund with a senior class, to which £4,000.00 is paid in."""
    oak = register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    fund = ClassFund(demo.book, demo.user(AMINA), demo.user(TOM))
    on = date.fromisoformat(ON)
    fund.begins(SENIOR)
    fund.commit("SENIOR", oak.code, 10_000_00, on)
    fund.call(["SENIOR"], 4_000_00, on, on)
    fund.pays("SENIOR", oak.code, 4_000_00, on)
    return fund


def test_a_page_that_is_sent_twice_pays_in_once(demo: Demo) -> None:
    fund = class_fund(demo)
    on = date.fromisoformat(ON)
    fund.call(["SENIOR"], 4_000_00, on, on)
    fund.holds("OAK", 4_000_00, on)
    oak = register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    amina = demo.client(AMINA)
    said = {"key": look(amina, f"{CAPITAL}new/payment/").value("key"), "on": ON, "fund_class": "SENIOR"}
    said |= {"investor": str(oak.pk), "amount": "1,000.00"}
    before = capital_acts(demo.book).count()
    for _ in range(2):
        page = send(amina, f"{CAPITAL}new/payment/", **said)
        assert page.notices() == [f"£1,000.00 of Oak Foundation is paid in ({capital_acts(demo.book)[0]})."]
    assert capital_acts(demo.book).count() == before + 1
    page = send(amina, f"{CAPITAL}new/payment/", **(said | {"amount": "2,000.00"}))
    assert "and says something else by now. Open the page anew" in page.problems()[0]
    key = look(amina, f"{CAPITAL}new/payment/").value("key")
    assert not send(amina, f"{CAPITAL}new/payment/", **(said | {"key": key})).problems()
    assert capital_acts(demo.book).count() == before + 2, "from another page it is another thousand"


def test_holdings_of_a_spreadsheet_move_in_after_a_look_and_a_second_person(demo: Demo) -> None:
    """The handbook's example, with its three files."""
    fund = ClassFund(demo.book, demo.user(AMINA), demo.user(TOM))
    fund.begins(SENIOR)
    for code, name in (("NRB", "Northmoor Regional Bank"), ("OAK", "Oak Foundation")):
        if not Investor.objects.filter(code=code).exists():
            register_investor(code=code, name=name, kind=InvestorKind.FOUNDATION)
    day = date.fromisoformat(ON)
    stands = -balances(demo.book, ["3010"], day)["3010"]
    fund.moves("1010/MAIN", "3010", 100_000_00 - to_minor(stands.amount, "GBP"), day)

    def files(totals: str = "") -> dict[str, SimpleUploadedFile]:
        read = {name: (EXAMPLE / f"{name}.csv").read_text() for name in ("holdings", "history", "totals")}
        read["totals"] = totals or read["totals"]
        return {name: SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in read.items()}

    asked = {"on": ON, "words": "From the spreadsheet of the fund"}
    new = f"{CAPITAL}new/moved-in/"
    wrong = (EXAMPLE / "totals.csv").read_text().replace("paid in,130000.00", "paid in,130000.01")
    page = send(demo.client(AMINA), new, **asked, **files(wrong), look="1")
    assert "“paid in” says £130,000.01, and the rows make £130,000.00, a difference of £0.01" in page.problems()[0]
    page = send(demo.client(AMINA), new, **asked, **files(), look="1")
    assert not page.problems()
    assert "Surplus left | 5,000.00 | ties" in page.rows("Control totals of 2 holders, with 6 dated flows from before")
    assert not capital_acts(demo.book).filter(kind=ActKind.MOVED_IN).exists()
    act = propose(demo, "moved-in", **asked, **files())  # type: ignore[arg-type]
    assert "is approved: holdings moved in of 16 November 2026" in decide(demo, act).notices()[0]
    page = look(demo.client(AMINA), CAPITAL)
    assert "65,000.00" in page.text
    page = send(demo.client(AMINA), new, **asked, **files())
    assert "NRB stands in SENIOR here already" in page.problems()[0]
