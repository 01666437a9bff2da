"""Say whether a person may sign at the stage where a case waits, and by which rule."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from approvals.standing import Answer
from workflow.explaining import Explained, explain, overall
from workflow.models import Case
from workflow.stages import stage_labels


class Command(BaseCommand):
    help = "Explains to a person (user name) why they may or may not sign a case (its code) now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The case and the person; the language and the form of the answer."""
        parser.add_argument("case")
        parser.add_argument("user")
        parser.add_argument("--language", help="id or en; the person's own if it is left out")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the one answer for the stage, and the answer at each of its seats."""
        person = User.objects.filter(username=options["user"]).first()
        case = Case.objects.filter(code=options["case"]).select_related("innovation").first()
        if person is None or case is None:
            missing = options["user"] if person is None else options["case"]
            raise CommandError(_("There is neither a person nor a case “%s”.") % missing)
        with override(options["language"] or person.language):
            explained = explain(person, case)
            answer = overall(explained)
            if options["json"]:
                self.stdout.write(json.dumps(_as_data(person, case, explained), ensure_ascii=False))
            elif answer is None:
                self.stdout.write(_("%(code)s waits for no signature now.") % {"code": case.code})
            else:
                self._print(person, case, explained, answer)

    def _print(self, person: User, case: Case, explained: list[Explained], answer: Answer) -> None:
        stage = stage_labels().get(case.stage, case.stage)
        self.stdout.write(f"{case.code} · {stage} · {person}")
        self.stdout.write(f"{_('Yes') if answer.allowed else _('No')}: {answer.sentence}")
        for one in explained:
            self.stdout.write(
                f"  {one.seat.holder_label}: {one.answer.sentence} ({one.answer.rule})"
            )


def _as_data(person: User, case: Case, explained: list[Explained]) -> dict[str, Any]:
    answer = overall(explained)
    return {
        "case": case.code,
        "stage": case.stage,
        "user": person.username,
        "allowed": bool(answer and answer.allowed),
        "rule": answer.rule if answer else "no_stage",
        "sentence": answer.sentence if answer else "",
        "seats": [
            {
                "seat": one.seat.pk,
                "holder": one.seat.holder_label,
                "state": one.seat.state,
                "allowed": one.answer.allowed,
                "rule": one.answer.rule,
                "sentence": one.answer.sentence,
            }
            for one in explained
        ],
    }
