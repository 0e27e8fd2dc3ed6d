"""What is refused about letters, messages and contacts. Each class says when it is raised and what to do."""


class LetterError(Exception):
    """Nothing was sent or recorded. The message says what, which and what to do."""


class NothingSaid(LetterError):
    """A message or a contact says nothing, or more than fits. Write what is to be read, in at most that many words."""

    field = "text"


class ContactUnclear(LetterError):
    """A contact lies in the future, or names a next step without its day. Correct the field that `field` names."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class StepSettled(LetterError):
    """A next step is to be settled that is settled already, or is of another loan. Look at the contact log."""


class LegalNotice(LetterError):
    """An e-mail that the law or the loan asks for is to be switched off. Switch off another kind."""


class LetterGone(LetterError):
    """A letter is to be held that was sent already, or is on its way. Call the person instead."""


class ReminderTaken(LetterError):
    """A reminder is to be left out that went out, was left out before, or is not planned. Look at the list again."""


class LadderUnclear(LetterError):
    """Steps of reminders stand twice on the same day, or outside 1 to 365 days. Correct the days."""


class TooManyCalendars(LetterError):
    """A person makes more calendar addresses than anybody needs. Revoke one that is no longer used."""
