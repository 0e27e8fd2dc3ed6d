"""Which roles does a person have, and in which book, business or investor?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from commonweal.access.models import InvestorRole, User
from commonweal.access.rules import SIDES, Role, Side

MEMBERSHIPS = """
SELECT role, book_id, code FROM access_staffmembership JOIN ledger_book ON ledger_book.id = book_id
WHERE user_id = %(user)s
UNION ALL SELECT 'borrower', organisation_id, '' FROM access_borrowermembership WHERE user_id = %(user)s
UNION ALL SELECT 'investor', investor_id, role FROM access_investormembership WHERE user_id = %(user)s
"""
"""Every request asks this, and the ORM would need ten times as long to put it into words."""


@dataclass(frozen=True, slots=True)
class Roles:
    """A person's memberships: the role in each book, the ids of the businesses they act for, and those of the investors
    whose portal they see, with those among them for which they may act.

    `codes` gives the ids of the books by their codes.
    """

    books: Mapping[int, Role] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)
    organisations: frozenset[int] = frozenset()
    investors: frozenset[int] = frozenset()
    acting: frozenset[int] = frozenset()

    @property
    def kinds(self) -> frozenset[Role]:
        """The roles, wherever they are held."""
        elsewhere = {
            Role.BORROWER: self.organisations,
            Role.INVESTOR: self.investors,
            Role.INVESTOR_ACTS: self.acting,
        }
        return frozenset(self.books.values()) | {role for role, held in elsewhere.items() if held}

    @property
    def sides(self) -> frozenset[Side]:
        """Which of the three windows the person looks through."""
        return frozenset(SIDES[role] for role in self.kinds)

    def narrowed(self, roles: frozenset[Role]) -> Roles:
        """Only what is held in one of these roles."""
        return Roles(
            books={book: role for book, role in self.books.items() if role in roles},
            codes=self.codes,
            organisations=self.organisations if Role.BORROWER in roles else frozenset(),
            investors=self._investors_in(roles),
            acting=self.acting if roles & {Role.INVESTOR, Role.INVESTOR_ACTS} else frozenset(),
        )

    def in_book(self, book: int | None) -> Roles:
        """What the person is where this book (its id) is concerned."""
        held = {} if book is None or book not in self.books else {book: self.books[book]}
        return Roles(held, self.codes, self.organisations, self.investors, self.acting)

    def _investors_in(self, roles: frozenset[Role]) -> frozenset[int]:
        """All investors where any role at one will do, else those for which the person may act."""
        if Role.INVESTOR in roles:
            return self.investors
        return self.acting if Role.INVESTOR_ACTS in roles else frozenset()


def roles_of(user: User | AnonymousUser) -> Roles:
    """Everything a person is; one query, which a request makes once."""
    if not isinstance(user, User):
        return Roles()
    return user.all_roles or _read_roles(user)


def acting_roles(user: User | AnonymousUser) -> Roles:
    """What a person is, as far as the access table lets it count for the page or operation in hand."""
    if isinstance(user, User) and user.acting_as is not None:
        return user.acting_as
    return roles_of(user)


def _read_roles(user: User) -> Roles:
    with connection.cursor() as cursor:
        cursor.execute(MEMBERSHIPS, {"user": user.pk})
        held = [(Role(word), where, code) for word, where, code in cursor.fetchall()]
    return Roles(
        books={where: role for role, where, _ in held if SIDES[role] is Side.STAFF},
        codes={code: where for role, where, code in held if SIDES[role] is Side.STAFF},
        organisations=frozenset(where for role, where, _ in held if role is Role.BORROWER),
        investors=frozenset(where for role, where, _ in held if role is Role.INVESTOR),
        acting=frozenset(where for role, where, of in held if role is Role.INVESTOR and of == InvestorRole.ACTS),
    )
