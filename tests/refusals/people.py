"""What is said about who may log in."""

from __future__ import annotations

from commonweal.access import errors
from commonweal.access.invitations import approve_invitation, decline_invitation, invite
from commonweal.access.memberships import end_access, give_access
from commonweal.access.models import User
from tests.commonweal.access.people import make_staff
from tests.loans.builders import Fund, make_fund, make_netherby
from tests.refusals.scenes import ends_in


def asked(fund: Fund, role: str) -> object:
    """Somebody is invited to the corner shop's pages."""
    shop = make_netherby(fund).organisation
    return invite(book=fund.book, to=shop, email="ann@netherby-shop.example", name="Ann Lee", role=role, by=fund.priya)


@ends_in(errors.InvitationRefused)
def no_auditor_of_a_business() -> object:
    return asked(make_fund(), role="auditor")


@ends_in(errors.InvitationWaiting)
def another_role_meanwhile() -> object:
    fund = make_fund()
    tom = make_staff(fund.book, "manager", "Tom Ashworth")
    said = {"book": fund.book, "to": None, "email": "ann@harbour-hills.example", "by": tom}
    invite(**said, name="Ann Lee", role="officer")
    return invite(**said, name="Ann Lee", role="finance")


@ends_in(errors.InvitationDecided)
def declined_twice() -> object:
    fund = make_fund()
    shop = make_netherby(fund).organisation
    one = invite(book=fund.book, to=shop, email="ann@mill.example", name="Ann Lee", role="acts", by=fund.priya)
    decline_invitation(invitation=one, reason="Not of this business", by=fund.tom)
    return decline_invitation(invitation=one, reason="Not of this business", by=fund.tom)


@ends_in(errors.InvitationStale)
def left_meanwhile() -> object:
    fund = make_fund()
    tom = make_staff(fund.book, "manager", "Tom Ashworth")
    ann = User.objects.create_user(email="ann@harbour-hills.example", name="Ann Lee")
    give_access(user=ann, side="book", of=fund.book, role="officer")
    one = invite(book=fund.book, to=None, email=ann.email, name="Ann Lee", role="finance", by=tom)
    end_access(user=ann, side="book", of=fund.book, by=tom)
    return approve_invitation(invitation=one, shown_sha256=one.content_sha256, by=fund.tom)


@ends_in(errors.AccessAlready)
def there_already() -> object:
    fund = make_fund()
    ann = User.objects.create_user(email="ann@netherby-shop.example", name="Ann Lee")
    shop = make_netherby(fund).organisation
    give_access(user=ann, side="organisation", of=shop, role="acts")
    return invite(book=fund.book, to=shop, email=ann.email, name="Ann Lee", role="acts", by=fund.priya)


@ends_in(errors.LastManager)
def the_last_one_leaves() -> object:
    fund = make_fund()
    tom = make_staff(fund.book, "manager", "Tom Ashworth")
    return end_access(user=tom, side="book", of=fund.book, by=tom)
