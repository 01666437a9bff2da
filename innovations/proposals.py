"""From a draft to an innovation, and from a returned innovation to its next revision."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.offices import today
from accounts.texts import format_money

from .drafts import attach_file, describe_file, remove_file, save_draft
from .meter import completeness
from .models import Draft, DraftFile, Evidence, Innovation, Participant
from .proposal_form import PROFILE_FIELDS, ProposalForm
from .signals import innovation_act

__all__ = [
    "InvalidDocument",
    "InvalidProposal",
    "attach_file",
    "completeness",
    "describe_file",
    "draft_from_record",
    "form_of",
    "open_revision_draft",
    "remove_file",
    "resubmit_draft",
    "save_draft",
    "submit_draft",
]

DOCUMENT_FIELDS = ("kind", "title", "document_number", "document_date", "name", "file_id")


class InvalidProposal(ValidationError):
    """The proposal does not hold yet; `form` carries its errors and what was typed."""

    def __init__(self, form: ProposalForm) -> None:
        super().__init__(form.sentences(), code="invalid_proposal")
        self.form = form


class InvalidDocument(ValidationError):
    """A document of a record does not hold; `number` counts from 0."""

    def __init__(self, number: int, sentences: list[str]) -> None:
        super().__init__(sentences, code="invalid_document")
        self.number = number


def form_of(draft: Draft) -> ProposalForm:
    """The proposal filled with what the draft holds, ready for `is_valid()`."""
    initiator = draft.innovation.initiator if draft.innovation else draft.owner
    return ProposalForm(draft.data, draft=draft, actor=initiator)


@verb
def submit_draft(actor: User, draft: Draft) -> Innovation:
    """Turn a draft into an innovation; the same draft again answers with the same innovation.

    Raises Draft.DoesNotExist for another's draft, InvalidProposal (a ValidationError) when a
    rule is not kept.
    """
    locked = _locked(actor, draft)
    if locked.submitted_at is not None and locked.innovation is not None:
        return locked.innovation
    if locked.innovation is not None:
        raise ValidationError(
            _("This is a revision. Resubmit it instead of submitting it anew."), code="revision"
        )
    form = _checked(locked)
    innovation = Innovation.objects.create(
        code=f"INV-{today().year}-{locked.pk:04d}",
        initiator=actor,
        submitted_at=timezone.now(),
        **_profile(form),
    )
    _name_people(innovation, form.cleaned_data["co_initiators"])
    _take_over_files(innovation, locked)
    return _submitted(actor, locked, innovation, "submitted")


@verb
def resubmit_draft(actor: User, draft: Draft) -> Innovation:
    """Bring a revised draft into its innovation as the next revision; repeating it changes nothing.

    Raises ValidationError when the innovation does not wait for a revision.
    """
    locked = _locked(actor, draft)
    if locked.innovation is None:
        raise ValidationError(_("This proposal was never submitted. Submit it."), code="new")
    if locked.submitted_at is not None:
        return locked.innovation
    innovation = Innovation.objects.select_for_update().get(pk=locked.innovation.pk)
    _check_returned(actor, innovation)
    form = _checked(locked)
    for name, value in _profile(form).items():
        setattr(innovation, name, value)
    innovation.revision += 1
    innovation.status = Innovation.Status.IN_PROGRESS
    innovation.status_reason = ""
    innovation.save()
    _name_people(innovation, form.cleaned_data["co_initiators"])
    _take_over_files(innovation, locked)
    return _submitted(actor, locked, innovation, "resubmitted")


@verb
def open_revision_draft(actor: User, innovation: Innovation) -> Draft:
    """The draft in which the initiator revises a returned innovation, opened once."""
    locked = Innovation.objects.select_for_update().get(pk=innovation.pk)
    _check_returned(actor, locked)
    if draft := Draft.objects.filter(innovation=locked, submitted_at=None).first():
        return draft
    draft = Draft.objects.create(owner=actor, innovation=locked, data=_typed_again(locked))
    for evidence in locked.evidence.filter(removed_at__isnull=True):
        DraftFile.objects.create(draft=draft, evidence=evidence, **_document(evidence))
    return draft


@verb
def draft_from_record(actor: User, record: Mapping[str, Any], *, folder: Path) -> Draft:
    """A draft from a plain record: the fields of ProposalForm, co-initiators by user name, and
    `evidence`, a list of {kind, title, document_number, document_date, file}.

    `file` is a path below `folder`, or bytes together with `name`.
    Raises ValidationError with sentences that name field and mend.
    """
    fields = {name: value for name, value in record.items() if name != "evidence"}
    if unknown := sorted(set(fields) - set(ProposalForm.base_fields)):
        raise ValidationError(
            _("%(names)s: not known in a proposal. Known are: %(known)s.")
            % {"names": ", ".join(unknown), "known": ", ".join(ProposalForm.base_fields)}
        )
    names = fields.get("co_initiators") or []
    fields["co_initiators"] = _numbers_of(names if isinstance(names, list) else [names])
    draft = save_draft(actor, None, {"name": ""} | fields)
    for number, about in enumerate(record.get("evidence") or []):
        try:
            attach_file(actor, draft, _file_of(about, folder), about)
        except ValidationError as error:
            raise InvalidDocument(number, error.messages) from error
    return draft


def _numbers_of(usernames: Iterable[Any]) -> list[int]:
    wanted = {str(name) for name in usernames}
    found = dict(User.objects.filter(username__in=wanted).values_list("username", "pk"))
    if missing := sorted(wanted - set(found)):
        raise ValidationError(
            _("Co-initiators: nobody has the user name %s. Check the spelling.")
            % ", ".join(missing)
        )
    return sorted(found.values())


def _file_of(about: Any, folder: Path) -> ContentFile:
    if not isinstance(about, Mapping) or not about.get("file"):
        raise ValidationError(_("Evidence: name the file of each document under “file”."))
    file = about["file"]
    if isinstance(file, bytes):
        return ContentFile(file, name=str(about.get("name") or "file"))
    path = (folder / str(file)).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise ValidationError(
            _("Evidence: there is no file %s beside the list. Put it there and name it again.")
            % file
        )
    return ContentFile(path.read_bytes(), name=path.name)


def _locked(actor: User, draft: Draft) -> Draft:
    return Draft.objects.select_for_update().get(pk=draft.pk, owner=actor)


def _check_returned(actor: User, innovation: Innovation) -> None:
    if innovation.proposer.pk != actor.pk:
        raise ValidationError(
            _("Only the initiator revises this innovation."), code="not_the_initiator"
        )
    if innovation.status != Innovation.Status.RETURNED:
        raise ValidationError(
            _("This innovation does not wait for a revision."), code="not_returned"
        )


def _checked(draft: Draft) -> ProposalForm:
    form = form_of(draft)
    if not form.is_valid():
        raise InvalidProposal(form)
    return form


def _profile(form: ProposalForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in PROFILE_FIELDS}


def _name_people(innovation: Innovation, people: Iterable[User]) -> None:
    """Bring the co-initiators in line; who left stays on the record."""
    wanted = {person.pk: person for person in people}
    for participant in innovation.participants.select_related("user"):
        stays = wanted.pop(participant.user_id, None) is not None
        if stays != (participant.left_at is None):
            participant.left_at = None if stays else timezone.now()
            participant.save()
    for person in wanted.values():
        Participant.objects.create(innovation=innovation, user=person)


def _take_over_files(innovation: Innovation, draft: Draft) -> None:
    """Make the files of the draft the evidence; what was taken off is marked as removed."""
    kept = {file.evidence_id: file for file in draft.files.all() if file.evidence_id}
    for evidence in innovation.evidence.filter(removed_at__isnull=True):
        _bring_in_line(evidence, kept.get(evidence.pk))
    for file in draft.files.filter(evidence__isnull=True):
        file.evidence = Evidence.objects.create(innovation=innovation, **_document(file))
        file.save(update_fields=["evidence"])


def _bring_in_line(evidence: Evidence, file: DraftFile | None) -> None:
    if file is None:
        evidence.removed_at = timezone.now()
        evidence.save()
    elif _document(file) != _document(evidence):
        for name, value in _document(file).items():
            setattr(evidence, name, value)
        evidence.save()


def _document(document: DraftFile | Evidence) -> dict[str, Any]:
    return {name: getattr(document, name) for name in DOCUMENT_FIELDS}


def _submitted(actor: User, draft: Draft, innovation: Innovation, act: str) -> Innovation:
    draft.innovation = innovation
    draft.submitted_at = timezone.now()
    draft.save()
    innovation_act.send(
        Innovation,
        act=act,
        innovation=innovation,
        actor=actor,
        details={"revision": innovation.revision},
    )
    return innovation


def _typed_again(innovation: Innovation) -> dict[str, Any]:
    """The innovation as somebody would have typed it."""
    data = {name: getattr(innovation, name) for name in PROFILE_FIELDS}
    present = innovation.participants.filter(left_at__isnull=True)
    need, since = innovation.budget_need, innovation.running_since
    return data | {
        "owning_unit": innovation.owning_unit.code,
        "budget_need": "" if need is None else format_money(need),
        "running_since": since.isoformat() if since else "",
        "co_initiators": [str(pk) for pk in present.values_list("user_id", flat=True)],
    }
