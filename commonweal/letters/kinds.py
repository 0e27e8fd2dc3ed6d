"""Which kinds of letter, contact and reminder are there, and which of them may a person switch off?"""

from __future__ import annotations

from django.db import models


class LetterKind(models.TextChoices):
    """What an e-mail is for, in the words of the page on which people choose."""

    DUE_WEEK = "due_week", "A week before a payment is due"
    DUE_DAY = "due_day", "The day before a payment is due"
    RECEIVED = "received", "When a payment has arrived"
    MISSED = "missed", "When a payment has not arrived"
    ANSWERED = "answered", "When something you asked for is answered"
    MESSAGE = "message", "When the fund has written to you"
    STATEMENT = "statement", "When there is a new statement"
    RATE = "rate", "When the interest rate changes"
    NOTICE = "notice", "A formal letter about your loan"
    DEBIT = "debit", "Before a Direct Debit is collected"
    RET_OPEN = "ret_open", "When a return about what you achieved can be filled in"
    RET_WEEK = "ret_week", "A week before a return is due"
    RET_DAY = "ret_day", "The day before a return is due"
    RET_SENT = "ret_sent", "A receipt when you have sent a return"
    CAPITAL = "capital", "A capital call or a distribution"
    CONSENT = "consent", "When lenders of a loan are asked to agree to something"
    INVITED = "invited", "When you are let in"
    PASSWORD = "password", "When you ask for a new password"


WITH_OWN_LINK = frozenset({LetterKind.INVITED, LetterKind.PASSWORD})
"""The kinds with a link that works once and for their reader alone."""

LEGAL = WITH_OWN_LINK | {LetterKind.RATE, LetterKind.NOTICE, LetterKind.DEBIT, LetterKind.CAPITAL, LetterKind.CONSENT}
"""What the law, the loan or the fund's deed asks the fund to say, and the way in: nobody can switch it off."""

OF_BORROWERS = (
    LetterKind.DUE_WEEK,
    LetterKind.DUE_DAY,
    LetterKind.RECEIVED,
    LetterKind.MISSED,
    LetterKind.ANSWERED,
    LetterKind.MESSAGE,
    LetterKind.STATEMENT,
    LetterKind.RATE,
    LetterKind.NOTICE,
    LetterKind.DEBIT,
    LetterKind.RET_OPEN,
    LetterKind.RET_WEEK,
    LetterKind.RET_DAY,
    LetterKind.RET_SENT,
)
OF_INVESTORS = (LetterKind.STATEMENT, LetterKind.MESSAGE, LetterKind.CAPITAL, LetterKind.CONSENT)


class LetterState(models.TextChoices):
    """Where a letter is."""

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "On its way"
    SENT = "sent", "Sent"
    FAILED = "failed", "Not sent"
    HELD = "held", "Held back"


class Side(models.TextChoices):
    """Who writes, or reads, a message."""

    BUSINESS = "business", "The business"
    INVESTOR = "investor", "The investor"
    FUND = "fund", "The fund"


class Topic(models.TextChoices):
    """What an investor writes about."""

    QUESTION = "question", "Ask a question"
    DOCUMENT = "document", "Ask for a document"
    CHANGE = "change", "Tell of a change"


class ContactKind(models.TextChoices):
    """How somebody was spoken to."""

    CALL = "call", "Call"
    LETTER = "letter", "Letter"
    VISIT = "visit", "Visit"
    EMAIL = "email", "E-mail"
    MESSAGE = "message", "Message in the portal"
    REMINDER = "reminder", "Step of the reminders"


BY_HAND = (ContactKind.CALL, ContactKind.LETTER, ContactKind.VISIT, ContactKind.EMAIL)
"""The kinds that somebody records; the others come about by themselves."""


class Act(models.TextChoices):
    """What a step of the reminders does."""

    EMAIL = "email", "Friendly e-mail"
    CALL = "call", "Call"
    LETTER = "letter", "Letter"


class Worry(models.TextChoices):
    """What a business may say when it is worried about paying."""

    LATE = "late", "I will pay, but later"
    CANNOT = "cannot", "I cannot pay this one"
    TALK = "talk", "I would like to talk first"
