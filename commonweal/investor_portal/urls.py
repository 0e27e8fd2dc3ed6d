"""Addresses of the investor's portal."""

from django.urls import path

from commonweal.investor_portal import (
    bank_details,
    coming_back,
    consents,
    documents,
    emails,
    fund,
    holding,
    home,
    impact,
    lent,
    messages,
    moved,
    payouts,
    tape,
    tax_relief,
)

app_name = "investor"

urlpatterns = [
    path("loan-tape/", tape.tape, name="tape"),
    path("", home.home, name="home"),
    path("holdings/<int:loan>/", holding.holding, name="holding"),
    path("fund/", fund.fund, name="fund"),
    path("lent/", lent.lent, name="lent"),
    path("impact/", impact.impact, name="impact"),
    path("coming-back/", coming_back.shown, name="coming-back"),
    path("account/<str:what>/", moved.moved, name="moved"),
    path("cash/", holding.cash, name="cash"),
    path("payments/", payouts.payouts, name="payouts"),
    path("payments/bank-details/", bank_details.bank_details, name="bank-details"),
    path("tax-relief/", tax_relief.tax_relief, name="tax-relief"),
    path("consents/", consents.consents, name="consents"),
    path("consents/<int:consent>/", consents.consent, name="consent"),
    path("messages/", messages.messages, name="messages"),
    path("e-mails/", emails.emails, name="emails"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<int:document>/", documents.document, name="document"),
]
