"""Filters kept under a name: one's own, renamed, replaced, deleted, and no more than twenty."""

import pytest
from django.core.exceptions import ValidationError

from tests.accounts.factories import UserFactory
from workflow.models import SavedView
from workflow.saved_views import MOST, delete_view, rename_view, save_view

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("system", "english")]

FILTERS = {"stage": "signing", "late": "1", "cursor": "2026-01-01,4"}


@pytest.fixture
def person(system):
    return UserFactory()


def names(person):
    return list(person.saved_views.values_list("name", flat=True))


def test_filters_are_kept_without_the_place_in_the_list(person):
    view = save_view(person, "  Mendesak ", FILTERS)

    assert (view.name, view.query) == ("Mendesak", "stage=signing&late=1")


def test_same_name_again_replaces_the_filters(person):
    save_view(person, "Mendesak", FILTERS)
    view = save_view(person, "Mendesak", {"view": "unit"})

    assert names(person) == ["Mendesak"]
    assert view.query == "view=unit"


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\nb"])
def test_name_that_is_none_is_refused_with_a_sentence(person, name):
    with pytest.raises(ValidationError, match="Name: "):
        save_view(person, name, FILTERS)

    assert names(person) == []


def test_one_view_too_many_is_refused_and_an_old_one_can_still_be_replaced(person):
    for number in range(MOST):
        save_view(person, f"Tampilan {number}", FILTERS)

    with pytest.raises(ValidationError, match=f"You have {MOST} saved views"):
        save_view(person, "Satu lagi", FILTERS)
    save_view(person, "Tampilan 3", {"view": "unit"})
    assert person.saved_views.count() == MOST


def test_view_is_renamed_but_not_to_a_name_that_is_taken(person):
    view = save_view(person, "Satu", FILTERS)
    save_view(person, "Dua", FILTERS)

    rename_view(person, view.pk, "Tiga")
    with pytest.raises(ValidationError, match="“Dua” already"):
        rename_view(person, view.pk, "Dua")

    assert names(person) == ["Dua", "Tiga"]


def test_view_of_somebody_else_is_not_there(person):
    view = save_view(person, "Satu", FILTERS)
    other = UserFactory()

    with pytest.raises(SavedView.DoesNotExist):
        rename_view(other, view.pk, "Punyaku")
    delete_view(other, view.pk)

    assert names(person) == ["Satu"]
    delete_view(person, view.pk)
    delete_view(person, view.pk)
    assert names(person) == []
