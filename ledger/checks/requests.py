"""Is every entry what a posting request asked for, and every approved one what two people agreed to?

The canonical texts are built here in SQL and in `ledger.services` in Python: each holds the other to its word.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.checks.entries import PAST_THE_GUARDS
from ledger.checks.finding import Finding, rows
from ledger.models import Book

LISTED = """
    SELECT coalesce(entry.id, listed.entry_id), count(listed.request_id), bool_or(entry.id IS NULL)
    FROM (SELECT id, request_id FROM ledger_journalentry WHERE book_id = %(book)s) entry
    FULL JOIN (SELECT id AS request_id, unnest(entry_ids) AS entry_id
               FROM ledger_postingrequest WHERE book_id = %(book)s) listed ON listed.entry_id = entry.id
    GROUP BY coalesce(entry.id, listed.entry_id)
    HAVING count(listed.request_id) <> 1 OR bool_or(listed.request_id IS DISTINCT FROM entry.request_id)
    ORDER BY 1
"""

WITH_TEXTS = """
    WITH lines AS MATERIALIZED (
        SELECT posting.entry_id, string_agg(
            '[' || to_json(account.code) || ',' || posting.amount || ',' || to_json(account.currency) || ']', ','
            ORDER BY posting.line_no) AS text
        FROM ledger_posting posting JOIN ledger_account account ON account.id = posting.account_id
        WHERE account.book_id = %(book)s
        GROUP BY posting.entry_id
    ), texts AS (
        SELECT entry.id AS entry_id, coalesce(entry.approval_id::text, 'null') AS approval, lines.text AS lines,
               to_json(to_char(entry.effective_on, 'YYYY-MM-DD')) || ',' || to_json(entry.narrative) || ','
               || to_json(entry.kind) || ',' || to_json(entry.source) || ','
               || coalesce(entry.reverses_id::text, 'null') AS head
        FROM ledger_journalentry entry JOIN lines ON lines.entry_id = entry.id
        WHERE entry.book_id = %(book)s
    )
"""
OTHER_CONTENT = """
    SELECT request.key, request.entry_ids[1]
    FROM ledger_postingrequest request
    CROSS JOIN LATERAL unnest(request.entry_ids) WITH ORDINALITY asked(entry_id, place)
    LEFT JOIN texts ON texts.entry_id = asked.entry_id
    WHERE request.book_id = %(book)s
    GROUP BY request.id
    HAVING request.fingerprint IS DISTINCT FROM encode(sha256(convert_to('[' || string_agg(
        '[' || texts.head || ',' || texts.approval || ',[' || texts.lines || ']]', ',' ORDER BY asked.place)
        || ']', 'UTF8')), 'hex')
    ORDER BY request.id
"""
APPROVED = """
    SELECT entry.id, entry.kind, entry.source, approval.id IS NULL, approval.subject,
           approval.made_by_id = approval.checked_by_id OR approval.checked_by_id <> request.posted_by_id,
           coalesce(approval.content_sha256 = encode(sha256(convert_to(
             encode(sha256(convert_to('[[' || texts.head || ',null,[' || texts.lines || ']]]', 'UTF8')), 'hex')
             || ':' || attachment.sha256, 'UTF8')), 'hex'), false)
    FROM ledger_journalentry entry
    LEFT JOIN ledger_postingrequest request ON request.id = entry.request_id
    LEFT JOIN ledger_approval approval ON approval.id = entry.approval_id
    LEFT JOIN texts ON texts.entry_id = entry.id
    LEFT JOIN ledger_journaldraft draft ON 'journal:' || draft.id = entry.source AND draft.book_id = entry.book_id
    LEFT JOIN ledger_attachment attachment ON attachment.id = draft.attachment_id
    WHERE entry.book_id = %(book)s
      AND (entry.approval_id IS NOT NULL OR entry.kind IN ('opening', 'manual', 'year-end'))
    ORDER BY entry.id
"""
ALTERED_ATTACHMENTS = """
    SELECT draft.id, attachment.name, attachment.sha256
    FROM ledger_journaldraft draft JOIN ledger_attachment attachment ON attachment.id = draft.attachment_id
    WHERE draft.book_id = %(book)s AND attachment.sha256 <> encode(sha256(attachment.content), 'hex')
    ORDER BY draft.id
"""


def entries_have_one_request(book: Book) -> Iterator[Finding]:
    """Every entry is listed by exactly one posting request, the one that it names, and every listed entry stands."""
    for entry, times, is_gone in rows(LISTED, book):
        if is_gone:
            what = "a posting request lists it, and it is gone"
        elif times == 1:
            what = "another posting request lists it than the one that it names"
        else:
            what = f"{times} posting requests list it; one must"
        yield Finding("entry-request", f"E-{entry}", f"{what}. {PAST_THE_GUARDS}")


def requests_match_their_content(book: Book) -> Iterator[Finding]:
    """Every posting request's fingerprint is that of the entries that stand."""
    for key, first in rows(OTHER_CONTENT, book, using=WITH_TEXTS):
        message = f"what stands from E-{first} on is not what was asked for under this key. {PAST_THE_GUARDS}"
        yield Finding("request-content", key, message)


def approvals_cover_their_entries(book: Book) -> Iterator[Finding]:
    """Every entry that needs four eyes has an approval by two people of exactly its content and attachment."""
    for entry, kind, source, is_missing, subject, is_one_person, is_content in rows(APPROVED, book, using=WITH_TEXTS):
        needs_journal = kind in ("opening", "manual", "year-end")
        if is_missing:
            what = f"an entry of kind {kind} needs an approval, and it has none"
        elif is_one_person:
            what = "its approval does not show two people, of whom the second posted it"
        elif needs_journal and subject != source:
            what = f"its approval is of {subject}, not of {source or 'a journal'}"
        elif needs_journal and not is_content:
            what = f"its content or attachment is not what was approved as {subject}"
        else:
            continue
        yield Finding("approval", f"E-{entry}", f"{what}. {PAST_THE_GUARDS}")


def attachments_are_what_was_kept(book: Book) -> Iterator[Finding]:
    """Every attachment of a manual journal has the content that its hash says."""
    for draft, name, sha256 in rows(ALTERED_ATTACHMENTS, book):
        message = f"{name} is not the file with the hash {sha256[:12]}… that was attached. {PAST_THE_GUARDS}"
        yield Finding("attachment", f"J-{draft}", message)
