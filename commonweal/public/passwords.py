"""The way in for who has no password or has lost it: ask for a link by e-mail, and choose one by it."""

from __future__ import annotations

from time import monotonic, sleep
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy

from commonweal.access.brake import forget_attempts
from commonweal.access.memberships import lock_person
from commonweal.jobs.people import ask_password
from commonweal.public.forms import AskPasswordForm, ChoosePasswordForm

ANSWERS_AFTER = 0.25
"""Seconds until whoever asks is answered. A letter is written in a few hundredths, so that the time tells no more of
who is known here than the words do."""


def ask(request: HttpRequest) -> HttpResponse:
    """Send a link to whoever has an address; the answer is the same where nobody has it, and comes no sooner."""
    form = AskPasswordForm(request.POST or None)
    asked = ""
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data["email"]
        began = monotonic()
        ask_password(asked)
        sleep(max(0.0, ANSWERS_AFTER - (monotonic() - began)))
    return render(request, "public/password.html", {"form": form, "asked": asked})


class Choose(PasswordResetConfirmView):
    """Choose a password by a link that works once; it ends other log-ins and the keys of programs."""

    form_class = ChoosePasswordForm
    template_name = "public/password_new.html"
    success_url = reverse_lazy("public:login")

    @transaction.atomic
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Of two who use a link at the same moment the second finds it used."""
        return super().dispatch(*args, **kwargs)

    def get_user(self, uidb64: str) -> Any:
        """The person whose link it is, held until the answer."""
        user = super().get_user(uidb64)
        if user is not None:
            lock_person(user)
            user.refresh_from_db()
        return user

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the password, and loosen the brake on log-ins: who guessed wrongly before may now log in."""
        answer = super().form_valid(form)
        forget_attempts(email=form.user.email)
        messages.success(self.request, "Your password is kept. Log in with it.")
        return answer
