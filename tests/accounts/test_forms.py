import pytest
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from accounts import scopes
from accounts.forms import DelegationForm, OfficeForm, PersonField, PersonForm, UnitForm
from tests.accounts.factories import AppointmentFactory, UnitFactory, UserFactory
from tests.accounts.files import samples

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize(
    "typed",
    ["siti", "198001012005011001", "Siti Rahayu", " siti rahayu ", "Siapa saja (siti)"],
)
def test_person_is_found_by_user_name_nip_or_name(typed):
    person = UserFactory(username="siti", name_plain="Siti Rahayu", nip="198001012005011001")
    UserFactory(name_plain="Siti Rahayuni")
    assert PersonField().clean(typed) == person
    assert PersonField().prepare_value(person) == "Siti Rahayu (siti)"
    assert PersonField().prepare_value("Sit") == "Sit"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Budi", "Nobody is called that. Check the spelling."),
        ("Bud", "Nobody is called that. Check the spelling."),
        ("pergi", "Nobody is called that. Check the spelling."),
        (
            "Kembar",
            "Several people are called that: Kembar (kembar1); Kembar (kembar2). "
            "Type the user name.",
        ),
        ("", "This field is required."),
        ("a\x00b", "Character 2 (U+0000, after “a”) is a control character. Delete it, or type "
         "the word again instead of pasting it."),
    ],
)  # fmt: skip
def test_person_who_is_not_plain_is_refused(typed, sentence):
    UserFactory(username="pergi", is_active=False)
    for number in (1, 2):
        UserFactory(username=f"kembar{number}", name_plain="Kembar")
    with pytest.raises(ValidationError) as refusal:
        PersonField().clean(typed)
    assert refusal.value.messages == [sentence]


def test_person_may_be_left_out_where_nobody_is_needed():
    assert PersonField(required=False).clean("  ") is None


@pytest.mark.parametrize("form_class", [PersonForm, UnitForm, OfficeForm])
def test_register_asks_for_nothing_that_is_granted_elsewhere(form_class):
    granted = {"is_active", "is_superuser", "is_staff", "groups", "user_permissions", "password"}
    assert set(form_class.base_fields) & granted == set()


def test_what_names_a_row_is_typed_once():
    assert "username" in PersonForm().fields
    assert "username" not in PersonForm(instance=UserFactory()).fields
    assert "code" not in UnitForm(instance=UnitFactory()).fields


def delegation_form(count=1, **data):
    principals = AppointmentFactory.create_batch(count)
    files = MultiValueDict({"letter": [samples.upload("kuasa.pdf", samples.pdf())]})
    typed = {
        "principal": principals[0].pk,
        "delegate": UserFactory().username,
        "start": "2026-03-10",
        "end": "2026-03-14",
        "basis_number": "K/1",
        "basis_date": "2026-03-09",
    }
    return DelegationForm(typed | data, files, principals=principals)


def test_delegation_of_the_only_office_asks_for_none():
    assert delegation_form()["principal"].is_hidden
    assert not delegation_form(count=2)["principal"].is_hidden


def test_delegation_of_another_office_cannot_be_chosen():
    form = delegation_form(principal=AppointmentFactory().pk)
    assert list(form.errors) == ["principal"]


def test_delegation_needs_its_letter():
    form = delegation_form()
    assert form.is_valid(), form.errors
    form.files = MultiValueDict()
    form.full_clean()
    assert list(form.errors) == ["letter"]


def test_scope_is_asked_only_where_there_is_a_choice(monkeypatch):
    monkeypatch.setitem(scopes._offered, "stages", lambda: {"trial": "Trial", "signing": "Signing"})
    monkeypatch.setitem(scopes._offered, "instrument_kinds", lambda: {"regent_decree": "Decree"})
    form = delegation_form(stages=["trial"])
    assert form.is_valid(), form.errors
    assert form.cleaned_data["stages"] == ["trial"]
    assert "instrument_kinds" not in form.fields


@pytest.mark.parametrize(
    ("data", "unfolded"),
    [({}, False), ({"ceiling": "5.000.000"}, True), ({"ceiling": "-1"}, True)],
)
def test_limits_are_unfolded_where_one_was_typed(data, unfolded):
    form = delegation_form(**data)
    form.is_valid()
    assert form.limited is unfolded
