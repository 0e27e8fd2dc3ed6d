"""A return is agreed, opens when its period is over, keeps each step, and is sent once: its answers are readings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from borrowers.domain.errors import ReadingOutOfRange
from borrowers.domain.outcomes import Use
from borrowers.domain.readings import ReadingPeriod, ShownBy
from borrowers.models import Indicator, Reading
from borrowers.queries import current_answers, history_of, indicators
from borrowers.services import load_catalogue, say_consents
from ledger.domain.file_errors import FileRefused
from loans import returns_queries as queries
from loans.domain.errors import ReturnPlanRefused, ReturnRefused, StoryRefused, TargetRefused
from loans.domain.returns import ReturnAnswerKind, ReturnCalendar, ReturnState
from loans.models import ImpactReturn, Loan, ReturnQuestion
from loans.services import (
    Promise,
    Step,
    Upload,
    agree_returns,
    open_returns,
    promise_impact,
    save_answer,
    send_return,
    tell_story,
    withdraw_story,
)
from tests.borrowers.builders import people_in_work, reading
from tests.ledger.odd_files import PDF
from tests.loans.builders import Fund, make_drawn_loan, make_fund

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 23)
YEARLY = ReturnCalendar(date(2025, 10, 1), 12, 76)
ASKED = ("people-in-work", "people-reached", "volunteer-hours", "revenue")


@dataclass
class Story:
    """A fund, its loan, and what its business is asked."""

    fund: Fund
    loan: Loan

    def agree(self, *codes: str, **changes: Any) -> Any:
        chosen = {one.code: one for one in indicators()}
        given: dict[str, Any] = {"calendar": YEARLY, "on": ON, "by": self.fund.tom} | changes
        of: dict[str, Any] = {"book": self.fund.book, "organisation": self.loan.organisation}
        return agree_returns(**of, indicators=[chosen[code] for code in codes or ASKED], **given)

    def opened(self) -> ImpactReturn:
        (found,) = open_returns(book=self.fund.book, on=ON)
        return found

    def save(self, found: ImpactReturn, place: int, value: str = "", **step: Any) -> Any:
        given = {"answer": ReturnAnswerKind.VALUE, "value": Decimal(value) if value else None} | step
        question = found.plan.questions.get(place=place)
        return save_answer(impact_return=found, question=question, step=Step(**given), by=self.fund.priya)

    def send(self, found: ImpactReturn) -> Any:
        return send_return(impact_return=found, on=ON, by=self.fund.priya)


@pytest.fixture
def story() -> Story:
    load_catalogue()
    fund = make_fund(today=ON)
    return Story(fund, make_drawn_loan(fund))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_start": date(2025, 10, 2)}, "first_start"),
        ({"every_months": 5}, "every_months"),
        ({"due_days": 7}, "due_days"),
    ],
)
def test_a_calendar_has_sensible_days(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ReturnPlanRefused) as refused:
        replace(YEARLY, **changes)
    assert refused.value.field == field


def test_three_to_six_questions_are_agreed_and_changed_only_with_consent(story: Story) -> None:
    with pytest.raises(ReturnPlanRefused, match="3 to 6 questions; 2 are chosen"):
        story.agree("people-in-work", "revenue")
    with pytest.raises(ReturnPlanRefused, match="what the ledger answers by itself"):
        story.agree("people-in-work", "revenue", "lent-value")
    first = story.agree()
    with pytest.raises(ReturnPlanRefused, match="Say who of it agreed to the change"):
        story.agree("people-in-work", "revenue", "homes")
    second = story.agree("people-in-work", "revenue", "homes", consented="Jo Armstrong, by telephone")
    assert queries.return_plan_of(story.fund.book, story.loan.organisation) == second
    assert second.replaces == first
    assert [one.indicator.code for one in second.questions.all()] == ["people-in-work", "revenue", "homes"]


def test_a_return_opens_once_for_each_period_that_is_over(story: Story) -> None:
    story.agree(calendar=ReturnCalendar(date(2026, 1, 1), 3, 30))
    assert open_returns(book=story.fund.book, on=date(2026, 3, 31)) == []
    opened = open_returns(book=story.fund.book, on=date(2026, 10, 1))
    assert [(one.period_end, one.due_on) for one in opened] == [
        (date(2026, 10, 1), date(2026, 10, 31)),
        (date(2026, 7, 1), date(2026, 7, 31)),
        (date(2026, 4, 1), date(2026, 5, 1)),
    ]
    assert open_returns(book=story.fund.book, on=date(2026, 10, 1)) == []
    last = queries.returns_in(story.fund.book).first()
    assert last is not None
    assert [last.state(date(2026, 10, day)) for day in (31, 30)] == [ReturnState.OPEN, ReturnState.OPEN]
    assert last.state(date(2026, 11, 1)) is ReturnState.LATE


def test_each_step_is_kept_and_sending_makes_readings_once(story: Story) -> None:
    story.agree()
    shop, found = story.loan.organisation, story.opened()
    story.save(found, 1, "5")
    story.save(found, 1, "6", shown_by=ShownBy.RECORD, upload=Upload("payroll.pdf", PDF))
    story.save(found, 1, "7", shown_by=ShownBy.RECORD, source="Payroll, September")
    story.save(found, 2, answer=ReturnAnswerKind.NOTHING)
    with pytest.raises(ReturnRefused, match="Question 3 has no answer yet"):
        story.send(found)
    assert not Reading.objects.exists()
    assert not hasattr(ImpactReturn.objects.get(), "sent")
    story.save(found, 3, answer=ReturnAnswerKind.HELP)
    story.save(found, 4, "91250.50")
    sent = story.send(found)
    assert story.send(found) == sent
    read = {one.indicator.code: one for one in current_answers(shop)}
    assert {code: (one.answer, one.value, one.grade) for code, one in read.items()} == {
        "people-in-work": ("value", Decimal(7), "B"),
        "people-reached": ("nothing", None, ""),
        "revenue": ("value", Decimal("91250.5"), "D"),
    }
    (shown,) = queries.evidence_of(read.values())[read["people-in-work"].pk]
    assert shown.file.name == "payroll.pdf"
    with pytest.raises(ReturnRefused, match="was sent already"):
        story.save(found, 1, "8")


def test_what_the_fund_recorded_meanwhile_gives_way_and_stays(story: Story) -> None:
    story.agree("people-in-work", "revenue", "homes")
    shop, found = story.loan.organisation, story.opened()
    people = indicators().get(code="people-in-work")
    earlier = reading(shop, people, value=Decimal(4), period=ReadingPeriod(date(2025, 10, 1), date(2026, 10, 1)))
    story.save(found, 1, "6")
    for place in (2, 3):
        story.save(found, place, answer=ReturnAnswerKind.NOT_APPLICABLE)
    story.send(found)
    stands = current_answers(shop).get(indicator=people)
    assert history_of(stands) == (stands, earlier)


def test_what_cannot_be_right_is_not_kept(story: Story) -> None:
    story.agree()
    found = story.opened()
    with pytest.raises(ReadingOutOfRange, match="below 0"):
        story.save(found, 1, "-1")
    with pytest.raises(FileRefused):
        story.save(found, 1, "6", upload=Upload("payroll.pdf", b"MZ\x90\x00 an executable"))
    other = ReturnQuestion(plan_id=found.plan_id + 1, indicator=indicators()[0], place=1)
    step = Step(answer=ReturnAnswerKind.NOTHING)
    with pytest.raises(ReturnRefused, match="of another return"):
        save_answer(impact_return=found, question=other, step=step, by=story.fund.priya)
    assert queries.answers_to([found]) == {}


@pytest.mark.parametrize("table", ["impactreturn", "returnanswer", "returnsent", "returnplan", "returnquestion"])
def test_the_database_refuses_to_change_what_was_said(story: Story, table: str) -> None:
    story.agree("people-in-work", "revenue", "homes")
    found = story.opened()
    for place in (1, 2, 3):
        story.save(found, place, answer=ReturnAnswerKind.NOTHING)
    story.send(found)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(f"loans_{table}")))


@pytest.mark.parametrize(
    ("baseline", "target", "said"),
    [
        (None, "6", "needs a baseline: without one nobody can tell what changed"),
        ("6", "4", "should increase, and the target of 4 goes the other way from 6"),
        ("3", "4.5", "counted in whole numbers"),
    ],
)
def test_a_target_needs_its_baseline_and_its_direction(
    story: Story, baseline: str | None, target: str, said: str
) -> None:
    people: Indicator = indicators().get(code="people-in-work")
    on = date(2025, 4, 1) if baseline else None
    promise = Promise(Decimal(baseline) if baseline else None, on, Decimal(target), date(2028, 4, 1))
    with pytest.raises((TargetRefused, ReadingOutOfRange), match=said):
        promise_impact(loan=story.loan, indicator=people, promise=promise, by=story.fund.tom)


def test_a_target_without_a_baseline_stands_where_none_is_needed(story: Story) -> None:
    homes = indicators().get(code="homes")
    promise = Promise(None, None, Decimal(2), date(2028, 4, 1))
    made = promise_impact(loan=story.loan, indicator=homes, promise=promise, by=story.fund.tom)
    assert (made.baseline, made.baseline_on, made.target) == (None, None, Decimal(2))


def test_a_story_is_shown_only_with_consent(story: Story) -> None:
    shop, jo = story.loan.organisation, story.fund.priya
    of: dict[str, Any] = {"book": story.fund.book, "organisation": shop, "on": ON, "by": jo}
    with pytest.raises(StoryRefused, match="this text 0"):
        tell_story(title="The fridge", text=" ", **of)
    with pytest.raises(StoryRefused, match="title of 1 to 120 characters"):
        tell_story(title="f" * 121, text="It hums.", **of)
    told = tell_story(title="The fridge", text="It hums.", **of)
    assert queries.shown_stories_of([shop]) == []
    say_consents(organisation=shop, given={Use.STORY: True}, on=ON, by=jo)
    assert queries.shown_stories_of([shop]) == [(told, False)]
    better = tell_story(title="The fridge", text="It hums quietly.", replaces=told, **of)
    assert [one for one, _ in queries.shown_stories_of([shop])] == [better]
    say_consents(organisation=shop, given={Use.STORY: False}, on=ON, by=jo)
    assert queries.shown_stories_of([shop]) == []


def test_one_story_is_taken_back_and_the_others_stay(story: Story) -> None:
    shop, jo = story.loan.organisation, story.fund.priya
    of: dict[str, Any] = {"book": story.fund.book, "organisation": shop, "on": ON, "by": jo, "text": "It hums."}
    say_consents(organisation=shop, given={Use.STORY: True}, on=ON, by=jo)
    fridge, till = (tell_story(title=title, **of) for title in ("The fridge", "The till"))
    first = withdraw_story(story=fridge, on=ON, by=jo)
    assert withdraw_story(story=fridge, on=ON, by=story.fund.tom) == first, "again, nothing happens"
    assert [one for one, _ in queries.shown_stories_of([shop])] == [till]
    assert list(queries.every_story_of([shop])) == [till, fridge]
    with pytest.raises(DatabaseError), transaction.atomic():
        first.delete()


def test_an_own_indicator_is_asked_as_well(story: Story) -> None:
    people_in_work(code="swimmers", name="Swimmers")
    assert story.agree("swimmers", "homes", "revenue").questions.first().indicator.asked == "Swimmers: how many people?"
