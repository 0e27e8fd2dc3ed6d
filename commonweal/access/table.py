"""Who may do what: every page and every API operation, for which people.

The table below, with that of the API in `table_of_api.py`, is the whole rule; a person who does not program can read it
and ask for a change. One line says: the name of an address, what may be done there (GET looks, POST does), who may, and
what it is for. An address that has no line is refused to everyone and stops the build.

    anyone       also people who have not logged in        borrower     acts for a community business
    signed-in    anyone who has logged in                  investor     sees an investor's portal
    investor-acts  of these, who may also ask, tell and propose
    manager      fund manager, in a book                   finance      finance officer, in a book
    officer      loan officer, in a book                   auditor      reads everything of a book, changes nothing
    staff        these four

*Whose* rows somebody sees is said in `scope.py`: staff those of the books in which they have the role, a borrower its
own, an investor its own.
"""

from __future__ import annotations

from commonweal.access.rules import Rule, read_rules
from commonweal.access.table_of_api import API

ANYONE = """
  public:home                      GET        signed-in                what is there for me
  public:login                     GET, POST  anyone                   log in
  public:password                  GET, POST  anyone                   ask for the way to a new password
  public:password-new              GET, POST  anyone                   choose a password by a link that works once
  public:logout                    POST       anyone                   log out
  public:nowhere                   GET        signed-in                be told that no pages have been given yet
  public:theme                     POST       anyone                   choose light or dark
  public:accessibility             GET        anyone                   read what works for whom
  public:data                      GET        anyone                   read what is kept about people
  public:open-data                 GET        anyone                   read what funds publish
  public:release                   GET        anyone                   read a data set and what is behind it
  public:release-data              GET        anyone                   download a data set
  public:release-note              GET        anyone                   download the note beside a data set
  public:neighbourhoods            GET        anyone                   find a neighbourhood
  public:neighbourhood             GET        anyone                   read what residents want, and what answers it
  public:calculator                GET        anyone                   work out what a loan would cost
  public:verify                    GET, POST  anyone                   check that a document was issued here
  public:live                      GET        anyone                   ask whether the process is alive
  public:ready                     GET        anyone                   ask whether requests can be answered
  public:styleguide                GET        anyone                   see every component of the pages
  public:unsubscribe               GET, POST  anyone                   stop a kind of e-mail by the link in one
  public:calendar                  GET        anyone                   read the calendar behind a secret address
"""

