"""Drafts save themselves: what was typed, as typed, and the files dropped on it. Owner only."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import acting_as
from accounts.files.storage import store
from accounts.files.uploads import CheckedUpload
from accounts.models import User
from accounts.texts import storable

from .models import Draft, DraftFile
from .proposal_form import EvidenceForm, ProposalForm, is_yes

MAX_FILES = 20
MAX_TYPED = 4_000_000
SWITCHES = ("is_digital", "already_running")
# What a reviser answers to remarks: typed beside the fields, kept with them.
ANSWER = re.compile(r"answer-[0-9]{1,18}")
MOST_ANSWERS = 200


def save_draft(owner: User, pk: int | None, data: Mapping[str, Any]) -> Draft:
    """Keep what was typed, as typed; a new draft without `pk`.

    A whole form (it has a `name`) replaces what was there, single fields are added to it.
    Raises Draft.DoesNotExist for another's draft, ValidationError for a submitted one.
    """
    typed = as_typed(data)
    if sum(len(str(value)) for value in typed.values()) > MAX_TYPED:
        raise ValidationError(
            _("This is more text than a draft can keep. Shorten it and save again."),
            code="too_long",
        )
    with transaction.atomic():
        draft = _open_draft(owner, pk) if pk is not None else Draft(owner=owner)
        draft.data = typed if "name" in data else draft.data | typed
        draft.save()
    return draft


def as_typed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The known fields and answers in `data`, as a draft keeps them; an unticked box is a box."""
    typed = {name: _kept(name, data[name]) for name in ProposalForm.base_fields if name in data}
    if "name" in data:
        typed |= {name: is_yes(data.get(name)) for name in SWITCHES}
    answers = [name for name in data if ANSWER.fullmatch(name)][:MOST_ANSWERS]
    return typed | {name: storable(str(data[name])) for name in answers}


def _kept(name: str, value: Any) -> Any:
    if name == "co_initiators":
        numbers = value if isinstance(value, list | tuple) else [value]
        return [str(n) for n in numbers if re.fullmatch(r"[0-9]{1,18}", str(n))]
    if name in SWITCHES:
        return is_yes(value)
    # The form names the sign that stands for what cannot be kept, so nothing goes unseen.
    return storable("" if value is None else str(value))


def attach_file(
    owner: User, draft: Draft, uploaded: File, about: Mapping[str, Any] | None = None
) -> DraftFile:
    """Check a file and put it on the draft; `about` may say kind, title, number and date.

    Raises ValidationError with sentences. The file is looked at and written before any lock.
    """
    _own(owner, draft)
    files: Any = {"file": uploaded}
    form = EvidenceForm(about or {}, files)
    if not form.is_valid():
        raise ValidationError(form.sentences())
    checked: CheckedUpload = form.cleaned_data.pop("file")
    with acting_as(owner):
        stored = store(checked.content, media_type=checked.media_type)
    title = form.cleaned_data.pop("title") or PurePosixPath(checked.name).stem
    with transaction.atomic():
        locked = _open_draft(owner, draft.pk)
        if locked.files.count() >= MAX_FILES:
            raise ValidationError(
                _("A proposal carries at most %s files. Remove one, or join some into one PDF.")
                % MAX_FILES,
                code="too_many_files",
            )
        return DraftFile.objects.create(
            draft=locked, file=stored, name=checked.name, title=title, **form.cleaned_data
        )


def describe_file(owner: User, draft: Draft, pk: int, about: Mapping[str, Any]) -> DraftFile:
    """Change what is said about a file of the draft."""
    form = EvidenceForm(about)
    del form.fields["file"]
    if not form.is_valid():
        raise ValidationError(form.sentences())
    with transaction.atomic():
        found = _open_draft(owner, draft.pk).files.get(pk=pk)
        for name, value in form.cleaned_data.items():
            setattr(found, name, value)
        found.title = found.title or PurePosixPath(found.name).stem
        found.save()
    return found


def remove_file(owner: User, draft: Draft, pk: int) -> None:
    """Take a file off the draft; what was submitted before stays on the record."""
    with transaction.atomic():
        _open_draft(owner, draft.pk).files.filter(pk=pk).delete()


def _own(owner: User, draft: Draft) -> None:
    if draft.owner_id != owner.pk:
        raise Draft.DoesNotExist("this draft belongs to somebody else")


def _open_draft(owner: User, pk: int) -> Draft:
    """The owner's draft, locked; raises when it was submitted meanwhile."""
    draft = Draft.objects.select_for_update().get(pk=pk, owner=owner)
    if draft.submitted_at is not None:
        raise ValidationError(
            _("This proposal was submitted already and can no longer be changed here."),
            code="submitted",
        )
    return draft
