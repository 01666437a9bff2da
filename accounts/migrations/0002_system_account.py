"""The account in whose name jobs and timers write."""

from django.contrib.auth.hashers import make_password
from django.db import migrations


def add_system_account(apps, schema_editor):
    """Make the account; nobody can log in with it."""
    apps.get_model("accounts", "User").objects.get_or_create(
        username="sistem",
        defaults={
            "name_plain": "Sistem Payung",
            "is_active": False,
            "password": make_password(None),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(add_system_account, migrations.RunPython.noop)]
