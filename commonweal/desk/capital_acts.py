"""Acts on a fund's capital at the desk: look first, propose, and what a second person checks and decides."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Fact, Link
from commonweal.desk.capital import DOING, crumbs, form_page
from commonweal.desk.capital_act_form import ActForm, DecideActForm, ReverseActForm
from commonweal.desk.capital_forms import FORMS
from commonweal.desk.capital_shown import shown_act
from commonweal.desk.entries import entry_shown
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.investors import SECTION
from commonweal.desk.notices import notices_shown
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.notices import KINDS, notices_of
from commonweal.documents.words import counted
from commonweal.jobs.letters import give_notices
from commonweal.jobs.refusals import REFUSALS
from commonweal.templatetags.commonweal import day, money
from investors.domain.capital_act import ActKind, ActLine, Effect
from investors.domain.capital_entries import source_of_act
from investors.models import CapitalAct
from investors.queries import OF_GRANTS, capital_acts, fund_classes, preview_act
from investors.services import approve_act, decline_act, pay_in, propose_act
from ledger import queries as ledger

if TYPE_CHECKING:
    from ledger.models import Book

STATES = {
    "waiting": "Waiting for a second person",
    "approved": "Approved",
    "declined": "Declined",
    "reversed": "Reversed",
}

KEY = re.compile(r"[0-9a-f]{32}")

STAYS = (ActKind.REVERSAL, ActKind.CLASS)
"""What is not taken back."""


def acts(request: PersonRequest, book: str) -> HttpResponse:
    """All acts on a fund's capital, the latest first."""
    of = book_of(request, book)
    rows = list(capital_acts(of))
    headings = ("Act", "Kind", "Counts from", "What for", "State", "Proposed by")
    listed = [
        (str(one), one.what.words, one.effective_on, one.words, STATES[one.state], str(one.proposed_by)) for one in rows
    ]
    if file := download(request, Sheet(f"capital-acts-{of.code}", headings, listed)):
        return file
    context = {"rows": [(one, STATES[one.state]) for one in rows]}
    return desk_page(
        request, "desk/capital/acts.html", of, section=SECTION, crumbs=crumbs(of, "All acts"), context=context
    )


def act_new(request: PersonRequest, book: str, doing: str) -> HttpResponse:
    """Look at what an act would come to, or propose it; money that has come is put to its call at once."""
    of = book_of(request, book)
    what = _kind(doing)
    classes = list(fund_classes(of))
    given = {"fund_class": request.GET.get("fund_class", "")}
    form = FORMS[what](of, request.user, classes, request.POST or None, request.FILES or None, initial=given)
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            if "look" in request.POST:
                shown = _previewed(of, what, form)
            else:
                made = _made(request, of, what, form)
                return redirect("desk:capital-act", of.code, made.pk)
    label, words = next((label, words) for one, label, words in DOING if one is what)
    context = {
        "form": form,
        "heading": label,
        "note": words,
        "what": what,
        "lacks_classes": not classes and what not in (*OF_GRANTS, ActKind.CLASS, ActKind.FEE_TERMS),
        "key": _key(request),
        "sign": sign(of),
        **_in_the_way(of, what),
        **shown,
    }
    return desk_page(
        request, "desk/capital/act_new.html", of, section=SECTION, crumbs=crumbs(of, label), context=context
    )


def _in_the_way(book: Book, what: ActKind) -> dict[str, Any]:
    """The act of the same kind that waits, before which no other can be proposed, and that in words."""
    found = capital_acts(book).filter(kind=what, decision=None).first()
    said = f"{found} ({found.words}) waits for a decision. Have it approved or declined first." if found else ""
    return {"waiting_act": found, "waiting": said}


def act(request: PersonRequest, book: str, capital_act: int) -> HttpResponse:
    """One act: what was proposed, what it comes to and why, and who decides."""
    of = book_of(request, book)
    return _page(request, _act(of, capital_act), DecideActForm())


def act_decide(request: PersonRequest, book: str, capital_act: int) -> HttpResponse:
    """Approve exactly what was shown, which posts it, or decline it with a reason."""
    of = book_of(request, book)
    found = _act(of, capital_act)
    form = DecideActForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            messages.success(request, _decided(request, found, form))
            return redirect("desk:capital-act", of.code, found.pk)
    return _page(request, found, form)


