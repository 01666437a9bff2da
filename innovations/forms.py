"""The forms of the first stages, and the proposal's: one for page, `walkthrough` and tests."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.files.uploads import UploadField
from accounts.texts import LONG_TEXT_LENGTH, DayField, PlainCharField, PlainTextField

from .catalogues import ChecklistItem, Criterion, checklist_for, criteria
from .models import Assessment, Trial
from .proposal_form import (
    EvidenceForm,
    ProposalForm,
    UnitField,
    choose_from,
    proposable_units,
)
from .reviews import (
    Answer,
    Score,
    check_owner_absent,
    check_trial_days,
    record_assessment,
    record_completeness,
    record_trial,
)
from .stage_forms import StageForm

__all__ = ["AssessmentForm", "CompletenessForm", "EvidenceForm", "ProposalForm", "TrialForm"]

NOTE_LENGTH = 500


class YesNoField(forms.TypedChoiceField):
    """Yes or no, with no answer given beforehand."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        """Also takes true and false, as records have them."""
        if isinstance(value, bool):
            value = "yes" if value else "no"
        answer: str = super().to_python(value)
        return answer


class CompletenessForm(StageForm):
    """The administrative check: every item of the checklist, and where the trial will be.

    Fields: `item_<code>` (yes/no) and `note_<code>` for each item; `laboratory` (code of a
    unit) unless the innovation runs already.
    """

    template_name_stage = "workflow/stages/completeness.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.items = checklist_for(kwargs["innovation"])
        super().__init__(*args, **kwargs)
        for item in self.items:
            self.fields[f"item_{item.code}"] = YesNoField(
                label=item.label,
                error_messages={"required": gettext_lazy("Answer this item with yes or no.")},
            )
            self.fields[f"note_{item.code}"] = PlainCharField(
                label=_("Note"), max_length=NOTE_LENGTH, required=False
            )
        if not self.innovation.already_running:
            self.fields["laboratory"] = UnitField(
                label=gettext_lazy("Trial laboratory"),
                help_text=gettext_lazy("The unit in which the innovation is tried out."),
            )
            choose_from(self.fields["laboratory"], proposable_units())

    def recorded(self) -> dict[str, Any]:
        """The answers given at this revision already."""
        initial: dict[str, Any] = {}
        for answer in self.innovation.checklist_answers.filter(revision=self.innovation.revision):
            initial[f"item_{answer.item}"] = "yes" if answer.met else "no"
            initial[f"note_{answer.item}"] = answer.note
        laboratory = self.innovation.laboratory
        return initial | ({"laboratory": laboratory.code} if laboratory else {})

    def questions(self) -> list[tuple[ChecklistItem, BoundField, BoundField]]:
        """Each item with its answer and note, for the screen."""
        return [(i, self[f"item_{i.code}"], self[f"note_{i.code}"]) for i in self.items]

    def clean(self) -> dict[str, Any]:
        """What is not met is said why; and nothing required that is missing is approved."""
        for item in self.items:
            if self.cleaned_data.get(f"item_{item.code}") is False:
                self._check_unmet(item)
        return self.cleaned_data

    def _check_unmet(self, item: ChecklistItem) -> None:
        if item.required and self.outcome == "approve":
            self.add_error(
                f"item_{item.code}",
                ValidationError(
                    _("This must be met before the proposal goes on. Return it with a remark."),
                    code="unmet",
                ),
            )
        elif not self.cleaned_data.get(f"note_{item.code}"):
            self.add_error(
                f"note_{item.code}",
                ValidationError(
                    _("Say in a sentence what is missing at “%s”.") % item.label, code="note"
                ),
            )

    def record(self) -> None:
        """Keep the answers and the laboratory."""
        data = self.cleaned_data
        record_completeness(
            self.actor,
            self.innovation,
            answers={
                item.code: Answer(data[f"item_{item.code}"], data[f"note_{item.code}"])
                for item in self.items
            },
            laboratory=data.get("laboratory"),
        )


class AssessmentForm(StageForm):
    """One panel member's assessment by the five criteria.

    Fields: `score_<criterion>` (0 to 4) and `note_<criterion>` for each criterion, `note`.
    """

    template_name_stage = "workflow/stages/verification.html"

    note = PlainTextField(
        label=gettext_lazy("Recommendation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.criteria = criteria()
        super().__init__(*args, **kwargs)
        for criterion in self.criteria:
            self.fields[f"score_{criterion.code}"] = forms.TypedChoiceField(
                label=criterion.label,
                help_text=criterion.question,
                choices=[(str(score), f"{score} – {text}") for score, text in criterion.rubric],
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": gettext_lazy("Choose a score from 0 to 4.")},
            )
            self.fields[f"note_{criterion.code}"] = PlainCharField(
                label=_("Note"), max_length=1_000, required=False
            )
        self.order_fields([*self._criterion_fields(), "note"])

    def _criterion_fields(self) -> list[str]:
        return [f"{kind}_{c.code}" for c in self.criteria for kind in ("score", "note")]

    def recorded(self) -> dict[str, Any]:
        """This member's own assessment of this revision."""
        own = Assessment.objects.filter(
            innovation=self.innovation, revision=self.innovation.revision, assessor=self.actor
        ).first()
        if own is None:
            return {}
        initial = {"note": own.note}
        for score in own.scores.all():
            initial[f"score_{score.criterion}"] = str(score.score)
            initial[f"note_{score.criterion}"] = score.note
        return initial

    def questions(self) -> list[tuple[Criterion, BoundField, BoundField]]:
        """Each criterion with its score and note, for the screen."""
        return [(c, self[f"score_{c.code}"], self[f"note_{c.code}"]) for c in self.criteria]

    def clean(self) -> dict[str, Any]:
        """Nobody assesses an innovation of their own."""
        check_owner_absent(self.actor, self.innovation)
        return self.cleaned_data

    def record(self) -> None:
        """Keep the scores."""
        data = self.cleaned_data
        record_assessment(
            self.actor,
            self.innovation,
            note=data["note"],
            scores={
                c.code: Score(data[f"score_{c.code}"], data[f"note_{c.code}"])
                for c in self.criteria
            },
        )


