"""Walks an innovation through the journey as the officials, by the same functions as the web.

A record is what the proposal form and the stages' forms take: the proposal's fields, and under
`completeness`, `assessments`, `trial`, `alignment`, `commitment`, `publication` and `monitoring`
what the officials fill in. `docs/walkthrough.md` describes it.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Office, User
from accounts.offices import holder_of, today
from accounts.texts import sentences_of
from approvals.models import Seat, SignOff
from approvals.seats import seats_of_stage, with_answers
from approvals.standing import Standing, group_of
from innovations import proposals
from innovations.models import ConflictDeclaration, Draft
from innovations.stage_forms import StageForm
from legal_basis import drafting, issuing
from legal_basis.legal_section import LEGAL_SECTION_HEAD
from legal_basis.models import Instrument

from .cover_sheet import cover_sheet
from .decisions import Act, InvalidRecord, decide
from .declarations import declare, must_declare
from .desk import answers_at, form_class_at
from .facts import matter_of
from .faults import WrongRow, WrongStage
from .mending_forms import OverrideForm
from .models import Case
from .overrides import record_override
from .stages import stage_labels
from .submission import submit

Record = Mapping[str, Any]
Tell = Callable[[str], None]
STEPS_AT_MOST = 60
# What a row of `assessments` says beside the scores.
OF_THE_DECLARATION = ("assessor", "conflict", "conflict_note")
MONITORING = ("report", "evaluation", "decision")
# What a record tells of itself, beside the proposal.
STAGE_KEYS = frozenset(
    {
        "initiator",
        "completeness",
        "assessments",
        "trial",
        "alignment",
        "commitment",
        "drafting",
        "override",
        "publication",
        "monitoring",
        "expansion",
        "demo_state",
        "_about",
    }
)


class WalkStopped(Exception):
    """The innovation cannot go on; the sentence says where and why."""


def propose(record: Record, *, folder: Path) -> Case:
    """Submit the proposal of a record in the name of its initiator."""
    initiator = User.objects.filter(username=record.get("initiator", "")).first()
    if initiator is None:
        raise ValidationError(
            _("Initiator: there is no account “%(name)s”. Name one that exists.")
            % {"name": record.get("initiator", "")}
        )
    return submit(initiator, draft_of(record, initiator, folder=folder))


def draft_of(record: Record, initiator: User, *, folder: Path) -> Draft:
    """The draft of a record's proposal; a document named without its file gets a cover sheet."""
    fields = {key: value for key, value in record.items() if key not in STAGE_KEYS}
    documents = [_with_file(document) for document in fields.pop("evidence", None) or []]
    return proposals.draft_from_record(initiator, fields | {"evidence": documents}, folder=folder)


def _with_file(document: Any) -> Any:
    if not isinstance(document, Mapping) or document.get("file"):
        return document
    lines = [
        "LEMBAR KETERANGAN DOKUMEN",
        "",
        f"Judul: {document.get('title') or '-'}",
        f"Nomor: {document.get('document_number') or '-'}",
        f"Tanggal: {document.get('document_date') or '-'}",
        "",
        "Berkas asli tidak disertakan dalam daftar dari mana usulan ini dimuat.",
        "Lembar ini menggantikannya sampai berkas asli diunggah.",
    ]
    return {**document, "file": cover_sheet(lines), "name": "lembar-keterangan.pdf"}


def walk(case: Case, record: Record, *, until: str = "", tell: Tell = lambda _: None) -> Case:
    """Let the officials sign until the case stands at `until` or waits for the worker."""
    for _step in range(STEPS_AT_MOST):
        case = Case.objects.select_related("innovation").get(pk=case.pk)
        seat = next_seat(case)
        if case.stage == until:
            return case
        if seat is None:
            _check_nobody_is_missing(case)
            return case
        tell(sign_one(case, seat, record))
    raise WalkStopped(
        _("%(code)s does not come to an end after %(count)s signatures.")
        % {"code": case.code, "count": STEPS_AT_MOST}
    )


def next_seat(case: Case) -> Seat | None:
    """The first open seat that somebody may sign today, else the first."""
    opened = list(with_answers(Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN)))
    if len(opened) < 2:
        return opened[0] if opened else None
    standing = Standing(matter_of(case), seats_of_stage(opened[0].task_id), today())
    return next((seat for seat in opened if standing.eligible(seat)), opened[0])


def _check_nobody_is_missing(case: Case) -> None:
    """Raise WalkStopped where everybody who is left to sign has stepped back."""
    left = Seat.objects.filter(process_id=case.pk, state=Seat.State.RECUSED)
    if seat := left.filter(task__finished__isnull=True).first():
        raise _nobody_for(seat)


def _nobody_for(seat: Seat) -> WalkStopped:
    return WalkStopped(
        _("%(stage)s: nobody can sign for %(office)s today.")
        % {"stage": stage_labels().get(seat.stage, seat.stage), "office": seat.holder_label}
    )


