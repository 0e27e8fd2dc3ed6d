"""A community business stands under the numbers that its registers gave it, once."""

import pytest

from borrowers.domain.errors import AlreadyRegistered, RegistrationMalformed, RegistrationMissing
from borrowers.domain.places import Region
from borrowers.domain.registration import NEEDS, LegalForm, RegisteredNumbers
from borrowers.models import Organisation
from borrowers.services import amend_organisation, register_organisation
from borrowers.services.organisations import Address
from tests.borrowers.builders import NETHERBY, community_shop


def test_every_legal_form_has_words_and_says_which_number_it_needs():
    assert set(NEEDS) == set(LegalForm)
    assert all(form.words for form in LegalForm)


@pytest.mark.parametrize(
    "field, written, kept",
    [
        ("company", "0123 4567", "01234567"),
        ("company", "sc123456", "SC123456"),
        ("charity", "1234567", "1234567"),
        ("charity", "sc012345", "SC012345"),
        ("society", "RS007654", "RS007654"),
        ("society", "12345r", "12345R"),
    ],
)
def test_numbers_are_kept_as_the_register_writes_them(field, written, kept):
    assert getattr(RegisteredNumbers(**{field: written}), field) == kept


@pytest.mark.parametrize("field, written", [("company", "123"), ("charity", "ABC"), ("society", "12-34")])
def test_a_number_that_no_register_gave_is_refused(field, written):
    with pytest.raises(RegistrationMalformed, match="Correct it; nothing was changed"):
        RegisteredNumbers(**{field: written})


@pytest.mark.django_db
def test_a_community_shop_is_registered():
    shop = community_shop()
    assert shop.registrations == (("society number", "8123"),)
    assert shop.address_lines == ("2 Chapel Row", "Netherby", "CA6 5PZ")
    assert str(shop) == "Netherby Corner Shop Society"


@pytest.mark.django_db
@pytest.mark.parametrize("form", [form for form, needed in NEEDS.items() if needed])
def test_a_form_that_brings_a_number_is_refused_without_it(form):
    with pytest.raises(RegistrationMissing, match=f"is a {form.words}, so it has a"):
        register_organisation(name="Anybody", legal_form=form, numbers=RegisteredNumbers(), address=NETHERBY)
    assert not Organisation.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name, place", [(" ", "Netherby"), ("Village Hall", "")])
def test_a_business_needs_a_name_and_a_place(name, place):
    address = Address(place=place, region=Region.NORTH_WEST)
    with pytest.raises(RegistrationMissing):
        register_organisation(
            name=name,
            legal_form=LegalForm.UNINCORPORATED_ASSOCIATION,
            numbers=RegisteredNumbers(),
            address=address,
        )


@pytest.mark.django_db
def test_a_registered_number_belongs_to_one_organisation():
    community_shop()
    with pytest.raises(AlreadyRegistered, match="Netherby Corner Shop Society is registered under society number 8123"):
        community_shop(name="Another Shop")
    assert Organisation.objects.count() == 1


@pytest.mark.django_db
def test_businesses_without_numbers_do_not_collide():
    for name in ("Village Hall Committee", "Allotment Association"):
        register_organisation(
            name=name,
            legal_form=LegalForm.UNINCORPORATED_ASSOCIATION,
            numbers=RegisteredNumbers(),
            address=NETHERBY,
        )
    assert Organisation.objects.count() == 2


@pytest.mark.django_db
def test_a_business_moves():
    shop = community_shop()
    amend_organisation(
        organisation=shop, address=Address(place="Longtown", region=Region.NORTH_WEST, postcode="ca6 5xx")
    )
    shop.refresh_from_db()
    assert shop.address_lines == ("Longtown", "CA6 5XX")
    with pytest.raises(RegistrationMissing, match="needs a place"):
        amend_organisation(organisation=shop, address=Address(place=" ", region=Region.WALES))
