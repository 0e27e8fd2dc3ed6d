"""Bank lines through the API: what each could be for, matching it to its parts, undoing that; the reconciliation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.bank import BankLineOut
from commonweal.api.fields import Count, Day, MoneyField, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from commonweal.api.previews import EntryToComeOut, entry_to_come
from commonweal.jobs.errors import MatchRefused
from commonweal.jobs.matching import PURPOSES, Outcome, Wanted, match_line, refuse_unseen, rehearse, undo_line
from commonweal.jobs.suggestions import suggestions
from ledger import queries
from ledger.domain.money import from_minor, to_minor
from ledger.domain.suggestion import Part, Suggestion

if TYPE_CHECKING:
    from ledger.models import BankStatementLine


class LinePartOut(Shape):
    """So much of a line, for one purpose."""

    purpose = Word(list(PURPOSES))
    id = serializers.IntegerField(help_text="Of the loan, the investor or the other line; 0 for the bank's own.")
    amount = MoneyField()


class ReasonOut(Shape):
    """Why something is likely, and how likely it would be by this alone, in hundredths."""

    words = serializers.CharField()
    weight = serializers.IntegerField()


class SuggestionOut(Shape):
    """What a line could be for; its parts are what `match/` takes."""

    label_ = serializers.CharField()
    score = serializers.IntegerField(help_text="How likely it is, in hundredths.")
    reasons = ReasonOut(many=True)
    parts = LinePartOut(many=True)


class WaitingLineOut(BankLineOut):
    """A bank line that waits, with what it could be for, the most likely first."""

    suggestions = SuggestionOut(many=True)


class LinePartIn(Strict):
    """So much of a line, for one purpose."""

    purpose = Word(
        list(PURPOSES),
        help_text="`loan`: a repayment, or for money out the bank's word that a payment to the borrower went out; "
        "`settle`; `recover`; `investor`; `guarantor`; `line`: another line that it undoes; `charge` and `interest` of "
        "the bank.",
    )
    id = Count(required=False, min_value=0, help_text="Of the loan, the investor or the other line.")
    amount = MoneyField(help_text="Without a sign.")


class MatchIn(Strict):
    """What a bank line was for; what its parts leave goes on waiting."""

    parts = LinePartIn(many=True)
    books_later = serializers.BooleanField(
        required=False, help_text="Book a day of a closed period on the first open day; else it is refused."
    )
    sha256 = Text(
        required=False, max_length=64, help_text="Of the preview: refused if it would be booked otherwise by now."
    )


class MatchOut(Shape):
    """What matching a line posts, the lenders' side included."""

    sha256 = serializers.CharField(help_text="A fingerprint of days, accounts and amounts.")
    entries = EntryToComeOut(many=True)


class UndoIn(Strict):
    """Why what a line was matched to is taken back."""

    reason = Text(max_length=300, help_text="The auditor reads this.")


class UndoOut(Shape):
    """The reversals that were posted, and what was worked out again."""

    entries = EntryToComeOut(many=True)


class ComparedStatementOut(Shape):
    """A statement beside the books as they stand now."""

    statement = serializers.CharField(source="statement.statement_id")
    file_name = serializers.CharField(source="statement.file_name")
    from_on = Day(source="statement.from_on")
    to_on = Day(source="statement.to_on")
    lines = serializers.IntegerField(help_text="Lines that came with this file first.")
    opening = MoneyField(allow_null=True)
    books_before = MoneyField(help_text="What the books say on the evening before.")
    closing = MoneyField(allow_null=True)
    books = MoneyField(help_text="What the books say on the last day.")
    difference = MoneyField(allow_null=True, help_text="The books less the bank; null where the file has no balance.")
    no_file_from = Day(allow_null=True)
    no_file_to = Day(allow_null=True)
    agrees = serializers.BooleanField(help_text="Nothing of it is left to explain.")


class BankLineSuggestions(BookOperation):
    @operation(gives=WaitingLineOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The bank lines that wait, the latest first, each with what it could be for and why."""
        return self.paged(queries.unmatched_bank_lines(self.book), self._with_suggestions)

    def _with_suggestions(self, page: list[Any]) -> list[Any]:
        found = suggestions(self.book, page)
        for line in page:
            line.suggestions = [_suggested(line, one) for one in found[line.pk]]
        return page


class BankLineOperation(BookOperation):
    """An operation on one bank line."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.line: BankStatementLine = get_object_or_404(queries.bank_lines(self.book), pk=path["line"])

    def wanted(self, asked: Asked) -> Wanted:
        """What the line is to be matched to. Raises MatchRefused for what is not the person's to see."""
        parts = tuple(
            Part(one["purpose"], one.get("id", 0), to_minor(one["amount"].amount, one["amount"].currency.code))
            for one in asked["parts"]
        )
        currency = self.line.bank_account.currency
        if any(one["amount"].currency.code != currency for one in asked["parts"]):
            raise MatchRefused(f"The bank line is in {currency}. Give its parts in {currency}; nothing was changed.")
        refuse_unseen(book=self.book, parts=parts, by=self.person)
        return Wanted(self.line.pk, parts, asked.get("sha256", ""), asked.get("books_later", False))


class BankLineMatch(BankLineOperation):
    @operation(takes=MatchIn, gives=MatchOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Match a bank line to all of its parts, or to none; each part is an act of its own."""
        return _matched(match_line(book=self.book, wanted=self.wanted(asked), by=self.person))


class BankLineMatchPreview(BankLineOperation):
    @operation(takes=MatchIn, gives=MatchOut, changes=False)
    def post(self, asked: Asked) -> Any:
        """Exactly what matching a bank line would post; nothing is written."""
        (outcome,) = rehearse(book=self.book, wanted=[self.wanted(asked)], by=self.person)
        if outcome.refusal:
            raise MatchRefused(outcome.refusal)
        return _matched(outcome)


class BankLineUndo(BankLineOperation):
    @operation(takes=UndoIn, gives=UndoOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Take back all that a bank line was matched to; it waits again."""
        posted = undo_line(book=self.book, line_id=self.line.pk, reason=asked["reason"], by=self.person)
        return {"entries": [entry_to_come(entry) for entry in posted]}


class BankReconciliation(BookOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.bank = get_object_or_404(queries.bank_accounts(self.book), pk=path["bank_id"])

    @operation(gives=ComparedStatementOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """Each statement of a bank account beside the books, the latest first, with the days of which no file tells."""
        return self.paged(queries.compared_statements(self.bank))


def _suggested(line: BankStatementLine, found: Suggestion) -> dict[str, Any]:
    currency = line.bank_account.currency
    return {
        "label": found.label,
        "score": found.score,
        "reasons": found.reasons,
        "parts": [
            {"purpose": part.purpose, "id": part.subject, "amount": from_minor(part.minor, currency)}
            for part in found.parts
        ],
    }


def _matched(outcome: Outcome) -> dict[str, Any]:
    return {"sha256": outcome.sha256, "entries": [entry_to_come(entry) for entry in outcome.entries]}
