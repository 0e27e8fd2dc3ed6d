"""Letters as work: the round of a day, and the job that sends what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from commonweal.access.models import User
from commonweal.documents.models import Document
from commonweal.documents.notices import issue_notices
from commonweal.documents.payout_notices import issue_payout_notices
from commonweal.jobs.leases import Progress, untold
from commonweal.jobs.many_loans import Told, take_step
from commonweal.jobs.models import Job
from commonweal.jobs.services import enqueue
from commonweal.letters.kinds import LetterState, Side
from commonweal.letters.messages import Party, write_message
from commonweal.letters.models import Letter, Message
from commonweal.letters.rounds import Round, write_letters
from commonweal.letters.sending import next_moment
from commonweal.letters.writing import tell_message, tell_notice

if TYPE_CHECKING:
    from investors.models import CapitalAct, Payout
    from ledger.models import Book

KIND = "send_letters"


def daily_round(*, book: Book, by: User, progress: Progress = untold) -> Round:
    """Write what the business date of a book brings, ask for it to be sent, and tell calendars of days that moved;
    again, it brings nothing more."""
    brought = write_letters(book, book.business_date, by=by)
    take_step("calendars", book=book, on=book.business_date, by=by, told=Told(progress))
    ask_to_send(book=book, by=by)
    return brought


@transaction.atomic
def write_for_fund(*, book: Book, party: Party, text: str, by: User) -> Message:
    """Write to a business or an investor, and tell its people by e-mail that there is something. Raises NothingSaid."""
    message = write_message(book=book, party=party, side=Side.FUND, text=text, by=by)
    if tell_message(book=book, party=party, on=book.business_date):
        ask_to_send(book=book, by=by)
    return message


@transaction.atomic
def give_notices(*, act: CapitalAct, by: User) -> list[Document]:
    """Issue the notices of an approved call or distribution, and tell each investor's people that there is one.

    Again, it changes nothing: a notice that stands is not made again, and nobody is written to twice about it. Raises
    CapitalActRefused for any other act, DocumentError and MissingSystemLibrary.
    """
    issued = issue_notices(act=act, by=by)
    if [letter for one in issued for letter in tell_notice(one)]:
        ask_to_send(book=act.book, by=by)
    return issued


@transaction.atomic
def give_payout_notices(*, payout: Payout, by: User) -> list[Document]:
    """Issue the notices of an approved payout, and tell each investor's people that there is one; the same as
    `give_notices` where it is repeated.

    Raises PayoutRefused where nothing of it stands, DocumentError and MissingSystemLibrary.
    """
    issued = issue_payout_notices(payout=payout, by=by)
    if [letter for one in issued for letter in tell_notice(one)]:
        ask_to_send(book=payout.book, by=by)
    return issued


def ask_to_send(*, book: Book, by: User | None) -> Job | None:
    """Ask for what waits to be sent, in the caller's transaction; one job for the same letters, however often asked."""
    last = Letter.objects.filter(book=book, state=LetterState.WAITING).order_by("-pk").first()
    if last is None:
        return None
    return enqueue(kind=KIND, arguments={"through": last.pk}, by=by, book=book, key=f"letters:{book.code}:{last.pk}")


def ask_again(*, book: Book, by: User | None) -> Job | None:
    """Ask for another attempt when the next pause ends; None where nothing is left."""
    moment = next_moment()
    if moment is None:
        return None
    key = f"letters:{book.code}:{moment.isoformat()}"
    job = enqueue(kind=KIND, arguments={"again_at": moment.isoformat()}, by=by, book=book, key=key)
    return job if job.is_finished else job.change(not_before=moment)
