"""What a business or an investor and its fund say to each other: messages, worries, the contact log and the letters."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.access.rules import Side as Window
from commonweal.access.scope import loans_for
from commonweal.api.fields import Day, Id, Nothing, Shape, Strict, Text, Word
from commonweal.api.investors import InvestorOperation
from commonweal.api.operations import Asked, BookOperation, Paged, named, narrowed, operation
from commonweal.api.organisations import OrganisationOperation
from commonweal.jobs.letters import write_for_fund
from commonweal.letters.contacts import LONGEST as LONGEST_CONTACT
from commonweal.letters.contacts import NextStep, contacts_of, log_contact, open_steps
from commonweal.letters.kinds import BY_HAND, ContactKind, LetterKind, LetterState, Side, Topic, Worry
from commonweal.letters.messages import LONGEST, conversation, mark_read, unread_with, write_message
from commonweal.letters.models import Contact, Letter
from commonweal.letters.worries import tell_worry
from loans.models import Loan


class MessageOut(Shape):
    """Something that one side wrote, with when the other side read it."""

    id = serializers.IntegerField()
    side = Word(Side)
    text = serializers.CharField()
    written_by = serializers.CharField(source="written_by.name")
    written_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField(allow_null=True, help_text="When the other side had read it; null if not yet.")


class MessageIn(Strict):
    """A message to the other side."""

    text = Text(max_length=LONGEST)


class InvestorMessageOut(MessageOut):
    """The same between an investor and a fund, with what it is about."""

    topic = Word(["", *Topic.values], help_text="What the investor writes about; empty where the fund writes.")


class InvestorMessageIn(MessageIn):
    """A message between an investor and a fund."""

    topic = Word(Topic, required=False, help_text="For an investor: what it is about; a question unless given.")


class WorryIn(Strict):
    """What a business says when paying will be hard."""

    worry = Word(Worry)
    pay_on = Day(required=False, help_text="With `late`: the day on which it will be paid, at most three months ahead.")
    words = Text(required=False, allow_blank=True, max_length=1000)


class ContactOut(Shape):
    """A contact about a loan, with what comes next."""

    id = serializers.IntegerField()
    loan = serializers.IntegerField(source="loan_id")
    kind = Word(ContactKind)
    on = Day()
    with_whom = serializers.CharField()
    said = serializers.CharField()
    promised_on = Day(allow_null=True)
    next_step = serializers.CharField()
    next_step_on = Day(allow_null=True)
    settles = serializers.IntegerField(source="settles_id", allow_null=True)
    is_open = serializers.SerializerMethodField(help_text="Whether it has a next step that nobody has settled.")
    logged_by = serializers.CharField(source="recorded_by.name", allow_null=True, default=None)
    recorded_at = serializers.DateTimeField()

    def get_is_open(self, row: Contact) -> bool:
        """Whether somebody has still to do its next step."""
        return row.next_step_on is not None and not hasattr(row, "settled_by")


class ContactIn(Strict):
    """A contact to be recorded; `next_step` and `next_step_on` come together."""

    kind = Word([kind.value for kind in BY_HAND])
    on = Day()
    with_whom = Text(required=False, allow_blank=True, max_length=200)
    said = Text(max_length=LONGEST_CONTACT)
    promised_on = Day(required=False, help_text="Until this day no reminder goes out.")
    next_step = Text(required=False, max_length=300)
    next_step_on = Day(required=False)
    settles = Id(required=False, help_text="The id of the contact whose next step this was.")

    def validate(self, attrs: Asked) -> Asked:
        """A next step has its day, and a day its step."""
        if ("next_step" in attrs) != ("next_step_on" in attrs):
            raise serializers.ValidationError({"next_step_on": ["Give the next step and its day, or neither."]})
        return attrs


class LetterOut(Shape):
    """An e-mail and what became of it."""

    id = serializers.IntegerField()
    about = serializers.CharField(help_text="The reference of a loan, or the number of a document.")
    kind = Word(LetterKind)
    on = Day(help_text="The day that it is about.")
    person = serializers.CharField(source="person.name")
    address = serializers.CharField()
    subject = serializers.CharField()
    state = Word(LetterState)
    note = serializers.CharField()
    written_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)


class LetterQuery(Paged):
    """Which letters."""

    state = Word(LetterState, required=False)
    kind = Word(LetterKind, required=False)


class ReadOut(Shape):
    """How much is left to read."""

    unread = serializers.IntegerField()


class TalkOperation(OrganisationOperation):
    """An operation on what a business and a fund say to each other."""

    @property
    def side(self) -> Side:
        """Which side the person is on."""
        is_staff = self.side_towards(self.organisation.pk) is Window.STAFF
        return Side.FUND if is_staff else Side.BUSINESS


class MessageList(TalkOperation):
    @operation(gives=MessageOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The conversation of a business and the fund, the oldest first; reading it here marks nothing as read."""
        return self.paged(conversation(self.book, self.organisation))

    @operation(takes=MessageIn, gives=MessageOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Write to the other side; the fund's message is told to the business's people by e-mail."""
        if self.side is Side.FUND:
            said = write_for_fund(book=self.book, party=self.organisation, text=asked["text"], by=self.person)
        else:
            said = write_message(
                book=self.book, party=self.organisation, side=self.side, text=asked["text"], by=self.person
            )
        return conversation(self.book, self.organisation).get(pk=said.pk)


class MessagesRead(TalkOperation):
    @operation(takes=Nothing, gives=ReadOut)
    def post(self, asked: Asked) -> Any:
        """Say that one's side has read everything up to now."""
        mark_read(book=self.book, party=self.organisation, side=self.side, by=self.person)
        return {"unread": unread_with(self.book, self.organisation, self.side).count()}


class InvestorTalk(InvestorOperation):
    """An operation on what an investor and a fund say to each other."""

    @property
    def side(self) -> Side:
        """Which side the person is on."""
        return Side.FUND if self.side_towards() is Window.STAFF else Side.INVESTOR


class InvestorMessageList(InvestorTalk):
    @operation(gives=InvestorMessageOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The conversation of an investor and the fund, the oldest first; reading it here marks nothing as read."""
        return self.paged(conversation(self.book, self.investor))

    @operation(takes=InvestorMessageIn, gives=InvestorMessageOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Ask the fund, or answer an investor; the fund's message is told to the investor's people by e-mail."""
        book, party, text, by = self.book, self.investor, asked["text"], self.person
        if self.side is Side.FUND:
            said = write_for_fund(book=book, party=party, text=text, by=by)
        else:
            topic = Topic(asked.get("topic", Topic.QUESTION))
            said = write_message(book=book, party=party, side=self.side, text=text, by=by, topic=topic)
        return conversation(book, party).get(pk=said.pk)


class InvestorMessagesRead(InvestorTalk):
    @operation(takes=Nothing, gives=ReadOut)
    def post(self, asked: Asked) -> Any:
        """Say that one's side has read everything up to now."""
        mark_read(book=self.book, party=self.investor, side=self.side, by=self.person)
        return {"unread": unread_with(self.book, self.investor, self.side).count()}


class OnLoan(BookOperation):
    """An operation on one loan."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        found = loans_for(self.person).select_related("book", "organisation")
        self.loan: Loan = get_object_or_404(found, pk=path["loan"], book=self.book)


class LoanWorry(OnLoan):
    @operation(takes=WorryIn, gives=MessageOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Tell the fund that paying will be hard: a message to it, and a task there. Nothing else changes."""
        tell_worry(
            loan=self.loan,
            worry=Worry(asked["worry"]),
            pay_on=asked.get("pay_on"),
            words=asked.get("words", ""),
            on=self.book.business_date,
            by=self.person,
        )
        return conversation(self.book, self.loan.organisation).last()


class ContactList(OnLoan):
    @operation(gives=ContactOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The contact log of a loan, the latest first."""
        return self.paged(contacts_of(self.loan))

    @operation(takes=ContactIn, gives=ContactOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record a contact; it stays, and is put right by another."""
        given = asked.get
        settles = named(contacts_of(self.loan), "settles", pk=asked["settles"]) if "settles" in asked else None
        return log_contact(
            loan=self.loan,
            kind=ContactKind(asked["kind"]),
            on=asked["on"],
            said=asked["said"],
            with_whom=given("with_whom", ""),
            promised_on=given("promised_on"),
            next_step=NextStep(asked["next_step"], asked["next_step_on"]) if "next_step" in asked else None,
            settles=settles,
            by=self.person,
        )


class NextStepList(BookOperation):
    @operation(gives=ContactOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The next steps that nobody has settled, the one that is due first."""
        return self.paged(open_steps(self.book))


class LetterList(BookOperation):
    @operation(gives=LetterOut, query=LetterQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The letters of a book, the latest first, and what became of each."""
        found = Letter.objects.filter(book=self.book).select_related("person").order_by("-pk")
        return self.paged(narrowed(found, asked, {"state": "state", "kind": "kind"}))
