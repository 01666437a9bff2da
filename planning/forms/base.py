from typing import Any, cast

from innovations.stage_forms import StageForm

from ..fields import ChosenField
from ..tables import Rows

Cells = dict[str, Any]


class PlanningForm(StageForm):
    """A stage's form whose choices are rows named by their codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in self.offers().items():
            cast(ChosenField, self.fields[name]).offer(rows)

    def offers(self) -> dict[str, dict[str, Any]]:
        """What the choices offer, by the name of the field."""
        return {}

    def table(self, name: str) -> Rows:
        """One of the tables of the form."""
        return cast(Rows, self.rows[name])
