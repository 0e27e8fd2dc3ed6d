"""A sign that turns the text beside it is refused in messages and in the names of calendars."""

from __future__ import annotations

import pytest

from borrowers.domain.errors import NameMalformed
from commonweal.letters.calendars import make_calendar
from commonweal.letters.kinds import Side
from commonweal.letters.messages import write_message
from commonweal.letters.models import CalendarToken, Message
from tests.borrowers.builders import community_shop
from tests.builders import make_book, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sign", ["\u202e", "\u2067"])
def test_what_turns_the_text_is_refused(sign: str) -> None:
    book, shop, jo = make_book(), community_shop(), make_user()
    with pytest.raises(NameMalformed, match=rf"U\+{ord(sign):04X}"):
        write_message(book=book, party=shop, side=Side.BUSINESS, text=f"Pay {sign}321", by=jo)
    with pytest.raises(NameMalformed, match=rf"U\+{ord(sign):04X}"):
        make_calendar(person=jo, label=f"Phone {sign}")
    assert not Message.objects.exists()
    assert not CalendarToken.objects.exists()


def test_lines_and_pasted_signs_are_taken() -> None:
    said = "Two lines,\nand a co\u00adoperative\u200b"
    write_message(book=make_book(), party=community_shop(), side=Side.BUSINESS, text=said, by=make_user())
    assert Message.objects.get().text == said
