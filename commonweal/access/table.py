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
  desk:trial-balance               GET        staff                    read the trial balance as at any date
  desk:chart                       GET        staff                    read the chart of accounts
  desk:account                     GET        staff                    read the statement of an account
  desk:journal                     GET        staff                    read the journal
  desk:entry                       GET        staff                    read a journal entry
  desk:entry-reverse               POST       manager, finance         reverse a journal entry
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
"""

INVESTORS = """
"""

API = """
"""

TABLE: dict[str, Rule] = read_rules(ANYONE, DESK, BORROWERS, INVESTORS, API)