class TrialForm(StageForm):
    """The report on the trial.

    Fields: `start`, `end`, `report`, and the file `document`. The result is what the signer
    answers: approve = apply it, return = revise it first, anything else = stop it.
    """

    template_name_stage = "workflow/stages/trial.html"

    start = DayField(label=gettext_lazy("Start of the trial"))
    end = DayField(label=gettext_lazy("End of the trial"))
    report = PlainTextField(
        label=gettext_lazy("Trial report"),
        max_length=LONG_TEXT_LENGTH,
        min_words=20,
        help_text=gettext_lazy("What was tried, with whom, what was measured, what follows."),
    )
    document = UploadField(label=gettext_lazy("Report as a file"), required=False)

    RESULTS = {"approve": Trial.Result.APPLY, "return": Trial.Result.REVISE}

    def recorded(self) -> dict[str, Any]:
        """The report on this revision, if there is one."""
        trial = self.innovation.trials.filter(revision=self.innovation.revision).first()
        return {"start": trial.start, "end": trial.end, "report": trial.report} if trial else {}

    def clean(self) -> dict[str, Any]:
        """Days that can have been."""
        data = self.cleaned_data
        if "start" in data and "end" in data:
            try:
                check_trial_days(data["start"], data["end"])
            except ValidationError as error:
                self.add_error(None, error)
        return data

    def record(self) -> None:
        """Keep the report, its result, and the file as evidence."""
        data = self.cleaned_data
        record_trial(
            self.actor,
            self.innovation,
            start=data["start"],
            end=data["end"],
            report=data["report"],
            result=self.RESULTS.get(self.outcome, Trial.Result.STOP),
            document=data["document"],
        )
