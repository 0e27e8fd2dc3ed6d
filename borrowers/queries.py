"""Which community businesses are there, what do they claim and report, and what do their accounts say?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Max, Prefetch, QuerySet

from borrowers.domain.outcomes import Use
from borrowers.domain.readings import Answer
from borrowers.keys import among
from borrowers.models import (
    Accounts,
    ClaimIndicator,
    Consent,
    HandoverNote,
    Indicator,
    Organisation,
    OutcomeClaim,
    Reading,
    ReadingPart,
)


def organisations() -> QuerySet[Organisation]:
    """All community businesses, by name."""
    return Organisation.objects.order_by("name", "pk")


def indicators() -> QuerySet[Indicator]:
    """All indicators, by name."""
    return Indicator.objects.select_related("weighted_by").order_by("name")


def asked_indicators() -> QuerySet[Indicator]:
    """The indicators that a business may be asked for: all but those that the ledger answers."""
    return indicators().filter(from_ledger=False)


def indicator_by_code(code: str) -> Indicator | None:
    """The indicator with this code, if there is one."""
    return Indicator.objects.filter(code=code).first()


def current_readings(organisation: Organisation) -> QuerySet[Reading]:
    """The figures of a business that stand, each period once, the oldest first."""
    return _figures().filter(organisation=organisation).order_by("indicator__name", "period_end", "pk")


def current_readings_of(organisations: Iterable[Organisation]) -> QuerySet[Reading]:
    """The figures of many businesses that stand, the oldest period first; other answers are left out."""
    return _figures().filter(among("organisation", organisations)).order_by("period_end", "pk")


def current_answers(organisation: Organisation) -> QuerySet[Reading]:
    """All that a business said and that stands, “nothing to report” and the like among it."""
    return _standing().filter(organisation=organisation).order_by("indicator__name", "period_end", "pk")


def current_answers_of(organisations: Iterable[Organisation]) -> QuerySet[Reading]:
    """All that many businesses said and that stands, the oldest period first."""
    return _standing().filter(among("organisation", organisations)).order_by("period_end", "pk")


def readings_of(organisation: Organisation, indicator: Indicator) -> QuerySet[Reading]:
    """The figures of one indicator that stand, the oldest period first."""
    return _figures().filter(organisation=organisation, indicator=indicator).order_by("period_end", "pk")


def readings_told(organisations: Iterable[int], until: date) -> tuple[int, int]:
    """How many readings there are of businesses, by their keys, for periods over by `until`, and the last one's key.

    Nothing is taken from what was said, so two equal answers mean that nothing was said in between. One query.
    """
    told = Reading.objects.filter(among("organisation", organisations), period_end__lte=until)
    found = told.aggregate(count=Count("pk"), last=Max("pk"))
    return found["count"], found["last"] or 0


def readings_by_indicator(indicator: Indicator) -> QuerySet[Reading]:
    """What all businesses said of one indicator and stands, the latest period first."""
    return _standing().filter(indicator=indicator).order_by("-period_end", "organisation__name", "pk")


def latest_reading(organisation: Organisation, indicator: Indicator, *, as_of: date) -> Reading | None:
    """The standing figure of the latest period that was over on `as_of`."""
    return readings_of(organisation, indicator).filter(period_end__lte=as_of).last()


def history_of(reading: Reading) -> tuple[Reading, ...]:
    """A reading and those that it replaces, the latest first: nothing that was once said is lost."""
    told = [reading]
    while told[-1].replaces is not None:
        told.append(told[-1].replaces)
    return tuple(told)


def restatements_of(organisations: Iterable[Organisation]) -> QuerySet[Reading]:
    """The readings that stand in place of an earlier one, each with that one, the latest first."""
    found = _standing().filter(among("organisation", organisations), replaces__isnull=False)
    return found.select_related("replaces__recorded_by").order_by("-recorded_at", "-pk")


def parts_of(readings: Iterable[Reading]) -> dict[int, list[ReadingPart]]:
    """The parts by group of many readings, by the reading's key."""
    found: dict[int, list[ReadingPart]] = defaultdict(list)
    for part in ReadingPart.objects.filter(among("reading", readings)).order_by("pk"):
        found[part.reading_id].append(part)
    return dict(found)


def claims_of(organisations: Iterable[Organisation]) -> QuerySet[OutcomeClaim]:
    """What businesses say that they change, as it stands, each with the indicators that show it."""
    shown_by = Prefetch("shown_by", ClaimIndicator.objects.select_related("indicator").order_by("pk"))
    found = OutcomeClaim.objects.filter(among("organisation", organisations), replaced_by__isnull=True)
    return found.select_related("organisation", "claimed_by").prefetch_related(shown_by).order_by("organisation", "pk")


def consents_of(organisations: Iterable[Organisation]) -> dict[tuple[int, Use], Consent]:
    """What each business said last of each use, by its key and the use; one that it never spoke of is not there."""
    found = Consent.objects.filter(among("organisation", organisations)).select_related("said_by")
    latest = found.order_by("organisation_id", "use", "-pk").distinct("organisation_id", "use")
    return {(one.organisation_id, Use(one.use)): one for one in latest}


def who_allows(organisations: Iterable[Organisation], use: Use) -> set[int]:
    """The keys of the businesses that allow a use now; silence is a no."""
    return {key for (key, about), one in consents_of(organisations).items() if about is use and one.is_given}


def notes_of(organisation: Organisation) -> QuerySet[HandoverNote]:
    """All that a business's people left for whoever comes next, the latest first."""
    return HandoverNote.objects.filter(organisation=organisation).select_related("written_by").order_by("-pk")


def latest_note(organisation: Organisation) -> HandoverNote | None:
    """What a business's people left for whoever comes next."""
    return notes_of(organisation).first()


def current_accounts(organisation: Organisation) -> QuerySet[Accounts]:
    """The accounts of a business that stand, the latest days first."""
    return current_accounts_of([organisation]).order_by("-period_end", "-period_start", "-pk")


def current_accounts_of(organisations: Iterable[Organisation]) -> QuerySet[Accounts]:
    """The accounts of many businesses that stand, the earliest days first."""
    standing = Accounts.objects.filter(among("organisation", organisations), replaced_by__isnull=True)
    found = standing.select_related("organisation", "recorded_by", "replaces__recorded_by")
    return found.order_by("period_end", "period_start", "pk")


def accounts_history(accounts: Accounts) -> tuple[Accounts, ...]:
    """Accounts and those that they replace, the latest first: nothing that was once said is lost."""
    told = [accounts]
    while told[-1].replaces is not None:
        told.append(told[-1].replaces)
    return tuple(told)


def _standing() -> QuerySet[Reading]:
    found = Reading.objects.filter(replaced_by__isnull=True)
    return found.select_related("indicator", "organisation", "recorded_by", "confirmation")


def _figures() -> QuerySet[Reading]:
    return _standing().filter(answer=Answer.VALUE)
