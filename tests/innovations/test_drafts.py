import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from accounts.models import StoredFile
from innovations import drafts
from innovations.drafts import attach_file, describe_file, remove_file, save_draft
from innovations.models import Draft, DraftFile
from tests.accounts.files import samples as files

from .factories import UserFactory, draft_of, drop, typed

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def owner():
    return UserFactory()


def test_save_draft_keeps_what_was_typed_as_typed(owner):
    draft = save_draft(owner, None, typed(name="  a < b ", budget_need="banyak sekali"))
    draft.refresh_from_db()
    assert draft.data["name"] == "  a < b "
    assert draft.data["budget_need"] == "banyak sekali"
    assert draft.owner == owner


def test_save_draft_half_a_form_is_kept(owner):
    draft = save_draft(owner, None, {"problem": "Antrean"})
    assert draft.data == {"problem": "Antrean"}


def test_save_draft_again_changes_the_same(owner):
    draft = draft_of(owner)
    again = save_draft(owner, draft.pk, typed(name="KERITAK"))
    assert (again.pk, again.data["name"], Draft.objects.count()) == (draft.pk, "KERITAK", 1)


def test_save_draft_single_field_loses_nothing_else(owner):
    draft = save_draft(owner, draft_of(owner).pk, {"problem": "Antrean"})
    assert (draft.data["problem"], draft.data["name"]) == ("Antrean", "SIE CANTIK")


def test_save_draft_whole_form_with_unticked_box_unticks_it(owner):
    posted = {k: v for k, v in typed().items() if k != "is_digital"}
    draft = save_draft(owner, draft_of(owner, is_digital=True).pk, posted)
    assert draft.data["is_digital"] is False


def test_save_draft_unknown_fields_are_left_out(owner):
    draft = save_draft(owner, None, {"name": "A", "status": "institutionalised", "revision": 9})
    assert draft.data == {"name": "A", "is_digital": False, "already_running": False}


def test_save_draft_unstorable_characters_become_visible(owner):
    draft = save_draft(owner, None, {"problem": "a\x00b\ud800c"})
    draft.refresh_from_db()
    assert draft.data["problem"] == "a\ufffdb\ufffdc"


@pytest.mark.parametrize(
    ("value", "kept"),
    [(["1", 2], ["1", "2"]), ("7", ["7"]), (["x", None, "9" * 40], []), ({"a": 1}, [])],
)
def test_save_draft_people_are_numbers(owner, value, kept):
    assert save_draft(owner, None, {"co_initiators": value}).data["co_initiators"] == kept


def test_save_draft_a_million_letters_are_kept(owner):
    draft = save_draft(owner, None, {"problem": "x" * 1_000_000})
    assert len(draft.data["problem"]) == 1_000_000


def test_save_draft_more_than_fits_is_refused(owner):
    with pytest.raises(ValidationError, match="more text than a draft can keep"):
        save_draft(owner, None, {"problem": "x" * 4_000_001})


def test_save_draft_of_another_person_does_not_exist(owner):
    with pytest.raises(Draft.DoesNotExist):
        save_draft(UserFactory(), draft_of(owner).pk, {"name": "Milik saya"})


def submitted_draft(owner):
    draft = draft_of(owner)
    Draft.objects.filter(pk=draft.pk).update(submitted_at=timezone.now())
    return draft


def test_save_draft_after_submission_is_refused(owner):
    with pytest.raises(ValidationError, match="submitted already"):
        save_draft(owner, submitted_draft(owner).pk, {"name": "Lain"})


def test_save_draft_writes_no_history(owner):
    assert not hasattr(draft_of(owner), "history")


def test_draft_data_is_json(owner):
    assert json.loads(json.dumps(draft_of(owner).data))["name"] == "SIE CANTIK"


def test_attach_file_keeps_it_with_what_was_said(owner):
    draft = draft_of(owner)
    kept = attach_file(
        owner,
        draft,
        files.upload("Izin Kepala.png", files.picture()),
        {
            "kind": "permission_letter",
            "title": "Izin tertulis",
            "document_number": "800/12/2026",
            "document_date": "2026-01-05",
        },
    )
    kept.refresh_from_db()
    assert (kept.kind, kept.title, kept.name) == (
        "permission_letter",
        "Izin tertulis",
        "Izin Kepala.png",
    )
    assert (kept.document_number, kept.document_date.isoformat()) == ("800/12/2026", "2026-01-05")
    assert kept.file.read() == files.picture()
    assert kept.file.history.get().history_user == owner


def test_attach_file_without_words_takes_its_name_as_title(owner):
    kept = attach_file(owner, draft_of(owner), files.upload("Foto A.png", files.picture()))
    assert (kept.kind, kept.title) == ("support", "Foto A")


def test_attach_file_hostile_leaves_nothing(owner):
    draft = draft_of(owner)
    with pytest.raises(ValidationError) as caught:
        attach_file(owner, draft, files.upload("a.pdf", b"<html>"), {})
    assert caught.value.messages == [
        "File: a.pdf: The content is not what the ending .pdf says. Save it anew in that format."
    ]
    assert (draft.files.count(), StoredFile.objects.count()) == (0, 0)


def test_attach_file_to_another_persons_draft_does_not_exist(owner):
    with pytest.raises(Draft.DoesNotExist):
        drop(UserFactory(), draft_of(owner))


def test_attach_file_after_submission_is_refused(owner):
    with pytest.raises(ValidationError, match="submitted already"):
        drop(owner, submitted_draft(owner))


def test_attach_file_more_than_fit_is_refused(owner, monkeypatch):
    monkeypatch.setattr(drafts, "MAX_FILES", 1)
    draft = draft_of(owner)
    drop(owner, draft)
    with pytest.raises(ValidationError, match="at most 1 files"):
        drop(owner, draft)


def test_describe_file_changes_its_words(owner):
    draft = draft_of(owner)
    kept = drop(owner, draft)
    describe_file(owner, draft, kept.pk, {"kind": "running_evidence", "title": "Foto layanan"})
    kept.refresh_from_db()
    assert (kept.kind, kept.title) == ("running_evidence", "Foto layanan")


def test_describe_file_bad_words_change_nothing(owner):
    draft = draft_of(owner)
    kept = drop(owner, draft, title="Foto")
    with pytest.raises(ValidationError, match="Document date: This date lies in the future"):
        describe_file(owner, draft, kept.pk, {"document_date": "2999-01-01"})
    kept.refresh_from_db()
    assert kept.title == "Foto"


def test_describe_file_of_another_draft_does_not_exist(owner):
    other = drop(owner, draft_of(owner))
    with pytest.raises(DraftFile.DoesNotExist):
        describe_file(owner, draft_of(owner), other.pk, {})


def test_remove_file_takes_it_off(owner):
    draft = draft_of(owner)
    kept = drop(owner, draft)
    remove_file(owner, draft, kept.pk)
    assert draft.files.count() == 0
    assert kept.file.read()


def test_remove_file_of_another_person_is_refused(owner):
    draft = draft_of(owner)
    kept = drop(owner, draft)
    with pytest.raises(Draft.DoesNotExist):
        remove_file(UserFactory(), draft, kept.pk)
    assert draft.files.count() == 1
