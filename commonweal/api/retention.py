"""How long is an answer under an idempotency key kept?"""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from commonweal.api.models import IdempotentAnswer

KEPT_DAYS, LEAST_DAYS = 90, 7
"""How long an answer is kept unless somebody says otherwise, and at least."""


def forget_answers(*, days: int = KEPT_DAYS) -> int:
    """Remove the answers given more than so many days ago, by the database's clock; says how many.

    A request that is repeated later is a new one: what it does is refused, or done once more, by the books alone. The
    database refuses to remove any of the last `LEAST_DAYS`.
    """
    removed, _ = IdempotentAnswer.objects.filter(answered_at__lt=Now() - timedelta(days=days)).delete()
    return removed