DESK = """
  desk:home                        GET        staff                    find the way to the first book
  desk:book                        GET        staff                    see what needs somebody, as at any date
  desk:applications                GET        staff                    read the applications
  desk:application-new             GET, POST  manager, officer         prepare an application
  desk:application                 GET        staff                    read an application
  desk:application-edit            GET, POST  manager, officer         change the terms that are asked for
  desk:application-submit          POST       manager, officer         submit an application for a decision
  desk:application-decide          POST       manager                  decide an application that a colleague prepared
  desk:products                    GET        staff                    read what the fund offers
  desk:product-new                 GET, POST  manager                  offer a product
  desk:product                     GET        staff                    read a product with its versions
  desk:product-change              GET, POST  manager                  change a product from a day on
  desk:base-rates                  GET        staff                    read the base rates, and who has to be told
  desk:base-rate-index-new         POST       manager, finance         add an index of base rates
  desk:base-rate-index             GET        staff                    read the rates of an index
  desk:base-rate-new               POST       manager, finance         record a base rate
  desk:loans                       GET        staff                    read the loans as at any date
  desk:arrears                     GET        staff                    read the loans in arrears as at any date
  desk:portfolio                   GET        staff                    read the portfolio as at any date
  desk:places                      GET        staff                    read which places the portfolio reaches
  desk:business-places             GET        staff                    read where a business does good
  desk:business-places             POST       manager, officer         record where a business does good
  desk:search                      GET        staff                    find what one may see
  desk:shortcuts                   GET, POST  staff                    see the keys, and switch them off
  desk:filter-save                 POST       staff                    save a list under a name of one's own
  desk:filter-forget               POST       staff                    forget a list that one saved
  desk:open-data                   GET        staff                    read what the fund publishes
  desk:open-data                   POST       manager                  publish open data
  desk:deal-records                GET        staff                    read the deals that other publishers told of
  desk:deal-records                POST       manager                  try a file of deals
  desk:deal-records-try            GET        manager                  see what would come of a file of deals
  desk:deal-records-try            POST       manager                  bring deals of others in as records
  desk:loan                        GET        staff                    read a loan
  desk:files                       GET        staff                    read what is kept with a loan
  desk:files                       POST       manager, officer, finance  keep a document with a loan
  desk:file                        GET        staff                    download a document
  desk:file-withdraw               POST       manager, officer         say that a document no longer counts
  desk:covenants                   GET        staff                    read the covenants that need somebody
  desk:covenant                    GET        staff                    read a covenant and its tests
  desk:covenant-new                GET, POST  manager                  agree a covenant with a loan
  desk:covenant-end                POST       manager                  end a covenant
  desk:covenant-waive              POST       manager, officer         propose to let a breach pass
  desk:waiver-decide               POST       manager                  decide a waiver that a colleague proposed
  desk:consents                    GET        staff                    read what lenders were asked to agree to
  desk:consent                     GET        staff                    read how lenders answered
  desk:consent-ask                 GET, POST  manager, officer         ask lenders to let a breach pass
  desk:consent-ask-act             GET, POST  manager, officer         ask lenders to agree to an act
  desk:consent-answer              POST       manager, officer         record what a lender answered
  desk:grants                      GET        staff                    read the grants beside a loan
  desk:grants                      POST       manager, finance         award a grant beside a loan, or say what paid it
  desk:project                     GET        staff                    read who else funds a loan's project
  desk:project                     POST       manager, officer         record who else funds a loan's project
  desk:accounts                    GET        staff                    read the figures of a business's accounts
  desk:accounts-new                GET, POST  manager, officer         give the figures of a business's accounts
  desk:impact                      GET        staff                    see which returns were asked for, and which came
  desk:indicators                  GET        staff                    read what is counted
  desk:indicator                   GET        staff                    read an indicator, and what was said of it
  desk:indicator-new               GET, POST  manager                  define an indicator
  desk:impact-of                   GET        staff                    read what a business claims and reports
  desk:claim-new                   GET, POST  manager, officer         record what a business says that it changes
  desk:return-plan                 GET, POST  manager, officer         agree what a business reports
  desk:target-new                  GET, POST  manager, officer         promise a target with a loan of a business
  desk:reading-new                 GET, POST  manager, officer         record what a business told otherwise
  desk:reading                     GET        staff                    read a reading with its evidence
  desk:reading-confirm             POST       manager, officer         confirm a reading that somebody else recorded
  desk:reading-evidence            POST       manager, officer         keep a document that shows a reading
  desk:reading-restate             POST       manager, officer         put a reading right
  desk:people                      GET        staff                    read who works in the book
  desk:people                      POST       manager, officer, finance  invite a colleague
  desk:people-of-business          GET        staff                    read who may log in for a business
  desk:people-of-business          POST       manager, officer, finance  invite somebody who acts for a business
  desk:people-of-investor          GET        staff                    read who may log in for an investor
  desk:people-of-investor          POST       manager, officer, finance  invite somebody of an investor
  desk:invitation                  GET        staff                    read who is invited
  desk:invitation                  POST       manager, finance         decide an invitation of a colleague
  desk:person-end                  POST       manager                  end what somebody may see
  desk:participations              GET, POST  manager, finance         record who funds a loan
  desk:transfers                   GET        staff                    read which parts of a loan were sold
  desk:transfer-new                GET, POST  manager, finance         propose that a lender sells its part
  desk:transfer                    GET        staff                    read a sale of a part of a loan
  desk:transfer-decide             POST       manager, finance         decide a sale that a colleague proposed
  desk:tax-relief                  GET        staff                    read how the tax relief scheme stands
  desk:tax-accredit                POST       manager, finance         record an accreditation for tax relief
  desk:tax-lose                    POST       manager, finance         record that accreditation was withdrawn
  desk:tax-statements              POST       manager, finance         issue the tax statements of a tax year
  desk:tax-loans                   GET        staff                    read which loans count for tax relief
  desk:tax-loans                   POST       manager, officer, finance  say whether a loan counts for tax relief
  desk:tax-investment-new          GET, POST  manager, finance         record a tax-relieved investment
  desk:tax-investment              GET        staff                    read a tax-relieved investment
  desk:tax-move                    POST       manager, finance         record what happened to such an investment
  desk:tax-take-back               POST       manager, finance         take back what was recorded of it wrongly
  desk:tax-end                     POST       manager, finance         record what ended its claims
  desk:tax-certificate-propose     POST       manager, finance         propose a tax relief certificate
  desk:tax-certificate-decide      POST       manager, finance         issue a certificate that a colleague proposed
  desk:payouts                     GET        staff                    read what investors were paid out
  desk:payout-new                  GET, POST  manager, finance         propose to pay investors out
  desk:payout                      GET        staff                    read a payout, line by line
  desk:payout-decide               POST       manager, finance         decide a payout that a colleague proposed
  desk:payout-notices              POST       manager, finance         issue the notices of a payout
  desk:payout-take-back            POST       manager, finance         hold money again that was not paid yet
  desk:investor-contacts           GET        staff                    read the people at an investor
  desk:investor-contacts           POST       manager, officer, finance  keep a person at an investor
  desk:investor-contact-end        POST       manager, officer, finance  end a contact of an investor
  desk:participation-certificate   POST       manager, finance         certify an investor's part of a loan
  desk:investor-tax                GET        staff                    read how an investor's interest is taxed
  desk:investor-tax                POST       manager, finance         say how an investor's interest is taxed
  desk:borrowings                  GET        staff                    read what the fund borrows
  desk:borrowing-ladder            GET        staff                    see whether borrowing falls due before the loans
  desk:facility                    GET        staff                    read what is borrowed from one lender
  desk:facility-tests              GET        staff                    read how a lender's covenants were tested
  desk:facility-new                GET, POST  manager, finance         propose that the fund borrows
  desk:facility-terms-new          GET, POST  manager, finance         propose new terms of what the fund borrows
  desk:facility-terms              GET        staff                    read what is agreed with a lender to the fund
  desk:facility-terms-decide       POST       manager, finance         decide a borrowing that a colleague proposed
  desk:facility-act                GET, POST  manager, finance         repay a lender, or record its rate or fee
  desk:facility-take-back          GET, POST  manager, finance         take back what happened to a borrowing
  desk:draw-down                   GET, POST  manager, finance         draw a loan down
  desk:loan-act                    GET, POST  manager, finance         do something to a live loan
  desk:loan-propose                GET, POST  manager, finance, officer  propose what costs the fund money
  desk:settlement                  GET        staff                    read what would settle a loan
  desk:loan-event                  GET        staff                    read what happened to a loan
  desk:proposals                   GET        staff                    read what waits for a second person
  desk:authorities                 GET        staff                    read who may approve up to which cost
  desk:authority-set               POST       manager                  set up to which cost somebody may approve
  desk:proposal                    GET        staff                    read a proposal
  desk:proposal-decide             POST       manager, finance         decide what a colleague proposed
  desk:proposal-withdraw           POST       manager, finance, officer  withdraw a proposal
  desk:request-decline             POST       manager, officer, finance  answer what a business asks for
  desk:event-take-back             GET, POST  manager, finance         take what happened to a loan back
  desk:moving-ins                  GET        staff                    read which books of loans came from elsewhere
  desk:moving-in-new               POST       manager, finance         try a book of loans from another system
  desk:moving-in                   GET        staff                    read what a dry run found
  desk:moving-in-confirm           POST       manager, finance         move in a book of loans that a colleague prepared
  desk:moving-in-withdraw          POST       manager, finance         withdraw a book of loans
  desk:loan-losses                 GET        staff                    read a loan's provision and guarantee
  desk:specific-propose            POST       manager, finance, officer  propose a specific provision
  desk:guarantee-certify           POST       manager, finance, officer  put a loan under a guarantee scheme
  desk:claim-propose               POST       manager, finance, officer  propose a claim on a guarantor
  desk:loss-decide                 POST       manager, finance         decide what a colleague proposed
  desk:provisions                  GET        staff                    see what should be set aside for losses
  desk:provision-rule              POST       manager                  set the percentages of provisions
  desk:provision-run               POST       manager, finance         post the provisions of a day
  desk:scheme-enter                GET, POST  manager, finance         enter a guarantee scheme
  desk:repayments                  GET        staff                    read the bank lines
  desk:bank-import                 POST       manager, finance         bring in a bank file
  desk:bank-csv                    GET, POST  manager, finance         say how the columns of a bank's CSV are read
  desk:reconciliation              GET        staff                    see whether the books agree with a bank account
  desk:bank-line                   GET        staff                    read a bank line, and what became of it
  desk:bank-line-match             POST       manager, finance         say what the money of a bank line was for
  desk:bank-line-undo              POST       manager, finance         take back what a bank line was matched to
  desk:bank-lines-match            POST       manager, finance         match many bank lines at once
  desk:debits                      GET        staff                    read what is collected by Direct Debit
  desk:debit-settings              GET        staff                    read how a book collects
  desk:debit-settings              POST       manager                  say how a book collects
  desk:debit-advice                POST       manager, finance         bring in a bank's report of Direct Debits
  desk:debit-instruct              POST       manager, finance         make the file that tells banks of mandates
  desk:mandate                     GET        staff                    read a mandate
  desk:mandate-new                 GET, POST  manager, officer, finance  keep a mandate that a business signed
  desk:mandate-change              POST       manager, officer, finance  record what happened to a mandate
  desk:mandate-tell                POST       manager, officer, finance  tell a payer of a collection
  desk:debit-run-new               GET, POST  manager, finance         make a run of collections
  desk:debit-run                   GET        staff                    read a run of Direct Debits
  desk:debit-run-decide            POST       manager, finance         decide a run that a colleague made
  desk:debit-run-file              GET        manager, finance         download the file of an approved run
  desk:debit-return                POST       manager, finance         record that a collection came back
  desk:debit-challenge             POST       manager, finance         challenge an indemnity claim
  desk:steps                       GET        staff                    see which next steps are due
  desk:contact-new                 GET, POST  manager, officer, finance  record a contact about a loan
  desk:messages                    GET        staff                    read the conversations
  desk:investor-conversation       GET        staff                    read what an investor wrote
  desk:investor-conversation       POST       manager, officer, finance  write to an investor
  desk:conversation                GET        staff                    read what a business wrote
  desk:conversation                POST       manager, officer, finance  write to a business
  desk:letters                     GET        staff                    see which letters go out, and which went
  desk:letter                      GET        staff                    read a letter
  desk:letter-hold                 POST       manager, officer, finance  hold a letter back
  desk:reminder-leave-out          POST       manager, officer, finance  leave a reminder out
  desk:reminder-steps              POST       manager                  change the steps of the reminders
  desk:payments                    GET        staff                    read what there is to pay, and the payment files
  desk:payment-file-new            POST       manager, finance         make a payment file
  desk:payment-file                GET        staff                    read a payment file
  desk:payment-file-check          POST       manager, finance         check a payment file that a colleague made
  desk:payment-file-withdraw       POST       manager, finance         withdraw a payment file
  desk:payment-file-take           POST       manager, finance         download a checked payment file for the bank
  desk:payment-refuse              POST       manager, finance         record that the bank refused a payment
  desk:payees                      GET        staff                    read to which accounts payees are paid
  desk:payee-new                   GET, POST  manager, officer, finance  propose bank details
  desk:payee                       GET, POST  manager, finance         confirm bank details that somebody else proposed
  desk:investors                   GET        staff                    read whose money it is
  desk:investor-new                GET, POST  manager, finance         register an investor
  desk:investors-moving-in         GET        staff                    read how investors move in
  desk:investors-moving-in         POST       manager, finance         try a list of investors
  desk:investors-moving-in-try     GET        manager, finance         see what would come of a list of investors
  desk:investors-moving-in-try     POST       manager, finance         bring a list of investors in
  desk:investor                    GET        staff                    read what an investor has
  desk:capital                     GET        staff                    read how the fund's capital stands
  desk:capital-grants              GET        staff                    read what restricted grants are left
  desk:capital-acts                GET        staff                    read what was done to the fund's capital
  desk:capital-act-new             GET, POST  manager, finance         propose an act on the fund's capital
  desk:capital-act                 GET        staff                    read an act on the fund's capital
  desk:capital-act-decide          POST       manager, finance         decide an act that a colleague proposed
  desk:capital-act-notices         POST       manager, finance         issue the notices of a call or distribution
  desk:capital-act-reverse         GET, POST  manager, finance         propose to take an act on the fund's capital back
  desk:loan-tape                   GET        staff                    read the loan tape of an investor
  desk:statements                  GET        staff                    read the statements issued
  desk:statements-issue            POST       manager, finance         have statements prepared
  desk:statement-runs              GET        staff                    see the runs of statements
  desk:statement-run               GET        staff                    see what a run of statements prepared
  desk:statement-run-decide        POST       manager, finance         publish statements that a colleague had prepared
  desk:prepared-statement          GET        staff                    look at a statement that is not published yet
  desk:document                    GET        staff                    download a statement
  desk:job                         GET        staff                    see how far long work is
  desk:job-retry                   POST       manager, finance         try long work again
  desk:job-stop                    POST       manager, finance         stop long work
  desk:runs                        GET        staff                    see what ran, and what runs by itself
  desk:schedule-switch             POST       manager                  switch scheduled work on or off
  desk:trial-balance               GET        staff                    read the trial balance as at any date
  desk:fund-impact                 GET        staff                    read what the fund's money helped to do
  desk:proxies                     GET        staff                    read what the fund says outcomes are worth
  desk:proxy-new                   POST       manager                  propose what an outcome is worth
  desk:proxy-decide                POST       manager, finance         decide what a colleague says one is worth
  desk:impact-places               GET        staff                    read loans and outcomes by place
  desk:neighbourhoods              GET        staff                    read the neighbourhoods that the fund looks at
  desk:neighbourhoods              POST       manager, officer         name a neighbourhood
  desk:neighbourhood               GET        staff                    read what residents want, and which loans answer
  desk:neighbourhood               POST       manager, officer         record what residents want
  desk:neighbourhood-answer        POST       manager, officer         say which loan answers what residents want
  desk:neighbourhood-show          POST       manager                  open a neighbourhood's page to the public
  desk:fund-impact-pdf             GET        staff                    download the fund's impact statement
  desk:fund-accounts               GET        staff                    read the fund's accounts over dates
  desk:fund-accounts-pdf           GET        staff                    download the fund's accounts as a PDF
  desk:chart                       GET        staff                    read the chart of accounts
  desk:account                     GET        staff                    read the statement of an account
  desk:journal                     GET        staff                    read the journal
  desk:entry                       GET        staff                    read a journal entry
  desk:entry-reverse               GET, POST  manager, finance         reverse a journal entry
  desk:drafts                      GET        staff                    read the manual journals
  desk:draft-new                   GET, POST  manager, finance         prepare a manual journal
  desk:draft                       GET        staff                    read a manual journal
  desk:attachment                  GET        staff                    read what is attached to a manual journal
  desk:draft-post                  POST       manager, finance         post a manual journal that a colleague prepared
  desk:draft-withdraw              POST       manager, finance         withdraw a manual journal
  desk:periods                     GET        staff                    see which months are closed
  desk:day-close                   POST       manager, finance         close the days that are over
  desk:period-close                POST       manager, finance         close a month
  desk:period-reopen               POST       manager                  reopen the month closed last
  desk:year-end                    POST       manager, finance         prepare the year-end journal
  desk:packs                       GET        staff                    see which auditor’s packs were made
  desk:pack-make                   POST       manager, finance         make an auditor’s pack
  desk:pack                        GET        manager, finance, auditor  download an auditor’s pack
"""

