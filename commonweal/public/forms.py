"""Logging in: an e-mail address and a password."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LogInForm(AuthenticationForm):
    """Asks for both; a refusal never tells whether the address is known, the password wrong or the person barred."""

    username = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("Enter your e-mail address"),
            "invalid": _("Enter an e-mail address in the right form, like name@example.org"),
        },
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password")},
    )
    _refusal = _("That e-mail address and password do not match. Check both and try again; nothing was changed.")
    error_messages = {"invalid_login": _refusal, "inactive": _refusal}

    def clean_username(self) -> str:
        """The address as it is kept: in lower case."""
        return str(self.cleaned_data["username"]).strip().lower()
