"""Addresses of the community business's portal."""

from django.urls import path

from commonweal.borrower_portal import (
    accounts,
    asking,
    bank_details,
    calendars,
    debits,
    documents,
    emails,
    files,
    home,
    impact,
    loan,
    messages,
    own,
    paying,
    returns,
    worried,
)

app_name = "borrower"

urlpatterns = [
    path("", home.home, name="home"),
    path("loans/<int:loan>/", loan.schedule, name="loan"),
    path("loans/<int:loan>/pay-off/", paying.settle, name="settle"),
    path("loans/<int:loan>/pay-more/", paying.more, name="more"),
    path("loans/<int:loan>/pause/", asking.pause, name="pause"),
    path("loans/<int:loan>/smaller-payments/", asking.longer, name="longer"),
    path("requests/<int:asked>/withdraw/", asking.withdraw, name="request-withdraw"),
    path("messages/", messages.messages, name="messages"),
    path("worried/", worried.worried, name="worried"),
    path("e-mails/", emails.emails, name="emails"),
    path("calendar/", calendars.calendars, name="calendars"),
    path("calendar/<int:calendar>/revoke/", calendars.revoke, name="calendar-revoke"),
    path("achieved/", impact.achieved, name="impact"),
    path("returns/<int:impact_return>/", returns.impact_return, name="return"),
    path("returns/<int:impact_return>/questions/<int:place>/", returns.question, name="return-question"),
    path("returns/<int:impact_return>/check/", returns.check, name="return-check"),
    path("returns/<int:impact_return>/sent/", returns.sent, name="return-sent"),
    path("consents/<int:organisation>/", own.consents, name="consents"),
    path("stories/<int:organisation>/new/", own.story_new, name="story-new"),
    path("stories/<int:organisation>/<int:story>/withdraw/", own.story_withdraw, name="story-withdraw"),
    path("hand-over/<int:organisation>/", own.handover, name="handover"),
    path("coach/<int:organisation>/", own.coach, name="coach"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<int:organisation>/", accounts.accounts_new, name="accounts-new"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<int:document>/", documents.document, name="document"),
    path("bank-details/", bank_details.bank_details, name="bank-details"),
    path("direct-debit/", debits.debit, name="debit"),
    path("direct-debit/<int:mandate>/stop/", debits.debit_stop, name="debit-stop"),
    path("files/", files.files, name="files"),
    path("files/<slug:file>/", files.file, name="file"),
]
