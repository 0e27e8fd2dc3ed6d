"""Addresses of the desk; the book stands in each, so that a page can be kept and sent."""

from django.urls import path

from commonweal.desk import journals, ledger, periods

app_name = "desk"

urlpatterns = [
    path("<slug:book>/ledger/", ledger.trial_balance, name="trial-balance"),
    path("<slug:book>/ledger/chart/", ledger.chart, name="chart"),
    path("<slug:book>/ledger/accounts/<int:account>/", ledger.account, name="account"),
    path("<slug:book>/ledger/journal/", ledger.journal, name="journal"),
    path("<slug:book>/ledger/entries/<int:entry>/", ledger.entry, name="entry"),
    path("<slug:book>/ledger/entries/<int:entry>/reverse/", ledger.entry_reverse, name="entry-reverse"),
    path("<slug:book>/ledger/journals/", journals.drafts, name="drafts"),
    path("<slug:book>/ledger/journals/new/", journals.draft_new, name="draft-new"),
    path("<slug:book>/ledger/journals/<int:draft>/", journals.draft, name="draft"),
    path("<slug:book>/ledger/journals/<int:draft>/attachment/", journals.attachment, name="attachment"),
    path("<slug:book>/ledger/journals/<int:draft>/post/", journals.draft_post, name="draft-post"),
    path("<slug:book>/ledger/journals/<int:draft>/withdraw/", journals.draft_withdraw, name="draft-withdraw"),
    path("<slug:book>/month-end/", periods.periods, name="periods"),
    path("<slug:book>/month-end/close/", periods.period_close, name="period-close"),
    path("<slug:book>/month-end/reopen/", periods.period_reopen, name="period-reopen"),
    path("<slug:book>/month-end/year-end/", journals.year_end, name="year-end"),
]
