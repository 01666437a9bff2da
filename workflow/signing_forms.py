"""What signers and the legal section fill in while a document waits to be signed."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.files.uploads import UploadField
from accounts.texts import PlainCharField
from legal_basis.signing import Credentials
from legal_basis.ways import REASON_LENGTH, choices

NATIONAL_ID = re.compile(r"[0-9]{16}")
NO_MEMORY = {"autocomplete": "off", "spellcheck": "false"}


class PassphraseForm(forms.Form):
    """NIK and passphrase of the signer: used for one call, never kept."""

    national_id = forms.CharField(
        label=gettext_lazy("NIK"),
        max_length=16,
        widget=forms.TextInput(attrs=NO_MEMORY | {"inputmode": "numeric"}),
        help_text=gettext_lazy("The 16 digits under which your certificate is registered."),
        error_messages={"required": gettext_lazy("Write the 16 digits of your NIK.")},
    )
    passphrase = forms.CharField(
        label=gettext_lazy("Passphrase"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs=NO_MEMORY),
        help_text=gettext_lazy("Of your certificate. It is sent to the service and not kept."),
        error_messages={"required": gettext_lazy("Type the passphrase of your certificate.")},
    )

    def clean_national_id(self) -> str:
        """Sixteen digits; spaces between them are forgiven."""
        found = self.cleaned_data["national_id"].replace(" ", "")
        if not NATIONAL_ID.fullmatch(found):
            raise ValidationError(_("A NIK has exactly 16 digits. Check it."))
        return str(found)

    @property
    def credentials(self) -> Credentials:
        """What was typed, in a shape that never shows itself."""
        return Credentials(self.cleaned_data["national_id"], self.cleaned_data["passphrase"])


class ScanForm(forms.Form):
    """The scan of the signed print."""

    scan = UploadField(
        label=gettext_lazy("Scan"),
        help_text=gettext_lazy("All pages of the signed print in one PDF."),
        error_messages={"required": gettext_lazy("Choose the PDF with the scan.")},
    )


class WayForm(forms.Form):
    """Another way of signing, and why."""

    way = forms.ChoiceField(label=gettext_lazy("Way of signing"), choices=choices)
    reason = PlainCharField(
        label=gettext_lazy("Reason"),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("A few words; they stay on the record."),
        error_messages={"required": gettext_lazy("Say in a few words why.")},
    )
