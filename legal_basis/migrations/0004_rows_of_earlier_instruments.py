"""Instruments made before now get the rows that say what they stipulate and who signed them."""

from django.db import migrations
from django.utils import timezone

SYSTEM = "sistem"
COPIED = {
    "Stipulation": ("id", "instrument_id", "innovation_id", "order", "withdrawn"),
    "Signature": (
        *("id", "instrument_id", "order", "role", "office_id", "person_id", "name", "capacity"),
        *("signed_id", "signed_at"),
    ),
}


def add_rows(apps, schema_editor):
    """One stipulation each; a signature for those that have a signatory."""
    system = apps.get_model("accounts", "User").objects.filter(username=SYSTEM).first()
    for instrument in apps.get_model("legal_basis", "Instrument").objects.order_by("pk"):
        _add(apps, system, "Stipulation", instrument, {"innovation_id": instrument.innovation_id})
        if instrument.signatory_id:
            _add(apps, system, "Signature", instrument, _signed(instrument))


def _signed(instrument):
    return {
        "order": 1,
        "role": "signatory",
        "office_id": instrument.signatory_office_id,
        "person_id": instrument.signatory_id,
        "name": instrument.signatory_name,
        "capacity": instrument.signatory_capacity,
        "signed_id": instrument.document_id,
        "signed_at": instrument.issued_at,
    }


def _add(apps, system, name, instrument, values):
    """The row and its first version: the model of a migration keeps no history by itself."""
    model = apps.get_model("legal_basis", name)
    row, made = model.objects.get_or_create(instrument_id=instrument.pk, defaults=values)
    if made:
        apps.get_model("legal_basis", f"Historical{name}").objects.create(
            history_date=timezone.now(),
            history_type="+",
            history_user=system,
            **{column: getattr(row, column) for column in COPIED[name]},
        )


class Migration(migrations.Migration):
    dependencies = [
        ("legal_basis", "0003_legal_umbrella"),
        ("accounts", "0002_system_account"),
    ]

    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
