"""Which rows may somebody see? Every look-up of something by an id or a reference starts from one of these.

That holds for what stands in the path, in the query string and in the body alike: `get_object_or_404(loans_for(user),
reference=…)` finds somebody else's loan no more than one that does not exist. Inside a request the rows are those for
which the person has a role that the access table admits to the page or operation in hand.

Staff see what belongs to their books, and the businesses and investors that deal with nobody yet. A community business
sees itself. An investor sees itself, the loans in which it has or had a part, and the businesses these were lent to.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from borrowers.models import Organisation
from commonweal.access.models import User
from commonweal.access.roles import acting_roles, roles_of
from investors.models import ConsentAsked, Facility, Investor, Participation
from investors.queries import investors_in
from investors.queries.borrowings import books_funded_by, facilities, lent_by
from investors.queries.consents import consents
from ledger import queries as ledger
from loans.domain.kept_files import KeptKind
from loans.models import Application, Loan, StoredFile

if TYPE_CHECKING:
    from ledger.models import Book

Person = User | AnonymousUser

PACK = "auditors-pack"
IMPACT = "impact-statement"


def books_for(user: Person) -> QuerySet[Book]:
    """The books in which a member of staff has a role."""
    return ledger.books().filter(pk__in=acting_roles(user).books)


def other_books_of(user: Person, book: Book) -> QuerySet[Book]:
    """The other books in which a member of staff has a role, to go there from the page of this one."""
    return ledger.books().filter(pk__in=set(roles_of(user).books) - {book.pk}).order_by("name")


def loans_for(user: Person) -> QuerySet[Loan]:
    """The loans of a member of staff's books, of a community business, or in which an investor has or had a part."""
    roles = acting_roles(user)
    theirs = Q(book__in=roles.books) | Q(organisation__in=roles.organisations)
    if roles.investors:
        taken_part = Participation.objects.filter(investor__in=roles.investors)
        theirs |= Q(pk__in=taken_part.values("participation_set__loan"))
    return Loan.objects.filter(theirs)


def applications_for(user: Person) -> QuerySet[Application]:
    """The applications to a member of staff's books, or of a community business; investors see none."""
    roles = acting_roles(user)
    return Application.objects.filter(Q(book__in=roles.books) | Q(organisation__in=roles.organisations))


def organisations_for(user: Person) -> QuerySet[Organisation]:
    """The businesses that deal with a member of staff's books, a business itself, or those that an investor funds."""
    roles = acting_roles(user)
    borrowing, applying = loans_for(user).values("organisation"), applications_for(user).values("organisation")
    mine = Q(pk__in=roles.organisations) | Q(pk__in=borrowing) | Q(pk__in=applying)
    if roles.books:
        mine |= Q(applications=None, loans=None)
    return Organisation.objects.filter(mine).distinct()


def investors_for(user: Person) -> QuerySet[Investor]:
    """The investors that deal with a member of staff's books, or an investor itself."""
    roles = acting_roles(user)
    mine = Q(pk__in=roles.investors)
    if roles.books:
        dealing = {book.pk: Q(pk__in=investors_in(book).values("pk")) for book in ledger.books()}
        theirs = reduce(or_, (dealing[book] for book in roles.books))
        mine |= theirs | ~reduce(or_, dealing.values())
    return Investor.objects.filter(mine)


def facilities_for(user: Person, book: Book) -> QuerySet[Facility]:
    """What a book borrows, for its staff; for an investor what it lends to the book on terms that were agreed."""
    roles = acting_roles(user)
    return facilities(book) if book.pk in roles.books else lent_by(roles.investors).filter(book=book)


def consents_for(user: Person) -> QuerySet[ConsentAsked]:
    """What the lenders of a member of staff's books were asked to agree to, or an investor as one of them."""
    roles = acting_roles(user)
    asked = Participation.objects.filter(investor__in=roles.investors).values("participation_set")
    return consents().filter(Q(loan__book__in=roles.books) | Q(participation_set__in=asked))


def staff_of(book: Book) -> QuerySet[User]:
    """The people who have a role in a book; for somebody who has one there."""
    return User.objects.filter(staff_memberships__book=book)


def documents_for(user: Person) -> QuerySet[Any]:
    """The statements issued from a member of staff's books, to a community business, or to an investor; and those of
    the impact of a whole fund, for everybody who funds it."""
    roles = acting_roles(user)
    mine = Q(book__in=roles.books) | Q(organisation__in=roles.organisations) | Q(investor__in=roles.investors)
    if roles.investors:
        mine |= Q(kind=IMPACT, book__in=books_funded_by(roles.investors).values("pk"))
    return _issued().filter(mine).exclude(kind=PACK)


def packs_for(user: Person) -> QuerySet[Any]:
    """The auditor's packs of a member of staff's books; nobody else sees any."""
    return _issued().filter(book__in=acting_roles(user).books, kind=PACK)


def _issued() -> QuerySet[Any]:
    return apps.get_model("documents.Document")._default_manager.all()


def files_for(user: Person) -> QuerySet[StoredFile]:
    """The documents kept in a member of staff's books, or a business's own that count and are not internal."""
    roles = acting_roles(user)
    own = Q(organisation__in=roles.organisations, withdrawal=None) & ~Q(kind=KeptKind.INTERNAL)
    return StoredFile.objects.filter(Q(book__in=roles.books) | own)
