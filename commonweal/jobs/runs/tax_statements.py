"""The run that issues the tax statements of a tax year."""

from __future__ import annotations

from typing import Any

from commonweal.access.models import User
from commonweal.jobs.leases import progress, told_to
from commonweal.jobs.letters import ask_to_send
from commonweal.jobs.models import Job
from commonweal.jobs.registry import job
from commonweal.jobs.tax_relief import issue_tax_statements, tax_year_in
from commonweal.letters.writing import tell_statement
from ledger.queries import book_by_code


@job("issue_tax_statements")
def run(asked: Job) -> dict[str, Any]:
    """Issue them one by one, and tell whom they are for; a run that was cut off starts again and finds what stands."""
    book = book_by_code(asked.arguments["book"])
    if book is None or not isinstance(asked.requested_by, User):
        raise LookupError("the job names a book or a person that does not exist")
    year = tax_year_in(asked.arguments["tax_year"])
    issued = issue_tax_statements(book=book, tax_year=year, by=asked.requested_by, progress=told_to(asked))
    for one in issued:
        tell_statement(one.document, f"the tax year {year}")
    ask_to_send(book=book, by=asked.requested_by)
    new = sum(1 for one in issued if not one.repeated)
    words = f"{new} tax statements issued for {year}, {len(issued) - new} stood already."
    progress(asked, done=len(issued), total=len(issued), note=words)
    return {"issued": new, "stood": len(issued) - new, "words": words}
