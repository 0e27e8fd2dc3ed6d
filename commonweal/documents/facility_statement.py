"""The statement of a lender to the fund: what is owed at a glance, and how every figure came about."""

from typing import Any

from commonweal.documents.loan_statement import balance_chart, payments_chart, shown_rows, sums
from commonweal.documents.words import period, symbol
from investors.facility_statement import FacilityStatement

TEMPLATE = "documents/facility_statement.html"


def context(statement: FacilityStatement) -> dict[str, Any]:
    """What the template needs beside the statement itself."""
    return {
        "statement": statement,
        "head": statement.head,
        "period": period(statement.head.period_start, statement.head.period_end),
        "sign": symbol(statement.currency),
        "schedule": list(shown_rows(statement)),
        "sums": sums(statement),
        "charts": {"balance": balance_chart(statement), "payments": payments_chart(statement)},
    }
