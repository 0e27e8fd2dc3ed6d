"""Addresses of the desk; the book stands in each, so that a page can be kept and sent."""

from django.urls import path

from commonweal.desk import (
    applications,
    home,
    investors,
    jobs,
    journals,
    ledger,
    loans,
    periods,
    repayments,
    statements,
)

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    path("<slug:book>/", home.book_home, name="book"),
    path("<slug:book>/applications/", applications.applications, name="applications"),
    path("<slug:book>/applications/new/", applications.application_new, name="application-new"),
    path("<slug:book>/applications/<int:application>/", applications.application, name="application"),
    path("<slug:book>/applications/<int:application>/edit/", applications.application_edit, name="application-edit"),
    path(
        "<slug:book>/applications/<int:application>/submit/", applications.application_submit, name="application-submit"
    ),
    path(
        "<slug:book>/applications/<int:application>/decide/", applications.application_decide, name="application-decide"
    ),
    path("<slug:book>/loans/", loans.loans, name="loans"),
    path("<slug:book>/loans/<int:loan>/", loans.loan, name="loan"),
    path("<slug:book>/loans/<int:loan>/draw-down/", loans.draw_down, name="draw-down"),
    path("<slug:book>/repayments/", repayments.repayments, name="repayments"),
    path("<slug:book>/repayments/import/", repayments.bank_import, name="bank-import"),
    path("<slug:book>/repayments/lines/<int:line>/", repayments.bank_line, name="bank-line"),
    path("<slug:book>/repayments/lines/<int:line>/match/", repayments.bank_line_match, name="bank-line-match"),
    path("<slug:book>/investors/", investors.investors, name="investors"),
    path("<slug:book>/investors/<int:investor>/", investors.investor, name="investor"),
    path("<slug:book>/statements/", statements.statements, name="statements"),
    path("<slug:book>/statements/issue/", statements.statements_issue, name="statements-issue"),
    path("<slug:book>/statements/<int:document>/", statements.document, name="document"),
    path("<slug:book>/jobs/<int:job>/", jobs.job, name="job"),
    path("<slug:book>/jobs/<int:job>/retry/", jobs.job_retry, name="job-retry"),
    path("<slug:book>/jobs/<int:job>/stop/", jobs.job_stop, name="job-stop"),
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