BORROWERS = """
  borrower:home                    GET        borrower                 see the next payment
  borrower:loan                    GET        borrower                 see all payments
  borrower:settle                  GET        borrower                 work out what it takes to pay it all off
  borrower:more                    GET        borrower                 work out what paying more would do
  borrower:pause                   GET, POST  borrower                 see what a pause would do, and ask
  borrower:longer                  GET, POST  borrower                 see what smaller payments would do, and ask
  borrower:request-withdraw        POST       borrower                 take back what one asked for
  borrower:messages                GET, POST  borrower                 read what the fund wrote, and answer
  borrower:worried                 GET, POST  borrower                 say that paying will be hard
  borrower:emails                  GET, POST  borrower                 choose which e-mails come
  borrower:calendars               GET, POST  borrower                 make a calendar of payments
  borrower:calendar-revoke         POST       borrower                 make a calendar address useless
  borrower:impact                  GET        borrower                 see what was promised and achieved
  borrower:return                  GET        borrower                 go on with a return
  borrower:return-question         GET, POST  borrower                 answer a question of a return
  borrower:return-check            GET, POST  borrower                 check the answers of a return, and send it
  borrower:return-sent             GET        borrower                 see a return that was sent
  borrower:consents                GET, POST  borrower                 say what may be shown of it
  borrower:story-new               POST       borrower                 tell a story in its own words
  borrower:story-withdraw          POST       borrower                 take one of its stories back
  borrower:handover                GET, POST  borrower                 read what whoever takes over needs, and add to it
  borrower:coach                   GET        borrower                 find figures that show what it changes
  borrower:accounts                GET        borrower                 see its figures and what was agreed about them
  borrower:accounts-new            GET, POST  borrower                 give its figures
  borrower:documents               GET        borrower                 see the statements
  borrower:document                GET        borrower                 download a statement
  borrower:bank-details            GET, POST  borrower                 see where one is paid, and propose another
  borrower:debit                   GET        borrower                 see what is collected by Direct Debit
  borrower:debit-stop              POST       borrower                 stop a Direct Debit
  borrower:files                   GET, POST  borrower                 send documents, and see those that were sent
  borrower:file                    GET        borrower                 download a document
"""

