"""What may be shown of us, what do we tell ourselves, what would show our good, and what does the next one need?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from borrowers.domain.outcomes import Use
from borrowers.models import Organisation
from borrowers.queries import claims_of, consents_of, latest_note
from borrowers.services import LONGEST_NOTE, leave_note, say_consents
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import files_for, organisations_for
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.coaching import CoachForm
from commonweal.form_fields import PlainForm
from commonweal.jobs.refusals import REFUSALS
from loans.models import Loan, StoredFile
from loans.returns_queries import every_story_of, open_returns_of, returns_of
from loans.services import LONGEST_STORY, tell_story, withdraw_story

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "borrower:impact"


class ConsentForm(PlainForm):
    """A box for each use."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for use in Use:
            field = forms.BooleanField(label=use.words, help_text=use.explained, required=False)
            self.fields[use.value] = field

    def given(self) -> dict[Use, bool]:
        """What was said of each use."""
        return {use: bool(self.cleaned_data[use.value]) for use in Use}


class StoryForm(PlainForm):
    """A story in one's own words."""

    title = forms.CharField(label="Title", max_length=120)
    text = forms.CharField(
        label="Your story",
        help_text="What was it like before, what changed, and for whom?",
        max_length=LONGEST_STORY,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    photo = forms.ChoiceField(label="With a picture that you sent us", required=False)

    def __init__(self, *args: Any, photos: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["photo"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "No picture"), *photos]


class NoteForm(PlainForm):
    """What whoever comes next has to know."""

    text = forms.CharField(
        label="Your note",
        help_text="Who has the payroll? Who counts the volunteers? What was odd last year?",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


def consents(request: PersonRequest, organisation: int) -> HttpResponse:
    """Allow uses, or allow them no more; and the stories that were told."""
    found = _own(request, organisation)
    said = consents_of([found])
    now = {use.value: one.is_given for (_, use), one in said.items()}
    form = ConsentForm(request.POST if request.method == "POST" else None, initial=now)
    if request.method == "POST" and form.is_valid():
        changed = say_consents(organisation=found, given=form.given(), on=timezone.localdate(), by=request.user)
        told = "Your choice is kept. It counts from now on." if changed else "Nothing was changed."
        messages.success(request, told)
        return redirect("borrower:consents", found.pk)
    return _consents_page(request, found, form=form, said=[(use, said.get((found.pk, use))) for use in Use])


def story_new(request: PersonRequest, organisation: int) -> HttpResponse:
    """Tell a story; it is shown to nobody before its use is allowed."""
    found = _own(request, organisation)
    loan = _loan(request, found)
    form = StoryForm(request.POST, photos=_photos(request, found))
    if loan is not None and form.is_valid():
        photo = _pictures(request, found).filter(opaque_name=form.cleaned_data["photo"] or "-").first()
        try:
            tell_story(
                book=loan.book,
                organisation=found,
                title=form.cleaned_data["title"],
                text=form.cleaned_data["text"],
                photo=photo,
                on=loan.book.business_date,
                by=request.user,
            )
        except REFUSALS as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, "Thank you. It is shown only where you allow it below.")
            return redirect("borrower:consents", found.pk)
    said = consents_of([found])
    return _consents_page(request, found, story_form=form, said=[(use, said.get((found.pk, use))) for use in Use])


def story_withdraw(request: PersonRequest, organisation: int, story: int) -> HttpResponse:
    """Take one story back, and leave the others as they are."""
    found = _own(request, organisation)
    told = get_object_or_404(every_story_of([found]), pk=story)
    withdraw_story(story=told, on=told.book.business_date, by=request.user)
    messages.success(request, f"“{told}” is taken back. It stands nowhere new from now on.")
    return redirect("borrower:consents", found.pk)


def handover(request: PersonRequest, organisation: int) -> HttpResponse:
    """Everything that somebody new needs to take over, on one page that prints well."""
    found = _own(request, organisation)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            leave_note(organisation=found, text=form.cleaned_data["text"], by=request.user)
        except REFUSALS as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, "Your note is kept. It stands here for whoever comes next.")
            return redirect("borrower:handover", found.pk)
    loan = _loan(request, found)
    opened = open_returns_of([found]).first()
    last = returns_of([found]).first()
    context = {
        "organisation": found,
        "note": latest_note(found),
        "form": form,
        "opened": opened,
        "asked": list(last.plan.questions.all()) if last else [],
        "plan": last.plan if last else None,
        "loan": loan,
        "address": request.build_absolute_uri(reverse("borrower:home")),
    }
    return _page(request, "handover", found, context)


def coach(request: PersonRequest, organisation: int) -> HttpResponse:
    """What would show the change that a business makes, with the evidence that is within its reach."""
    found = _own(request, organisation)
    form = CoachForm(request.GET if "area" in request.GET else None)
    coached = form.coached() if form.is_bound and form.is_valid() else []
    context = {"organisation": found, "form": form, "coached": coached, "claims": list(claims_of([found]))}
    return _page(request, "coach", found, context)


def _consents_page(request: PersonRequest, found: Organisation, **context: Any) -> HttpResponse:
    said = dict(context["said"])
    now = {use.value: one.is_given for use, one in said.items() if one}
    given = {
        "organisation": found,
        "form": ConsentForm(initial=now),
        "story_form": StoryForm(photos=_photos(request, found)),
        "stories": list(every_story_of([found])),
        "is_told": now.get(Use.STORY.value, False),
        "is_pictured": now.get(Use.PHOTO.value, False),
        "can_tell": _loan(request, found) is not None,
    }
    return _page(request, "consents", found, given | context)


def _photos(request: PersonRequest, found: Organisation) -> list[tuple[str, str]]:
    """The pictures that the business sent, to choose from."""
    return [(one.opaque_name, one.name) for one in _pictures(request, found)]


def _pictures(request: PersonRequest, found: Organisation) -> QuerySet[StoredFile]:
    return files_for(request.user).filter(organisation=found, content_type__startswith="image/")


def _own(request: PersonRequest, pk: int) -> Organisation:
    return get_object_or_404(organisations_for(request.user), pk=pk)


def _loan(request: PersonRequest, found: Organisation) -> Loan | None:
    return next((loan for loan in own_loans(request) if loan.organisation_id == found.pk), None)


def _page(request: PersonRequest, name: str, found: Organisation, context: dict[str, Any]) -> HttpResponse:
    loan = _loan(request, found)
    book: Book | None = loan.book if loan else None
    return portal_page(request, f"borrower_portal/{name}.html", section=SECTION, book=book, context=context)
