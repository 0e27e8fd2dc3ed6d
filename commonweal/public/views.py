"""Logging in and out, the way home, the choice of colours, and statements about the service."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from commonweal.access.models import User
from commonweal.demo import story
from commonweal.public.forms import LogInForm
from commonweal.public.home import home_for
from commonweal.templatetags.commonweal import THEMES

A_YEAR = 365 * 24 * 60 * 60


class LogIn(LoginView):
    """Log in with e-mail address and password; a demo shows its people."""

    form_class = LogInForm
    template_name = "public/log_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"demo_people": story.SHOWN, "demo_password": story.PASSWORD} if settings.DEMO else {}
        return super().get_context_data(**kwargs) | shown


class LogOut(LogoutView):
    """Log out by POST, so that no link or picture can do it."""


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send a person to their own side."""
    return redirect(home_for(cast(User, request.user)))


@login_required
@require_GET
def nowhere(request: HttpRequest) -> HttpResponse:
    """Say that this person may log in but has not been given any pages."""
    return render(request, "public/nowhere.html", {"band": {"person": str(request.user)}})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the choice of colours in a cookie and go back to the page it was made on."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = reverse("public:home")
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works, what does not yet, and whom to tell."""
    return render(request, "public/accessibility.html")


@require_GET
def data(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, for how long, and how to ask."""
    return render(request, "public/data.html")
