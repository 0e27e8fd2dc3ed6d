"""Where a person's pages are: which of the three sides somebody belongs to."""

from commonweal.access.models import User

DESK, BORROWER, INVESTOR, NOWHERE = "desk:home", "borrower:home", "investor:home", "public:nowhere"


def home_for(user: User) -> str:
    """The URL name of a person's first page: the fund's staff at the desk, then a business, then an investor.

    A person with no membership is shown a page that says so.
    """
    if user.staff_memberships.exists():
        return DESK
    if user.borrower_memberships.exists():
        return BORROWER
    if user.investor_memberships.exists():
        return INVESTOR
    return NOWHERE
