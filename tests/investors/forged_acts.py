"""Acts of capital as somebody would write them who comes past the services, for the database to refuse."""

from __future__ import annotations

from django.db import connection

from investors.models import CapitalAct, CapitalDecision
from ledger.services import approve
from tests.investors.fund_in_classes import ClassFund


def forged(act: CapitalAct, old: str, new: str) -> CapitalAct:
    """An act and its lines with another text, as somebody would write them who comes past the services."""
    content = act.content.replace(old, new)
    assert content != act.content
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO investors_capitalact (book_id, number, kind, effective_on, words, content, content_sha256,"
            " line_count, proposed_by_id) SELECT book_id, number + 1, kind, effective_on, words, %s,"
            " encode(sha256(convert_to(%s, 'UTF8')), 'hex'), line_count, proposed_by_id"
            " FROM investors_capitalact WHERE id = %s RETURNING id",
            [content, content, act.pk],
        )
        (made,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO investors_capitalline (act_id, line_number, fund_class_id, investor_id, effect, amount,"
            " residue, why) SELECT whole.id, line.nr, class.id, investor.id, line.value ->> 2,"
            " (line.value ->> 3)::bigint, (line.value ->> 4)::bigint, line.value ->> 5"
            " FROM investors_capitalact whole, jsonb_array_elements(whole.content::jsonb -> 'lines')"
            " WITH ORDINALITY AS line (value, nr), investors_fundclass class, investors_investor investor"
            " WHERE whole.id = %s AND class.code = line.value ->> 0 AND investor.code = line.value ->> 1",
            [made],
        )
    return CapitalAct.objects.get(pk=made)


def approve_past_the_services(act: CapitalAct, fund: ClassFund) -> CapitalDecision:
    """Priya approves an act, and nobody but the database looks."""
    approval = approve(
        subject=f"capital-act:{act.pk}",
        content_sha256=act.content_sha256,
        made_by=act.proposed_by,
        made_at=act.proposed_at,
        checked_by=fund.priya,
    )
    return CapitalDecision.objects.create(act=act, outcome="approved", approval=approval, decided_by=fund.priya)
