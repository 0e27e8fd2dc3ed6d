"""Logging in with an e-mail address and a password, and the way to a new one."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

ADDRESS = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
ADDRESS_WANTED = {
    "required": _("Enter your e-mail address"),
    "invalid": _("Enter an e-mail address in the right form, like name@example.org"),
}


class LogInForm(AuthenticationForm):
    """Asks for both; a refusal never tells whether the address is known, the password wrong or the person barred."""

    username = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs=ADDRESS),
        error_messages=ADDRESS_WANTED,
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


class AskPasswordForm(forms.Form):
    """Which address the way to a new password is sent to."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs=ADDRESS), error_messages=ADDRESS_WANTED
    )


class ChoosePasswordForm(SetPasswordForm):
    """A new password, twice."""

    error_messages = {"password_mismatch": _("The two are not the same. Type the password again.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, second.label = _("New password"), _("The same again")
        first.help_text = _("At least 12 characters. Three or four words that do not belong together are easy to keep.")
        second.help_text = ""
        first.error_messages["required"] = _("Enter a password")
        second.error_messages["required"] = _("Type the password again")
