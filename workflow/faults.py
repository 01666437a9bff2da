"""What is wrong with a record, with the part of it that must be mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from accounts.texts import sentences_of
from approvals.refusals import Refused
from innovations.proposals import InvalidDocument
from innovations.stage_forms import StageForm

from .decisions import InvalidRecord

# Tables of the forms, and where their rows stand in a record.
ONE_OF_MANY = {"verification": "assessments"}


@dataclass(frozen=True)
class Fault:
    """A sentence, and the table and row (from 0) of the record that it is about."""

    sentence: str
    path: tuple[str, ...] = ()
    row: int | None = None


class WrongStage(ValidationError):
    """A stage's form does not hold; carries the stage, the form and the row it came from."""

    def __init__(self, stage: str, invalid: InvalidRecord, row: int | None = None) -> None:
        super().__init__(str(invalid))
        self.stage = stage
        self.form = invalid.form
        self.row = row


class WrongRow(ValidationError):
    """A row of a table of the record does not hold; carries the table and the row (from 0)."""

    def __init__(self, messages: list[str], path: tuple[str, ...], row: int) -> None:
        super().__init__(messages)
        self.path = path
        self.row = row


def faults_of(error: Exception) -> list[Fault]:
    """Every fault behind a refusal, each with its place in the record."""
    if isinstance(error, WrongStage):
        return list(_stage_faults(error))
    if isinstance(error, WrongRow):
        return [Fault(sentence, error.path, error.row) for sentence in error.messages]
    if isinstance(error, InvalidDocument):
        return [Fault(sentence, ("evidence",), error.number) for sentence in error.messages]
    if isinstance(error, ValidationError):
        return [Fault(sentence) for sentence in error.messages]
    return [Fault(error.sentence if isinstance(error, Refused) else str(error))]


def _stage_faults(error: WrongStage) -> Iterator[Fault]:
    form: StageForm = error.form
    if error.stage in ONE_OF_MANY:
        path: tuple[str, ...] = (ONE_OF_MANY[error.stage],)
        yield from (Fault(sentence, path, error.row) for sentence in sentences_of(form))
        return
    for sentence in sentences_of(form):
        yield Fault(f"{error.stage}: {sentence}")
    for name, table in form.rows.items():
        path = (error.stage, name)
        for text in table.non_form_errors():
            yield Fault(str(text), path)
        for row, row_form in enumerate(table.forms):
            yield from (Fault(sentence, path, row) for sentence in sentences_of(row_form))
