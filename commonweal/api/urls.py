"""Addresses of the API; each name stands in the access table (`commonweal/access/table.py`)."""

from django.urls import include, path

from commonweal.api import (
    accounts,
    applications,
    bank,
    calculators,
    covenants,
    documents,
    entries,
    investors,
    jobs,
    journals,
    ledger,
    lending,
    loans,
    organisations,
    periods,
    products,
    project,
    schema,
)

app_name = "api"

BOOK = "books/<slug:book>"
JOURNAL, ENTRY = f"{BOOK}/journals/<int:draft>", f"{BOOK}/entries/<int:entry>"
ORGANISATION, APPLICATION = f"{BOOK}/organisations/<int:organisation>", f"{BOOK}/applications/<int:application>"
LOAN, INVESTOR = f"{BOOK}/loans/<int:loan>", f"{BOOK}/investors/<int:investor>"

COVENANT = f"{LOAN}/covenants/<int:covenant>"
WAIVER = f"{COVENANT}/waivers/<int:waiver>"

operations = [
    path("books/", ledger.BookList.as_view(), name="book-list"),
    path(f"{BOOK}/", ledger.BookDetail.as_view(), name="book"),
    path(f"{BOOK}/chart/", ledger.Chart.as_view(), name="chart"),
    path(f"{BOOK}/accounts/", ledger.AccountList.as_view(), name="account-list"),
    path(f"{BOOK}/accounts/<int:account>/", ledger.AccountStatement.as_view(), name="account"),
    path(f"{BOOK}/trial-balance/", ledger.TrialBalance.as_view(), name="trial-balance"),
    path(f"{BOOK}/seals/", ledger.SealList.as_view(), name="seal-list"),
    path(f"{BOOK}/entries/", entries.EntryList.as_view(), name="entry-list"),
    path(f"{ENTRY}/", entries.EntryDetail.as_view(), name="entry"),
    path(f"{ENTRY}/reverse/", entries.EntryReverse.as_view(), name="entry-reverse"),
    path(f"{BOOK}/journals/", journals.JournalList.as_view(), name="journal-list"),
    path(f"{JOURNAL}/", journals.JournalDetail.as_view(), name="journal"),
    path(f"{JOURNAL}/attachment/", journals.JournalAttachment.as_view(), name="journal-attachment"),
    path(f"{JOURNAL}/post/", journals.JournalPost.as_view(), name="journal-post"),
    path(f"{JOURNAL}/withdraw/", journals.JournalWithdraw.as_view(), name="journal-withdraw"),
    path(f"{BOOK}/year-end/", journals.YearEnd.as_view(), name="year-end"),
    path(f"{BOOK}/periods/", periods.PeriodList.as_view(), name="period-list"),
    path(f"{BOOK}/periods/readiness/", periods.PeriodReadiness.as_view(), name="period-readiness"),
    path(f"{BOOK}/periods/close/", periods.PeriodClose.as_view(), name="period-close"),
    path(f"{BOOK}/periods/reopen/", periods.PeriodReopen.as_view(), name="period-reopen"),
    path(f"{BOOK}/bank-accounts/", bank.BankAccountList.as_view(), name="bank-account-list"),
    path(f"{BOOK}/bank-lines/", bank.BankLineList.as_view(), name="bank-line-list"),
    path(f"{BOOK}/bank-imports/", bank.BankImport.as_view(), name="bank-import"),
    path(f"{BOOK}/organisations/", organisations.OrganisationList.as_view(), name="organisation-list"),
    path(f"{ORGANISATION}/", organisations.OrganisationDetail.as_view(), name="organisation"),
    path(f"{ORGANISATION}/readings/", organisations.ReadingList.as_view(), name="reading-list"),
    path(f"{ORGANISATION}/accounts/", accounts.AccountsList.as_view(), name="accounts-list"),
    path("indicators/", organisations.IndicatorList.as_view(), name="indicator-list"),
    path(f"{BOOK}/products/", products.ProductList.as_view(), name="product-list"),
    path(f"{BOOK}/applications/", applications.ApplicationList.as_view(), name="application-list"),
    path(f"{APPLICATION}/", applications.ApplicationDetail.as_view(), name="application"),
    path(f"{APPLICATION}/revise/", applications.ApplicationRevise.as_view(), name="application-revise"),
    path(f"{APPLICATION}/submit/", applications.ApplicationSubmit.as_view(), name="application-submit"),
    path(f"{APPLICATION}/approve/", applications.ApplicationApprove.as_view(), name="application-approve"),
    path(f"{APPLICATION}/decline/", applications.ApplicationDecline.as_view(), name="application-decline"),
    path(f"{APPLICATION}/send-back/", applications.ApplicationSendBack.as_view(), name="application-send-back"),
    path(f"{BOOK}/loans/", loans.LoanList.as_view(), name="loan-list"),
    path(f"{LOAN}/", loans.LoanDetail.as_view(), name="loan"),
    path(f"{LOAN}/schedule/", loans.LoanSchedule.as_view(), name="loan-schedule"),
    path(f"{LOAN}/events/", loans.LoanEventList.as_view(), name="loan-event-list"),
    path(f"{LOAN}/events/<int:event>/reverse/", lending.LoanReverse.as_view(), name="loan-event-reverse"),
    path(f"{LOAN}/targets/", loans.LoanTargetList.as_view(), name="loan-target-list"),
    path(f"{BOOK}/covenants/", covenants.CovenantWatch.as_view(), name="covenant-watch"),
    path(f"{LOAN}/covenants/", covenants.CovenantList.as_view(), name="covenant-list"),
    path(f"{COVENANT}/end/", covenants.CovenantEnd.as_view(), name="covenant-end"),
    path(f"{COVENANT}/waivers/", covenants.CovenantWaive.as_view(), name="covenant-waive"),
    path(f"{WAIVER}/approve/", covenants.WaiverApprove.as_view(), name="waiver-approve"),
    path(f"{WAIVER}/decline/", covenants.WaiverDecline.as_view(), name="waiver-decline"),
    path(f"{LOAN}/project/", project.ProjectDetail.as_view(), name="project"),
    path(f"{LOAN}/project/funding/", project.ProjectFund.as_view(), name="project-funding"),
    path(f"{LOAN}/participations/", investors.LoanParticipationList.as_view(), name="loan-participation-list"),
    path(f"{LOAN}/drawdowns/", lending.LoanDrawDown.as_view(), name="loan-draw-down"),
    path(f"{LOAN}/drawdowns/confirm/", lending.LoanConfirmDrawdown.as_view(), name="loan-confirm-drawdown"),
    path(f"{LOAN}/repayments/", lending.LoanRepay.as_view(), name="loan-repay"),
    path(f"{BOOK}/investors/", investors.InvestorList.as_view(), name="investor-list"),
    path(f"{INVESTOR}/", investors.InvestorDetail.as_view(), name="investor"),
    path(f"{INVESTOR}/holdings/", investors.HoldingList.as_view(), name="holding-list"),
    path(f"{BOOK}/contributions/", investors.Contribute.as_view(), name="contribution"),
    path(f"{BOOK}/statement-runs/", documents.StatementRun.as_view(), name="statement-run"),
    path("documents/", documents.DocumentList.as_view(), name="document-list"),
    path("documents/<int:document>/", documents.DocumentDetail.as_view(), name="document"),
    path("documents/<int:document>/download/", documents.DocumentDownload.as_view(), name="document-download"),
    path("jobs/", jobs.JobList.as_view(), name="job-list"),
    path("jobs/<int:job>/", jobs.JobDetail.as_view(), name="job"),
    path("jobs/<int:job>/cancel/", jobs.JobCancel.as_view(), name="job-cancel"),
    path("jobs/<int:job>/retry/", jobs.JobRetry.as_view(), name="job-retry"),
    path("calculators/schedule/", calculators.CalculateSchedule.as_view(), name="calculate-schedule"),
    path("calculators/apr/", calculators.CalculateApr.as_view(), name="calculate-apr"),
    path("calculators/irr/", calculators.CalculateIrr.as_view(), name="calculate-irr"),
    path("calculators/day-count/", calculators.CalculateDayCount.as_view(), name="calculate-day-count"),
]

urlpatterns = [path("schema/", schema.schema, name="schema"), path("v1/", include(operations))]