def act_notices(request: PersonRequest, book: str, capital_act: int) -> HttpResponse:
    """Issue the notices of a call or a distribution, and tell the investors' people that there is one."""
    of = book_of(request, book)
    found = _act(of, capital_act)
    try:
        issued = give_notices(act=found, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{counted(len(issued), 'notice stands', 'notices stand')} with the investors.")
    return redirect("desk:capital-act", of.code, found.pk)


def act_reverse(request: PersonRequest, book: str, capital_act: int) -> HttpResponse:
    """Propose that an act is taken back as one."""
    of = book_of(request, book)
    found = _act(of, capital_act)
    form = ReverseActForm(request.POST or None, initial={"on": of.business_date})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            said = form.cleaned_data
            made = propose_act(
                book=of,
                kind=ActKind.REVERSAL,
                on=said["on"],
                asked={"act": found.number},
                words=said["words"],
                by=request.user,
            )
            messages.success(request, f"{made} is proposed: it takes {found} back. A colleague checks it.")
            return redirect("desk:capital-act", of.code, made.pk)
    context = {
        "form": form,
        "heading": f"Take {found} back",
        "note": f"{found.what.words} of {day(found.effective_on)}: {found.words}. It is taken back as one.",
    }
    return form_page(request, of, context, _act_crumbs(found, "Take it back"))


def _key(request: PersonRequest) -> str:
    """What tells a page that is sent twice from another: as the page had it, or a new one."""
    sent = request.POST.get("key", "")
    return sent if KEY.fullmatch(sent) else uuid4().hex


def _kind(kind: str) -> ActKind:
    if kind not in {one.value for one in FORMS}:
        raise Http404
    return ActKind(kind)


def _act(book: Book, pk: int) -> CapitalAct:
    found: CapitalAct = get_object_or_404(capital_acts(book), pk=pk)
    return found


def _made(request: PersonRequest, book: Book, what: ActKind, form: ActForm) -> CapitalAct:
    """Propose what the form says, and say what comes next."""
    said = form.cleaned_data
    if what is ActKind.PAYMENT:
        made = pay_in(
            book=book,
            fund_class=said["fund_class"],
            investor=said["investor"].code,
            amount=said["amount"],
            on=said["on"],
            key=f"desk:{_key(request)}",
            by=request.user,
        )
        messages.success(request, f"{money(said['amount'])} of {said['investor']} is paid in ({made}).")
        return made
    made = propose_act(book=book, kind=what, on=said["on"], asked=form.asked(), words=said["words"], by=request.user)
    messages.success(request, f"{made} is proposed. A colleague checks it; nothing has moved yet.")
    return made


def _decided(request: PersonRequest, found: CapitalAct, form: forms.Form) -> str:
    shown, reason = request.POST.get("sha256", ""), form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == "decline":
        decline_act(act=found, shown_sha256=shown, reason=reason, by=request.user)
        return f"{found} is declined. Nothing was booked."
    approve_act(act=found, shown_sha256=shown, reason=reason, by=request.user)
    return f"{found} is approved: {found.what.words.lower()} of {day(found.effective_on)}."


def _previewed(book: Book, what: ActKind, form: ActForm) -> dict[str, Any]:
    """What an act would come to."""
    content = preview_act(book, what, form.cleaned_data["on"], form.asked())
    return {"previewed": True, **shown_act(book, what, content.lines, content.figures)}


def _page(request: PersonRequest, found: CapitalAct, form: forms.Form) -> HttpResponse:
    of, decision = found.book, getattr(found, "decision", None)
    lines = [
        ActLine(one.fund_class.code, one.investor.code, Effect(one.effect), one.amount, one.residue, one.why)
        for one in found.lines.select_related("fund_class", "investor")
    ]
    posted = ledger.entries_by_source(of, source_of_act(found.number))
    context = {
        "act": found,
        "state": STATES[found.state],
        "form": form,
        "facts": _facts(found),
        "decision": decision,
        "is_own": found.proposed_by_id == request.user.pk,
        "why_not": why_not(request.user, "desk:capital-act-decide", "POST", book=of.pk),
        "may_reverse": found.state == "approved"
        and found.what not in STAYS
        and not why_not(request.user, "desk:capital-act-reverse", "POST", book=of.pk),
        "refused": _refused(found),
        **_notices(request, found),
        "sign": sign(of),
        "entries": [entry_shown(one) for one in posted],
        **shown_act(of, found.what, lines, found.figures),
    }
    return desk_page(request, "desk/capital/act.html", of, section=SECTION, crumbs=_act_crumbs(found), context=context)


def _notices(request: PersonRequest, found: CapitalAct) -> dict[str, Any]:
    """The notices of an act that asks for some: what stands, who was told of it, and whether some are still missing."""
    if found.what not in KINDS or found.state != "approved":
        return {}
    issued = notices_of(found)
    wanted = found.lines.values("investor").distinct().count()
    return {
        **notices_shown(found.book, issued),
        "notices_missing": wanted - len(issued),
        "notices_url": reverse("desk:capital-act-notices", args=[found.book.code, found.pk]),
        "why_no_notices": why_not(request.user, "desk:capital-act-notices", "POST", book=found.book_id),
    }


def _refused(found: CapitalAct) -> str:
    """Why an act that waits cannot be approved as it stands; nothing where it can."""
    if found.state != "waiting":
        return ""
    try:
        content = preview_act(found.book, found.what, found.effective_on, found.asked)
    except REFUSALS as refusal:
        return str(refusal)
    if content.sha256 != found.content_sha256:
        return "What it rests on has moved since it was proposed. Decline it and propose it anew."
    return ""


def _act_crumbs(found: CapitalAct, *further: str) -> list[Link]:
    way = crumbs(found.book, str(found))
    if further:
        way[-1] = Link(str(found), reverse("desk:capital-act", args=[found.book.code, found.pk]))
    return [*way, *(Link(one) for one in further)]


def _facts(found: CapitalAct) -> list[Fact]:
    asked = found.asked
    due = [Fact("Due on", day(date.fromisoformat(asked["due_on"])))] if "due_on" in asked else []
    of = [Fact("Grant", asked["grant"])] if "grant" in asked else []
    of += [Fact("Beside the loan", asked["loan"])] if "loan" in asked else []
    undone = [Fact("Takes back", str(found.reverses))] if found.reverses else []
    undoing = [
        Fact("Taken back by", str(one))
        for one in found.reversals.all()
        if getattr(one, "decision", None) and one.decision.is_approved
    ]
    return [
        Fact("What", found.what.words),
        *of,
        *undone,
        *undoing,
        Fact("Agreed on" if found.what is ActKind.FEE_TERMS else "Counts from", day(found.effective_on)),
        *due,
        Fact("What for", found.words),
        Fact("Proposed", f"by {found.proposed_by}"),
    ]
