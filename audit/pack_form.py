"""The form with which a pack is asked for."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.texts import PlainTextField

BETWEEN = re.compile(r"[\s,;]+")


class PackForm(forms.Form):
    """The cases of a pack, as codes between spaces, commas or line ends."""

    codes = PlainTextField(
        label=_("Codes of the cases"),
        max_length=10_000,
        help_text=_("One or several, for example INV-2026-0001, INV-2026-0007."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"].widget.attrs["rows"] = 4

    def clean_codes(self) -> list[str]:
        """The codes one by one."""
        return [code for code in BETWEEN.split(self.cleaned_data["codes"].upper()) if code]
