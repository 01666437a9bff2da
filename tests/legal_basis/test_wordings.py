import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.acting import acting_as
from legal_basis.drafting import assemble
from legal_basis.master_data import load_master_data
from legal_basis.models import LibraryClause
from legal_basis.wordings import word_anew
from tests.innovations.factories import UserFactory
from tests.legal_basis.factories import draft, facts, system
from tests.legal_basis.law_office import drafter

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

NEW = "Menetapkan {innovation} sebagai Inovasi Daerah[[ menurut {annex}]]."


def clause() -> LibraryClause:
    return LibraryClause.objects.get(kind="regent_decree", purpose="stipulate", key="stipulation")


def anew(text: str = NEW, actor=None) -> None:
    with transaction.atomic():
        word_anew(actor or drafter(), clause(), text, "Disingkat.")


def again(instrument):
    with transaction.atomic():
        return assemble(system(), instrument.innovation, facts())


def texts(instrument) -> dict[str, tuple[str, int]]:
    return {row["key"]: (row["text"], row["version"]) for row in instrument.content["dicta"]}


def test_next_wording_is_written_into_drafts_assembled_from_now_on():
    instrument = draft()
    anew()
    assert texts(again(instrument))["stipulation"] == (
        "Menetapkan SIE CANTIK sebagai Inovasi Daerah menurut Lampiran.",
        2,
    )


def test_next_wording_leaves_what_was_edited_by_hand():
    instrument = draft()
    instrument.content["dicta"][0]["text"] = "Menetapkan SIE CANTIK menurut Lampiran."
    with acting_as(system()):
        instrument.save()
    anew()
    assert texts(again(instrument))["stipulation"] == ("Menetapkan SIE CANTIK menurut Lampiran.", 1)


def test_earlier_wordings_stay():
    draft()
    anew()
    assert list(clause().versions.values_list("version", flat=True)) == [2, 1]


def test_loading_again_keeps_what_the_legal_section_worded():
    draft()
    anew()
    with transaction.atomic():
        assert load_master_data(system()) == 0
    assert clause().versions.first().text == NEW


@pytest.mark.parametrize("text", ["Menetapkan {boss}.", "Menetapkan {innovation."])
def test_wording_that_cannot_be_filled_in_is_refused(text):
    draft()
    with pytest.raises(ValidationError, match="nown"):
        anew(text)
    assert clause().versions.count() == 1


def test_wording_that_changes_nothing_is_refused():
    draft()
    anew()
    with pytest.raises(ValidationError, match="in use already"):
        anew()


def test_others_do_not_word_anew():
    draft()
    drafter()
    with pytest.raises(PermissionDenied):
        anew(actor=UserFactory())
