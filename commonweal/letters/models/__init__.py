"""Tables of letters, of what was said, and of calendars."""

from commonweal.letters.models.calendars import CalendarDate, CalendarToken
from commonweal.letters.models.letters import Letter, LetterChoice, LetterReturn
from commonweal.letters.models.talk import Contact, LadderStep, Message, MessageRead, Reminder

__all__ = [
    "CalendarDate",
    "CalendarToken",
    "Contact",
    "LadderStep",
    "Letter",
    "LetterChoice",
    "LetterReturn",
    "Message",
    "MessageRead",
    "Reminder",
]
