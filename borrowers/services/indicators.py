"""Saying what is counted, and bringing in the catalogue."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from borrowers.domain.catalogue import CATALOGUE
from borrowers.domain.errors import IndicatorUnclear
from borrowers.domain.indicators import Definition
from borrowers.models import Indicator


def define_indicator(definition: Definition) -> Indicator:
    """Say what is counted. Raises IndicatorUnclear where the code is in use, or what weighs an average is not there."""
    return _define(definition, is_own=True)


@transaction.atomic
def load_catalogue() -> list[Indicator]:
    """Add what is missing of the catalogue, and say what was added; what stands is left as it is."""
    known = set(Indicator.objects.filter(code__in=[one.code for one in CATALOGUE]).values_list("code", flat=True))
    return [_define(one, is_own=False) for one in CATALOGUE if one.code not in known]


def _define(one: Definition, *, is_own: bool) -> Indicator:
    weighs = Indicator.objects.filter(code=one.weighted_by).first() if one.weighted_by else None
    if one.weighted_by and weighs is None:
        raise IndicatorUnclear(
            f"The indicator {one.code!r} is weighted by {one.weighted_by!r}, which is not there. "
            "Define that one first; nothing was changed."
        )
    try:
        with transaction.atomic():
            return Indicator.objects.create(
                code=one.code,
                name=one.name.strip(),
                unit=one.unit.strip(),
                direction=one.direction,
                question=one.question,
                hint=one.hint,
                measure=one.measure,
                adds_up=one.adds_up,
                weighted_by=weighs,
                least=one.range.least,
                most=one.range.most,
                decimals=one.range.decimals,
                area=one.area or "",
                groups=list(one.groups),
                iris_id=one.iris_id,
                iris_version=one.iris_version,
                sdg_targets=list(one.sdg_targets),
                needs_baseline=one.needs_baseline,
                from_ledger=one.from_ledger,
                is_own=is_own,
            )
    except IntegrityError as error:
        raise IndicatorUnclear(
            f"There is an indicator {one.code!r} already. Choose another code; nothing was changed."
        ) from error