INVESTORS = """
  investor:home                    GET        investor                 see what is held, and where it is
  investor:holding                 GET        investor                 see what makes a holding
  investor:coming-back             GET        investor                 see what comes back, when, and what is late
  investor:moved                   GET        investor                 see what makes a figure of one's account
  investor:tape                    GET        investor                 read one's loans, loan by loan
  investor:cash                    GET        investor                 see what makes the money held
  investor:tax-relief              GET        investor                 see what tax relief may be claimed
  investor:impact                  GET        investor                 read what one's money helped to do
  investor:fund                    GET        investor                 see one's capital in the fund
  investor:lent                    GET        investor                 read what one lends to the fund itself
  investor:payouts                 GET        investor                 see what was paid, and what is on its way
  investor:bank-details            GET        investor                 see where one is paid
  investor:bank-details            POST       investor-acts            propose another account
  investor:consents                GET        investor                 read what lenders are asked to agree to
  investor:consent                 GET        investor                 read what lenders are asked, and the count
  investor:consent                 POST       investor-acts            agree, or say no
  investor:messages                GET        investor                 read what was asked and answered
  investor:messages                POST       investor-acts            ask the fund
  investor:emails                  GET, POST  investor                 choose which e-mails come
  investor:documents               GET        investor                 see the statements
  investor:document                GET        investor                 download a statement
"""

TABLE: dict[str, Rule] = read_rules(ANYONE, DESK, BORROWERS, INVESTORS, API)
