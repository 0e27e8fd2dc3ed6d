"""Who may do what over the API: the part of the access table that programs meet, read as `table.py` says."""

API = """
  api:schema                       GET        anyone                   read what the API can do
  api:book-list                    GET        staff, borrower, investor  read the books that one deals with
  api:book                         GET        staff, borrower, investor  read a book
  api:chart                        GET        staff                    read the chart of accounts
  api:account-list                 GET        staff                    read the accounts
  api:account                      GET        staff                    read the statement of an account
  api:trial-balance                GET        staff                    read the trial balance as at any date
  api:deal-record-list             GET        staff                    read the deals that other publishers told of
  api:deal-record-list             POST       manager                  bring deals of others in as records
  api:deal-file-try                POST       manager                  see what would come of a file of deals
  api:neighbourhood-list           GET        staff                    read the neighbourhoods that the fund looks at
  api:neighbourhood-list           POST       manager, officer         name a neighbourhood
  api:neighbourhood                GET        staff                    read what residents want, and which loans answer
  api:neighbourhood-priority       POST       manager, officer         record what residents want
  api:neighbourhood-answer         POST       manager, officer         say which loan answers what residents want
  api:neighbourhood-showing        POST       manager                  open a neighbourhood's page to the public
  api:impact-download              GET        staff                    download the fund's impact statement
  api:proxy-list                   GET        staff                    read what the fund says outcomes are worth
  api:proxy-list                   POST       manager                  propose what an outcome is worth
  api:proxy-approve                POST       manager, finance         agree to what a colleague says one is worth
  api:proxy-decline                POST       manager, finance         decline what an outcome is to be worth
  api:impact-places                GET        staff                    read loans and outcomes by place
  api:impact                       GET        staff                    read what the fund's money helped to do
  api:fund-accounts                GET        staff                    read the fund's accounts over dates
  api:fund-accounts-download       GET        staff                    download the fund's accounts as a PDF
  api:seal-list                    GET        staff                    read the seals
  api:seal-list                    POST       manager, finance         seal what is posted
  api:entry-list                   GET        staff                    read the journal
  api:entry                        GET        staff                    read a journal entry
  api:entry-reverse                POST       manager, finance         reverse a journal entry
  api:journal-list                 GET        staff                    read the manual journals
  api:journal-list                 POST       manager, finance         prepare a manual journal
  api:journal                      GET        staff                    read a manual journal
  api:journal-attachment           GET        staff                    download what is attached to a manual journal
  api:journal-post                 POST       manager, finance         post a manual journal that a colleague prepared
  api:journal-withdraw             POST       manager, finance         withdraw a manual journal
  api:year-end                     POST       manager, finance         prepare the year-end journal
  api:period-list                  GET        staff                    see which months are closed
  api:period-readiness             GET        staff                    see what stands in the way of a close
  api:period-close                 POST       manager, finance         close a month
  api:period-reopen                POST       manager                  reopen the month closed last
  api:bank-account-list            GET        staff                    read the bank accounts
  api:bank-line-list               GET        staff                    read the bank lines
  api:bank-reconciliation          GET        staff                    see whether the books agree with a bank account
  api:bank-line-suggestions        GET        staff                    see what waiting bank lines could be for
  api:bank-line-match              POST       manager, finance         say what a bank line was for, part by part
  api:bank-line-match-preview      POST       manager, finance         see what matching a bank line would post
  api:bank-line-undo               POST       manager, finance         take back what a bank line was matched to
  api:bank-import                  POST       manager, finance         bring in a bank file
  api:organisation-list            GET        staff, borrower          read the community businesses
  api:organisation-list            POST       manager, officer         register a community business
  api:organisation                 GET        staff, borrower          read a community business
  api:payee-list                   GET        staff, borrower, investor  read to which accounts payees are paid
  api:payee-list                   POST       manager, officer, finance, borrower, investor-acts  propose bank details
  api:payee                        GET        manager, finance         read bank details in full
  api:payee-confirm                POST       manager, finance         confirm bank details that somebody else proposed
  api:payee-decline                POST       manager, finance         decline bank details
  api:file-list                    GET        staff, borrower          read what is kept with a business
  api:file-list                    POST       manager, officer, finance, borrower  keep a document with a business
  api:file                         GET        staff, borrower          read about a document
  api:file-download                GET        staff, borrower          download a document
  api:file-withdraw                POST       manager, officer         say that a document no longer counts
  api:reading-list                 GET        staff, borrower          read the readings
  api:reading-list                 POST       manager, officer         record a reading
  api:reading-confirm              POST       manager, officer         confirm a reading that somebody else recorded
  api:reading                      GET        staff, borrower          read a reading with what was said before
  api:evidence-list                GET        staff, borrower          read which documents show a reading
  api:evidence-list                POST       manager, officer         keep a document that shows a reading
  api:book-reading-list            GET        staff                    read what all said of an indicator
  api:book-return-list             GET        staff                    see which returns were asked for, and which came
  api:return-plan-list             GET        staff, borrower          read what was agreed to be reported
  api:return-plan-list             POST       manager, officer         agree what a business reports
  api:return-list                  GET        staff, borrower          read what a business is asked to report
  api:return-answer-list           GET        staff, borrower          read what is saved of a return
  api:return-answer-list           POST       borrower                 answer a question of a return
  api:return-send                  POST       borrower                 send a return
  api:consent-list                 GET        staff, borrower          read what may be shown of a business
  api:consent-list                 POST       borrower                 say what may be shown of it
  api:story-list                   GET        staff, borrower          read what a business tells in its own words
  api:story-list                   POST       borrower                 tell a story in its own words
  api:story-withdraw               POST       borrower                 take one of its stories back
  api:handover-note-list           GET        staff, borrower          read what whoever takes over needs
  api:handover-note-list           POST       borrower                 leave a note for whoever takes over
  api:coach                        GET        borrower                 read what the evaluation coach asks
  api:coach-suggestions            POST       borrower                 find figures that show what it changes
  api:achieved                     GET        staff, borrower          read what was promised and achieved
  api:claim-list                   GET        staff, borrower          read what a business says that it changes
  api:claim-list                   POST       manager, officer         record what a business says that it changes
  api:organisation-places          GET        staff, borrower          read where a business does good
  api:places-record                POST       manager, officer         record where a business does good
  api:accounts-list                GET        staff, borrower          read the figures of a business's accounts
  api:accounts-list                POST       manager, officer, borrower  give the figures of a business's accounts
  api:indicator-list               GET        staff, borrower          read the indicators
  api:indicator-list               POST       manager                  define an indicator
  api:product-list                 GET        staff                    read the products
  api:product-list                 POST       manager                  offer a product
  api:product                      GET        staff                    read a product with its versions
  api:product-version-list         POST       manager                  change a product from a day on
  api:base-rate-index-list         GET        staff                    read the indexes of base rates
  api:base-rate-index-list         POST       manager, finance         add an index of base rates
  api:base-rate-list               GET        staff                    read the rates of an index
  api:base-rate-list               POST       manager, finance         record a base rate
  api:application-list             GET        staff                    read the applications
  api:application-list             POST       manager, officer         prepare an application
  api:application                  GET        staff                    read an application
  api:application-revise           POST       manager, officer         change the terms that are asked for
  api:application-submit           POST       manager, officer         submit an application for a decision
  api:application-approve          POST       manager                  approve an application that a colleague prepared
  api:application-decline          POST       manager                  decline an application that a colleague prepared
  api:application-send-back        POST       manager                  send an application back to its maker
  api:moving-in-list               GET        staff                    read which books of loans came from elsewhere
  api:moving-in-list               POST       manager, finance         try a book of loans from another system
  api:moving-in                    GET        staff                    read what a dry run added up
  api:moving-in-finding-list       GET        staff                    read what a dry run found
  api:moving-in-confirm            POST       manager, finance         move in a book of loans that a colleague prepared
  api:moving-in-withdraw           POST       manager, finance         withdraw a book of loans
  api:portfolio                    GET        staff                    read the portfolio as at any date
  api:release-list                 GET        staff                    read what the fund publishes
  api:release-list                 POST       manager                  publish open data
  api:portfolio-places             GET        staff                    read which places the portfolio reaches
  api:scale-list                   GET        staff, borrower          read on which scales deciles are known
  api:arrears-list                 GET        staff                    read the loans in arrears as at any date
  api:loan-list                    GET        staff, borrower, investor  read the loans as at any date
  api:loan                         GET        staff, borrower, investor  read a loan
  api:loan-schedule                GET        staff, borrower          read the schedule of a loan
  api:payment-to-make-list         GET        staff                    read what there is to pay
  api:payment-list                 GET        staff                    read the payments out, and how far they are
  api:payment-refuse               POST       manager, finance         record that the bank refused a payment
  api:payment-file-list            GET        staff                    read the payment files
  api:payment-file-list            POST       manager, finance         make a payment file
  api:payment-file                 GET        staff                    read a payment file
  api:payment-file-check           POST       manager, finance         check a payment file that a colleague made
  api:payment-file-withdraw        POST       manager, finance         withdraw a payment file
  api:payment-file-take            POST       manager, finance         get a checked payment file for the bank
  api:loan-event-list              GET        staff, borrower          read what happened to a loan
  api:loan-event-reverse           POST       manager, finance         take what happened to a loan back
  api:loan-event-reverse-preview   POST       manager, finance         see what taking an event back would change
  api:loan-act                     POST       manager, finance         do something to a live loan
  api:loan-act-preview             POST       manager, finance, officer  see what an act on a loan would change
  api:loan-propose                 POST       manager, finance, officer  propose what costs the fund money
  api:proposal-list                GET        staff                    read what was proposed for loans
  api:proposal                     GET        staff                    read a proposal, and what it would change
  api:proposal-approve             POST       manager, finance         approve and do what a colleague proposed
  api:proposal-decline             POST       manager, finance         decline what a colleague proposed
  api:proposal-withdraw            POST       manager, finance, officer  withdraw a proposal
  api:loan-loss                    GET        staff                    read a loan's provision and guarantee
  api:loan-guarantee               POST       manager, finance, officer  put a loan under a guarantee scheme
  api:loan-guarantor-money         POST       manager, finance         match a bank line to a guarantor
  api:loan-loss-propose            POST       manager, finance, officer  propose a specific provision or a claim
  api:loss-proposal-list           GET        staff                    read what was proposed about losses
  api:loss-proposal                GET        staff                    read a proposed provision or claim
  api:loss-proposal-approve        POST       manager, finance         approve a provision or claim of a colleague
  api:loss-proposal-decline        POST       manager, finance         decline a proposed provision or claim
  api:scheme-list                  GET        staff                    read the guarantee schemes
  api:scheme-list                  POST       manager, finance         enter a guarantee scheme
  api:debit-setting-list           GET        staff                    read how a book collects
  api:debit-setting-list           POST       manager                  say how a book collects
  api:mandate-list                 GET        staff, borrower          read the mandates of Direct Debit
  api:mandate-list                 POST       manager, officer, finance  keep a mandate that a business signed
  api:mandate                      GET        staff, borrower          read a mandate, and what its payer was told
  api:mandate-change               POST       manager, officer, finance  record what happened to a mandate
  api:mandate-tell                 POST       manager, officer, finance  tell a payer of a collection
  api:mandate-stop                 POST       borrower                 stop a Direct Debit
  api:debit-due-list               GET        staff                    see what could be collected on a day
  api:debit-run-list               GET        staff                    read the runs of Direct Debits
  api:debit-run-list               POST       manager, finance         make a run of collections
  api:debit-instruct               POST       manager, finance         make the file that tells banks of mandates
  api:debit-run                    GET        staff                    read a run of Direct Debits
  api:debit-run-approve            POST       manager, finance         approve a run that a colleague made
  api:debit-run-decline            POST       manager, finance         decline a run that a colleague made
  api:debit-run-withdraw           POST       manager, finance         take one's own run back
  api:debit-run-file               GET        manager, finance         download the file of an approved run
  api:debit-return                 POST       manager, finance         record that a collection came back
  api:debit-challenge              POST       manager, finance         challenge an indemnity claim
  api:debit-advice                 POST       manager, finance         bring in a bank's report of Direct Debits
  api:provision-list               GET        staff                    see what should be set aside for losses
  api:provision-totals             GET        staff                    see provisions by stage, and how they moved
  api:provision-rule-list          GET        staff                    read the percentages of provisions
  api:provision-rule-list          POST       manager                  set the percentages of provisions
  api:provision-run-list           GET        staff                    see when provisions were posted
  api:provision-run-list           POST       manager, finance         post the provisions of a day
  api:authority-list               GET        staff                    read who may approve up to which cost
  api:authority-list               POST       manager                  set up to which cost somebody may approve
  api:loan-target-list             GET        staff, borrower          read what was promised with a loan
  api:loan-target-list             POST       manager, officer         promise impact with a loan
  api:covenant-watch               GET        staff                    read the covenants that need somebody
  api:covenant-list                GET        staff, borrower          read the covenants of a loan
  api:covenant-list                POST       manager                  agree a covenant with a loan
  api:covenant-end                 POST       manager                  end a covenant
  api:covenant-waive               POST       manager, officer         propose to let a breach pass
  api:waiver-approve               POST       manager                  let a breach pass that a colleague proposed to
  api:waiver-decline               POST       manager                  let a breach stand
  api:project                      GET        staff, borrower          read who else funds a loan's project
  api:grant-list                   GET        staff, borrower          read the grants beside a loan
  api:grant-list                   POST       manager, finance         award a grant beside a loan
  api:grant-payment                POST       manager, finance         say which entry paid a grant
  api:project-funding              POST       manager, officer         record who else funds a loan's project
  api:loan-participation-list      GET        staff                    read who shares a loan
  api:loan-participation-list      POST       manager, finance         record who shares a loan
  api:payout-held                  GET        staff                    read what is held and may be paid out
  api:payout-list                  GET        staff                    read what investors were paid out
  api:payout-list                  POST       manager, finance         propose to pay investors out
  api:payout                       GET        staff                    read a payout, line by line
  api:payout-approve               POST       manager, finance         approve a payout that a colleague proposed
  api:payout-decline               POST       manager, finance         decline a payout
  api:payout-notices               POST       manager, finance         issue the notices of a payout
  api:payout-take-back             POST       manager, finance         hold money again that was not paid yet
  api:investor-payout-list         GET        staff, investor          read what an investor was paid out
  api:investor-interest            GET        staff, investor          read interest paid and tax withheld, by tax year
  api:investor-interest-download   GET        staff, investor          download the interest certificate of a tax year
  api:investor-tax-list            GET        staff                    read how an investor's interest is taxed
  api:investor-tax-list            POST       manager, finance         say how an investor's interest is taxed
  api:lender-consent-list          GET        staff, investor          read what lenders were asked to agree to
  api:lender-consent               GET        staff, investor          read how lenders answered
  api:lender-consent-answer        POST       manager, officer, investor-acts  answer for a lender
  api:waiver-consent               POST       manager, officer         ask lenders to let a breach pass
  api:proposal-consent             POST       manager, officer         ask lenders to agree to an act
  api:transfer-list                GET        staff                    read which parts of a loan were sold
  api:transfer-list                POST       manager, finance         propose that a lender sells its part
  api:transfer-preview             POST       manager, finance         see what a sale of a part would change
  api:transfer                     GET        staff                    read a sale of a part of a loan
  api:transfer-approve             POST       manager, finance         approve a sale that a colleague proposed
  api:transfer-decline             POST       manager, finance         decline a sale of a part of a loan
  api:tax-accreditation-list       GET        staff                    read a fund's accreditations for tax relief
  api:tax-accreditation-list       POST       manager, finance         record an accreditation for tax relief
  api:tax-accreditation-lose       POST       manager, finance         record that accreditation was withdrawn
  api:tax-onward                   GET        staff                    read whether enough is lent on for tax relief
  api:tax-loan-list                GET        staff                    read which loans count for tax relief
  api:tax-loan-list                POST       manager, officer, finance  say whether a loan counts for tax relief
  api:tax-statement-run            POST       manager, finance         issue the tax statements of a tax year
  api:tax-investment-list          GET        staff                    read the tax-relieved investments
  api:tax-investment-list          POST       manager, finance         record a tax-relieved investment
  api:tax-investment               GET        staff                    read a tax-relieved investment
  api:tax-movement-list            GET        staff                    read what was drawn and repaid of it
  api:tax-movement-list            POST       manager, finance         record what happened to such an investment
  api:tax-movement-take-back       POST       manager, finance         take back what was recorded of it wrongly
  api:tax-investment-end           POST       manager, finance         record what ended its claims
  api:tax-certificate-propose      POST       manager, finance         propose a tax relief certificate
  api:tax-certificate-issue        POST       manager, finance         issue a certificate that a colleague proposed
  api:tax-certificate-decline      POST       manager, finance         decline a tax relief certificate
  api:investor-tax-relief          GET        staff, investor          read an investor's tax-relieved investments
  api:facility-list                GET        staff, investor          read what the fund borrows, or what one lends it
  api:facility-list                POST       manager, finance         propose that the fund borrows
  api:borrowing-ladder             GET        staff                    see whether borrowing falls due before the loans
  api:facility                     GET        staff                    read what is borrowed from one lender
  api:facility-schedule            GET        staff, investor          read what the fund pays a lender, and when
  api:facility-event-list          GET        staff                    read what happened to a borrowing
  api:facility-movement-list       GET        staff, investor          read what each entry changed of what is borrowed
  api:facility-test-list           GET        staff, investor          read how a lender's covenants were tested
  api:facility-preview             POST       manager, finance         see what an act on a borrowing would change
  api:facility-draw                POST       manager, finance         draw a bank line under a facility
  api:facility-repay               POST       manager, finance         repay a lender to the fund
  api:facility-rate                POST       manager, finance         record another rate of a borrowing
  api:facility-fee                 POST       manager, finance         record a fee of a lender to the fund
  api:facility-take-back           POST       manager, finance         take back what happened to a borrowing
  api:facility-terms-list          GET        staff                    read what is agreed with a lender to the fund
  api:facility-terms-list          POST       manager, finance         propose new terms of what the fund borrows
  api:facility-terms-approve       POST       manager, finance         approve a borrowing that a colleague proposed
  api:facility-terms-decline       POST       manager, finance         decline what a colleague proposed to borrow
  api:loan-draw-down               POST       manager, finance         draw a loan down
  api:loan-confirm-drawdown        POST       manager, finance         match a bank line to a drawdown
  api:loan-repay                   POST       manager, finance         match a bank line to a loan
  api:loan-repay-preview           POST       manager, finance         see what a repayment would change
  api:loan-settle                  POST       manager, finance         settle a loan from a bank line
  api:loan-settle-preview          POST       manager, finance         see what a settlement would change
  api:loan-recover                 POST       manager, finance         match a bank line to a loan written off
  api:loan-recover-preview         POST       manager, finance         see what a recovery would change
  api:message-list                 GET        staff, borrower          read what a business and the fund wrote
  api:message-list                 POST       manager, officer, finance, borrower  write to the other side
  api:investor-message-list        GET        staff, investor          read what an investor and the fund wrote
  api:investor-message-list        POST       manager, officer, finance, investor-acts  write to the other side
  api:investor-messages-read       POST       manager, officer, finance, investor  say that messages are read
  api:messages-read                POST       manager, officer, finance, borrower  say that messages are read
  api:contact-list                 GET        staff                    read the contact log of a loan
  api:contact-list                 POST       manager, officer, finance  record a contact about a loan
  api:loan-worry                   POST       borrower                 say that paying will be hard
  api:loan-quote                   GET        staff, borrower          work out what ends a loan on a day
  api:loan-quote-download          GET        staff, borrower          download what ends a loan on a day
  api:loan-paying-more             GET        staff, borrower          work out what paying more would do
  api:request-list                 GET        staff, borrower          read what a business asked for
  api:request-list                 POST       borrower                 ask for a pause or smaller payments
  api:request-withdraw             POST       borrower                 take back what one asked for
  api:next-step-list               GET        staff                    see which next steps are due
  api:letter-list                  GET        staff                    see which letters go out, and which went
  api:letter-choice-list           GET, POST  signed-in                choose which e-mails come
  api:calendar-list                GET        borrower                 read one's calendar addresses
  api:calendar-list                POST       borrower                 make a calendar of payments
  api:calendar-revoke              POST       borrower                 make a calendar address useless
  api:investor-list                GET        staff, investor          read whose money it is
  api:investor-list                POST       manager, finance         register an investor
  api:investor                     GET        staff, investor          read what is held for an investor
  api:holding-list                 GET        staff, investor          read what an investor has in the loans
  api:investor-contact-list        GET        staff, investor          read the people at an investor
  api:investor-contact-list        POST       manager, officer, finance  keep a person at an investor
  api:investor-contact-end         POST       manager, officer, finance  end a contact of an investor
  api:participation-certificate    POST       manager, finance         certify an investor's part of a loan
  api:coming-back-list             GET        staff, investor          read what comes back to an investor, and when
  api:investor-capital             GET        staff, investor          read an investor's part of a fund's capital
  api:investor-arrears             GET        staff, investor          read what of an investor's money is late
  api:investor-impact              GET        staff, investor          read what one's money helped to do
  api:loan-tape                    GET        staff, investor          read the loan tape of an investor
  api:loan-tape-download           GET        staff, investor          download the loan tape of an investor
  api:contribution                 POST       manager, finance         match a bank line to an investor
  api:capital-class-list           GET        staff, investor          read the classes of a fund's capital
  api:capital-fee-list             GET        staff                    read what the fund pays to be managed
  api:capital-register             GET        staff, investor          read commitments and capital accounts
  api:capital-standing             GET        staff                    see what could be shared and distributed
  api:capital-pay-in               POST       manager, finance         put an investor's money to its call
  api:capital-grant-list           GET        staff                    read what restricted grants are left
  api:capital-act-list             GET        staff, investor          read what was done to a fund's capital
  api:capital-act-list             POST       manager, finance         propose an act on a fund's capital
  api:capital-act-preview          POST       manager, finance         see what an act on capital would come to
  api:capital-act                  GET        staff, investor          read an act on a fund's capital
  api:capital-act-notices          POST       manager, finance         issue the notices of a call or distribution
  api:capital-act-approve          POST       manager, finance         approve an act that a colleague proposed
  api:capital-act-decline          POST       manager, finance         decline an act on a fund's capital
  api:document-list                GET        staff, borrower, investor  read the statements issued
  api:document                     GET        staff, borrower, investor  read about a statement
  api:document-download            GET        staff, borrower, investor  download a statement
  api:statement-run-list           GET        staff                    see the runs of statements
  api:statement-run-list           POST       manager, finance         have statements prepared
  api:statement-run                GET        staff                    see a run of statements
  api:prepared-list                GET        staff                    see what a run of statements prepared
  api:prepared-download            GET        staff                    look at a statement that is not published yet
  api:statement-run-publish        POST       manager, finance         publish statements that a colleague had prepared
  api:statement-run-decline        POST       manager, finance         decline a run of statements
  api:schedule-list                GET        staff                    see what runs by itself
  api:schedule-list                POST       manager                  switch scheduled work on or off
  api:person-list                  GET        staff                    read who may log in
  api:person-end                   POST       manager                  end what somebody may see
  api:invitation-list              GET        staff                    read who was invited
  api:invitation-list              POST       manager, officer, finance  invite somebody
  api:invitation                   GET        staff                    read an invitation
  api:invitation-approve           POST       manager, finance         let in whom a colleague invited
  api:invitation-decline           POST       manager, finance         decline an invitation
  api:pack-list                    GET        staff                    see which auditor’s packs were made
  api:pack-list                    POST       manager, finance         make an auditor’s pack
  api:pack-download                GET        manager, finance, auditor  download an auditor’s pack
  api:job-list                     GET        staff                    read the long work
  api:job                          GET        staff                    see how far long work is
  api:job-cancel                   POST       manager, finance         stop long work
  api:job-retry                    POST       manager, finance         try long work again
  api:calculate-schedule           POST       signed-in                work out a repayment schedule
  api:calculate-apr                POST       signed-in                work out an annual percentage rate
  api:calculate-irr                POST       signed-in                work out a rate of return
  api:calculate-day-count          POST       signed-in                count days by a convention
"""
