"""Is a manual journal prepared by one person, with a file that explains it, and posted by another, just as shown?"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from commonweal.access.models import ReadRecord
from commonweal.demo.story import AMINA, PRIYA, TOM
from ledger import queries
from ledger.models import JournalDraft
from tests.demo import Demo
from tests.pages import Shown, csv_rows, look, send

LIST = "/desk/harbour-hills/ledger/journals/"
NEW = f"{LIST}new/"


def sent(*lines: tuple[str, str, str], **changes: Any) -> dict[str, Any]:
    """What the form sends: its head, a file, and lines of account, debit and credit."""
    head = {
        "kind": "manual",
        "on": "2026-11-20",
        "narrative": "Bank charges, November",
        "attachment": SimpleUploadedFile("charges.txt", b"12.50 for November"),
        "lines-TOTAL_FORMS": str(len(lines)),
        "lines-INITIAL_FORMS": "0",
    }
    for number, line in enumerate(lines):
        names = (f"lines-{number}-{name}" for name in ("account", "debit", "credit"))
        head |= dict(zip(names, line, strict=True))
    return head | changes


CHARGES = (("5030 Bank charges", "12.50", ""), ("3010", "", "12.50"), ("", "", ""))


def prepare(demo: Demo, *lines: tuple[str, str, str], **changes: Any) -> Shown:
    """Amina prepares a journal."""
    return send(demo.client(AMINA), NEW, **sent(*(lines or CHARGES), **changes))


def test_a_journal_waits_for_a_second_person(demo: Demo) -> None:
    entries = queries.entries(demo.book).count()
    page = prepare(demo)
    draft = JournalDraft.objects.get()
    assert page.notices() == [f"Journal {draft} is prepared. A colleague has to post it."]
    assert page.rows("Postings of this journal") == [
        "Bank charges, November",
        "5030 Bank charges | 12.50 | ",
        "3010 Accumulated surplus |  | 12.50",
        "Balances | 12.50 | 12.50",
    ]
    assert page.forbidden() == {"Post this journal": "You prepared this journal, so a colleague has to post it."}
    assert queries.entries(demo.book).count() == entries
    waits = f"1 Manual journal waiting for a second person {draft}, Bank charges, November, by Amina Diallo"
    assert waits in look(demo.client(TOM), "/desk/harbour-hills/").text


def test_the_list_of_journals_and_its_file(demo: Demo) -> None:
    assert "No manual journals" in look(demo.client(TOM), LIST).text
    prepare(demo)
    draft = JournalDraft.objects.get()
    row = f"{draft} | 20 Nov 2026 | Bank charges, November | Amina Diallo | Waiting for a second person"
    assert look(demo.client(TOM), LIST).rows("Manual journals") == [row]
    assert csv_rows(demo.client(TOM), LIST)[1][:4] == [
        str(draft),
        "2026-11-20",
        "Bank charges, November",
        "Amina Diallo",
    ]


def test_a_second_person_posts_exactly_what_is_shown(demo: Demo) -> None:
    prepare(demo)
    draft = JournalDraft.objects.get()
    path = f"{LIST}{draft.pk}/"
    page = send(demo.client(TOM), f"{path}post/", sha256=look(demo.client(TOM), path).value("sha256"))
    entry = queries.entries(demo.book).get(kind="manual")
    assert page.notices() == [f"Journal {draft} is posted as E-{entry.pk}."]
    assert page.facts("About this entry")["Four eyes"] == "Prepared by Amina Diallo, posted by Tom Ashworth"
    posted = look(demo.client(AMINA), path)
    assert posted.facts("Who prepared and who posts")["Entry"] == f"E-{entry.pk}"
    assert posted.forbidden() == {}


def test_other_content_than_was_shown_is_not_posted(demo: Demo) -> None:
    prepare(demo)
    path = f"{LIST}{JournalDraft.objects.get().pk}/"
    page = send(demo.client(TOM), f"{path}post/", sha256="0" * 64)
    assert len(page.notices()) == 1
    assert not queries.entries(demo.book).filter(kind="manual").exists()


def test_whoever_prepared_it_cannot_post_it_past_the_page(demo: Demo) -> None:
    prepare(demo)
    path, client = f"{LIST}{JournalDraft.objects.get().pk}/", demo.client(TOM)
    shown = look(client, path).value("sha256")
    page = send(demo.client(AMINA), f"{path}post/", sha256=shown)
    assert "Amina Diallo" in page.notices()[0] or "yourself" in page.notices()[0]
    assert not queries.entries(demo.book).filter(kind="manual").exists()


def test_a_journal_is_withdrawn_and_stays_on_record(demo: Demo) -> None:
    prepare(demo)
    draft = JournalDraft.objects.get()
    path = f"{LIST}{draft.pk}/"
    page = send(demo.client(AMINA), f"{path}withdraw/")
    assert page.notices() == [f"Journal {draft} is withdrawn. Nothing was posted."]
    assert "Withdrawn by Amina Diallo" in page.text
    assert send(demo.client(TOM), f"{path}post/", sha256="").notices()
    assert not queries.entries(demo.book).filter(kind="manual").exists()


def test_a_refused_journal_says_what_and_in_which_line(demo: Demo) -> None:
    page = prepare(
        demo,
        ("9999", "12.50", ""),
        ("3010", "", "12,5"),
        ("5030", "1.00", "1.00"),
        ("5030", "", ""),
        on="",
        narrative="",
        attachment="",
    )
    assert page.problems() == [
        "Enter the effective date",
        "Say what it is for",
        "Choose a file for “Attachment”",
        "Line 1: There is no account 9999. Choose one from the list.",
        "Line 2: Enter the credit as pounds and pence, like 12,500.00",
        "Line 3: Give a debit or a credit, one of the two.",
        "Line 4: Give a debit or a credit, one of the two.",
    ]
    assert page.title.startswith("Error: New journal")
    assert page.value("lines-1-credit") == "12,5"
    assert not JournalDraft.objects.exists()


def test_what_does_not_balance_is_refused_by_how_much(demo: Demo) -> None:
    page = prepare(demo, ("5030", "12.50", ""), ("3010", "", "12.49"))
    assert page.problems() == [
        "Entry 'Bank charges, November' on 20 November 2026: debits exceed credits by £0.01. "
        "Correct the amounts; nothing was posted."
    ]
    assert not JournalDraft.objects.exists()


def test_a_file_of_another_kind_is_refused(demo: Demo) -> None:
    page = prepare(demo, attachment=SimpleUploadedFile("charges.exe", b"MZ\x90\x00\xff\xfe"))
    assert len(page.problems()) == 1
    assert not JournalDraft.objects.exists()


def test_reading_the_attachment_is_recorded(demo: Demo) -> None:
    prepare(demo)
    draft = JournalDraft.objects.get()
    answer = demo.client(TOM).get(f"{LIST}{draft.pk}/attachment/")
    assert answer.content == b"12.50 for November"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="journal-{draft.pk}.txt"'
    assert ReadRecord.objects.filter(user=demo.user(TOM), what="attachment", subject=f"J-{draft.pk}").exists()


def test_the_same_file_of_two_people_shows_neither_the_others_name_for_it(demo: Demo) -> None:
    content = b"12.50 for November"
    prepare(demo, attachment=SimpleUploadedFile("secret plan of Amina.txt", content))
    send(demo.client(TOM), NEW, **sent(*CHARGES, attachment=SimpleUploadedFile("plain.txt", content)))
    ours = JournalDraft.objects.latest("pk")
    page = look(demo.client(TOM), f"{LIST}{ours.pk}/")
    assert page.facts("Who prepared and who posts")["Attachment"] == f"journal-{ours.pk}.txt"
    assert "secret" not in page.text
    answer = demo.client(TOM).get(f"{LIST}{ours.pk}/attachment/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="journal-{ours.pk}.txt"'


def test_a_year_s_result_is_carried_at_its_end_alone(demo: Demo) -> None:
    month_end = "/desk/harbour-hills/month-end/"
    assert look(demo.client(AMINA), month_end).value("on") == "2027-03-31"
    refused = send(demo.client(AMINA), f"{month_end}year-end/", on="last March")
    assert refused.problems() == ["Enter the last day of the year as a real date, like 1 December 2026"]
    page = send(demo.client(AMINA), f"{month_end}year-end/", on="2026-10-31")
    assert "no financial year ends on that day, the one that it lies in ends on 31 March 2027" in page.problems()[0]
    assert not JournalDraft.objects.exists()


def test_what_is_not_one_s_to_do_stays_in_sight_with_the_reason(demo: Demo) -> None:
    prepare(demo)
    assert set(look(demo.client(PRIYA), LIST).forbidden()) == {"New journal"}
    page = look(demo.client(PRIYA), f"{LIST}{JournalDraft.objects.get().pk}/")
    assert set(page.forbidden()) == {"Post this journal", "Withdraw"}


def test_somebody_else_s_journal_answers_like_one_that_does_not_exist(demo: Demo) -> None:
    for step in ("", "attachment/"):
        assert demo.client(TOM).get(f"{LIST}987654/{step}").status_code == HTTPStatus.NOT_FOUND
