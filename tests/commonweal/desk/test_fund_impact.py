"""What the money helped to do: on the desk, in the investor's portal, over the API and as a statement of the fund."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pikepdf

from borrowers.domain.accounts import AccountsKind, AccountsSpan
from commonweal.demo import story
from commonweal.documents.impact_as_at import render_as_at
from investors.impact_sections import fund_picture, share_text
from investors.queries import value_proxies
from tests.borrowers import builders as said_by
from tests.demo import Demo
from tests.pages import look, send

AT = "2026-09-30"
END = date(2026, 10, 1)


def give_accounts(demo: Demo) -> None:
    """The shop's accounts say what finances it: £50,000, our loan among it."""
    said_by.accounts(
        demo.loan.organisation,
        span=AccountsSpan(date(2025, 7, 1), date(2026, 7, 1)),
        kind=AccountsKind.ANNUAL,
        figures=said_by.figures(total_debt="40000", net_assets="10000"),
        by=demo.user(story.JO),
    )


def test_the_desk_says_supported_and_our_share_once_accounts_are_on_file(demo: Demo) -> None:
    client, page = demo.client(story.TOM), "/desk/harbour-hills/impact/year/"
    before = look(client, page, as_of=AT).text
    assert "Of 1 business nothing is claimed: no accounts say what finances it." in before
    give_accounts(demo)
    said = look(client, page, as_of=AT).text
    total = fund_picture(demo.book, END).year.figures().totals[0].total
    assert total.our_share is not None
    assert f" {share_text(total.our_share)} " in said
    assert "Supported does not mean caused" in said


def test_the_parts_of_the_investors_sum_to_the_funds(demo: Demo) -> None:
    give_accounts(demo)
    year = fund_picture(demo.book, END).year
    whole = year.figures().totals[0].total.our_share
    parts = [year.figures(code).totals[0].total.yours for code in ("NRB", "TST", "LOT")]
    assert sum(part for part in parts if part is not None) == whole
    said = look(demo.client(story.HANA), "/investor/impact/", as_of=AT).text
    assert "What your money helped to do" in said


def test_a_value_is_printed_only_while_what_two_people_agreed_counts(demo: Demo) -> None:
    give_accounts(demo)
    first = fund_picture(demo.book, END).year.figures().totals[0]
    share, manager, finance = first.total.our_share, demo.client(story.TOM), demo.client(story.AMINA)
    assert share is not None
    typed = {"indicator": first.indicator.pk, "amount": "9,000", "source": "Own study of 40 jobs"}
    days = {"as_of": "2026-04-01", "valid_from": "2026-01-01"}
    taken = {"deadweight": "25", "others": "10", "displacement": "0", "drop_off": "20"}
    worth, year = "/desk/harbour-hills/impact/worth/", "/desk/harbour-hills/impact/year/"
    refused = send(manager, f"{worth}new/", **typed, **days, **{**taken, "deadweight": "101"})
    assert "Deadweight of 101" in refused.text
    send(manager, f"{worth}new/", **typed, **days, **taken)
    made = value_proxies(demo.book).get()
    heading = "What the fund says that it is worth"
    assert heading not in look(manager, year, as_of=AT).text
    decided = {"decision": "approve", "sha256": made.content_sha256}
    assert "somebody else has to check it" in send(manager, f"{worth}{made.pk}/decide/", **decided).text
    send(finance, f"{worth}{made.pk}/decide/", **decided)
    shown = look(manager, year, as_of=AT).text
    value = share * 9000 * Fraction(27, 40)
    for said in (
        heading,
        "Own study of 40 jobs, prices of 1 April 2026",
        "deadweight 25%, attribution to others 10%, displacement 0%, drop-off a year 20%",
        f"£{round(value):,}",
        "no money",
    ):
        assert said in shown, said
    assert heading not in look(manager, year, as_of="2025-12-31").text
    figures = [row for row in fund_picture(demo.book, END).impact().rows() if "value, no money" in str(row[4])]
    assert len(figures) == 7


def test_a_program_reads_the_same(demo: Demo) -> None:
    give_accounts(demo)
    found = fund_picture(demo.book, END).impact()
    answer = demo.client(story.TOM).get(f"/api/v1/books/harbour-hills/impact/?as_of={AT}").json()
    assert [one["supported"] for one in answer["outcomes"]] == [str(one.supported) for one in found.outcomes]
    assert [Decimal(one["our_share"]) for one in answer["outcomes"]] == [one.our_share for one in found.outcomes]
    assert {one["iris"] for one in answer["ledger"]} == {one.iris for one in found.answers}
    moved = [Decimal(one["amount"]["amount"]) for one in answer["principal_moved"]]
    opening, closing = (Decimal(answer[f"principal_{end}"]["amount"]) for end in ("opening", "closing"))
    assert moved
    assert opening + sum(moved) == closing
    assert sum(Decimal(one["principal"]["amount"]) for one in answer["sectors"]) == closing
    assert sum(Decimal(one["principal"]["amount"]) for one in answer["regions"]) == closing
    assert answer["stories_kept_back"] == 0


def test_the_statement_of_the_fund_has_its_figures_attached_and_the_same_bytes_twice(demo: Demo) -> None:
    give_accounts(demo)
    impact = fund_picture(demo.book, END).impact()
    made = render_as_at(demo.book, impact)
    assert made == render_as_at(demo.book, impact)
    with pikepdf.open(BytesIO(made)) as pdf:
        attached = pdf.attachments["impact-harbour-hills-2026-09-30.csv"].get_file().read_bytes().decode()
    assert "People in work,supported,5,people" in attached
    answer = demo.client(story.TOM).get(f"/desk/harbour-hills/impact/statement/?as_of={AT}")
    assert answer.content == made