def sign_one(
    case: Case,
    seat: Seat,
    record: Record,
    outcome: str = "approve",
    note: str = "",
    remarks: Sequence[tuple[str, str]] = (),
) -> str:
    """Let whoever holds the seat today sign it as the record says; returns the step in words."""
    _allow_mandate(case, seat, record)
    person = signer_of(case, seat)
    if must_declare(person, case.innovation, seat) and _declare(case, seat, record, person):
        return _step(SignOff.objects.filter(seat=seat).latest("pk"))
    form = _form(case, seat, record, person, outcome)
    try:
        act = Act(outcome, note=note, remarks=remarks, form=form)
        decision = decide(person, case.code, seat.pk, act)
    except InvalidRecord as invalid:
        raise WrongStage(seat.stage, invalid, _assessment_row(record, person)) from invalid
    return _step(decision.sign_off)


def _step(sign_off: SignOff) -> str:
    seat = sign_off.seat
    choice = answers_at(seat).get(sign_off.outcome)
    done = choice.fact if choice else sign_off.get_outcome_display()
    stage = stage_labels().get(seat.stage, seat.stage)
    return f"{seat.case_code}  {stage} – {sign_off.capacity}: {done}"


def _allow_mandate(case: Case, seat: Seat, record: Record) -> None:
    """Record the letter that the record names, where a mandate alone is left to sign."""
    letter = record.get("override")
    standing = Standing(matter_of(case), seats_of_stage(seat.task_id), today())
    head = holder_of(Office.objects.get(code=LEGAL_SECTION_HEAD), today())
    if not (letter and head and group_of(seat).definitive) or standing.eligible(seat):
        return
    form = OverrideForm(letter)
    if not form.is_valid():
        raise ValidationError([f"override: {sentence}" for sentence in sentences_of(form)])
    record_override(head.user, case.code, seat.pk, **form.cleaned_data)


def signer_of(case: Case, seat: Seat) -> User:
    """Whoever speaks for the seat today."""
    able = Standing(matter_of(case), seats_of_stage(seat.task_id), today()).eligible(seat)
    if not able:
        raise _nobody_for(seat)
    return able[0]


def _declare(case: Case, seat: Seat, record: Record, person: User) -> bool:
    """Declare what the record says of a panel member's interests; says whether they step back."""
    row = _own_row(record, person)
    said = record["assessments"][row]
    kind = said.get("conflict")
    try:
        declare(
            person, case.code, seat.pk, kind=kind, sentence=str(said.get("conflict_note") or "")
        )
    except ValidationError as error:
        raise WrongRow(error.messages, ("assessments",), row) from error
    return bool(kind == ConflictDeclaration.Kind.RECUSE)


def _own_row(record: Record, person: User) -> int:
    row = _assessment_row(record, person)
    if row is None:
        raise ValidationError(
            _("assessments: there is none of “%(name)s”, who sits on the panel.")
            % {"name": person.username}
        )
    return row


def _form(case: Case, seat: Seat, record: Record, person: User, outcome: str) -> StageForm | None:
    form_class = form_class_at(seat, outcome)
    if form_class is None:
        return None
    filled = _filled(case, seat, record, form_class, person)
    return form_class.from_record(filled, innovation=case.innovation, actor=person)


def _filled(
    case: Case, seat: Seat, record: Record, form_class: type[StageForm], person: User
) -> Record:
    """What the record says for this stage; what a person would leave as it stands, stays."""
    if seat.stage == "verification":
        own = record["assessments"][_own_row(record, person)]
        return {key: value for key, value in own.items() if key not in OF_THE_DECLARATION}
    given = record.get("monitoring") or {} if seat.stage in MONITORING else record
    shown = as_recorded(form_class(innovation=case.innovation, actor=person))
    return laid_over(shown, given.get(seat.stage) or {})


def _assessment_row(record: Record, person: User) -> int | None:
    """Which of the record's assessments is this panel member's."""
    given = record.get("assessments") or []
    rows = (row for row, own in enumerate(given) if own.get("assessor") == person.username)
    return next(rows, None)


def laid_over(shown: dict[str, Any], given: Record) -> dict[str, Any]:
    """What is given over what the screen shows; a row may leave out what is filled in already."""
    merged = shown | dict(given)
    for name, rows in given.items():
        before = shown.get(name)
        if isinstance(rows, list) and isinstance(before, list) and len(before) == len(rows):
            merged[name] = [base | row for base, row in zip(before, rows, strict=True)]
    return merged


def as_recorded(form: StageForm) -> dict[str, Any]:
    """What an unbound form shows, as the record that leaves everything as it stands."""
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    record = {name: value for name, value in shown.items() if value is not None}
    return record | {name: list(table.initial or []) for name, table in form.rows.items()}


def go_all_the_way(record: Record, *, folder: Path, tell: Tell) -> Case:
    """The whole journey: all or nothing up to the number, then the document, then publication."""
    with transaction.atomic():
        case = propose(record, folder=folder)
        tell(f"{case.code}  {_('submitted')}: {case.innovation.name}")
        case = walk(case, record, tell=tell)
    instrument = issue_now(case)
    tell(f"{case.code}  {_('number')} {instrument.number}")
    with transaction.atomic():
        return walk(case, record, tell=tell)


def issue_now(case: Case) -> Instrument:
    """What the worker does: render, sign and issue; a document that is issued already stays."""
    instrument = drafting.current_instrument(case.innovation)
    assert instrument is not None
    issuing.issue(instrument.pk)
    instrument.refresh_from_db()
    return instrument
