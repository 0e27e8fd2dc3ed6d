"""Who may do what: every page and every API operation, for which people.

The table below is the whole rule; a person who does not program can read it and ask for a change. One line says: the
name of an address, what may be done there (GET looks, POST does), who may, and what it is for. An address that has no
line is refused to everyone and stops the build.

    anyone       also people who have not logged in        borrower     acts for a community business
    signed-in    anyone who has logged in                  investor     acts for an investor
    manager      fund manager, in a book                   finance      finance officer, in a book
    officer      loan officer, in a book                   auditor      reads everything of a book, changes nothing
    staff        these four

*Whose* rows somebody sees is said in `scope.py`: staff those of the books in which they have the role, a borrower its
own, an investor its own.
"""

from __future__ import annotations

from commonweal.access.rules import Rule, read_rules

ANYONE = """
  public:home                      GET        signed-in                what is there for me
  public:login                     GET, POST  anyone                   log in
  public:logout                    POST       anyone                   log out
  public:nowhere                   GET        signed-in                be told that no pages have been given yet
  public:theme                     POST       anyone                   choose light or dark
  public:accessibility             GET        anyone                   read what works for whom
  public:data                      GET        anyone                   read what is kept about people
  public:styleguide                GET        anyone                   see every component of the pages
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
  desk:loans                       GET        staff                    read the loans as at any date
  desk:loan                        GET        staff                    read a loan
  desk:draw-down                   GET, POST  manager, finance         draw a loan down
  desk:repayments                  GET        staff                    read the bank lines
  desk:bank-import                 POST       manager, finance         bring in a bank file
  desk:bank-line                   GET        staff                    read a bank line that waits
  desk:bank-line-match             POST       manager, finance         match a bank line to a loan
  desk:investors                   GET        staff                    read whose money it is
  desk:investor                    GET        staff                    read what an investor has
  desk:statements                  GET        staff                    read the statements issued
  desk:statements-issue            POST       manager, finance         issue statements
  desk:document                    GET        staff                    download a statement
  desk:job                         GET        staff                    see how far long work is
  desk:job-retry                   POST       manager, finance         try long work again
  desk:job-stop                    POST       manager, finance         stop long work
  desk:trial-balance               GET        staff                    read the trial balance as at any date
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
  desk:period-close                POST       manager, finance         close a month
  desk:period-reopen               POST       manager                  reopen the month closed last
  desk:year-end                    POST       manager, finance         prepare the year-end close
"""

BORROWERS = """
  borrower:home                    GET        borrower                 see the next payment
  borrower:loan                    GET        borrower                 see all payments
  borrower:impact                  GET        borrower                 see what was promised and achieved
  borrower:documents               GET        borrower                 see the statements
  borrower:document                GET        borrower                 download a statement
"""

INVESTORS = """
  investor:home                    GET        investor                 see what is held, and where it is
  investor:holding                 GET        investor                 see what makes a holding
  investor:cash                    GET        investor                 see what makes the money held
  investor:documents               GET        investor                 see the statements
  investor:document                GET        investor                 download a statement
"""

API = """
"""

TABLE: dict[str, Rule] = read_rules(ANYONE, DESK, BORROWERS, INVESTORS, API)
