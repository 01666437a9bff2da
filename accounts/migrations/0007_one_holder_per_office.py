"""Two of one kind never hold an office on one day: PostgreSQL refuses it by itself.

SQLite has no exclusion constraints; there `appoint` alone sees to it, under the one lock that
every writer of that database holds.
"""

from django.db import migrations

# As `_rivals` in offices.py: definitive holders, stand-ins for days, and the longer substitutes.
# Numbers as ranges of one: equality needs no extension of the server that way.
CONSTRAINT = """
ALTER TABLE accounts_appointment ADD CONSTRAINT appointment_one_holder EXCLUDE USING gist (
    int8range(office_id, office_id, '[]') WITH &&,
    (CASE capacity
        WHEN 'definitive' THEN int4range(0, 0, '[]')
        WHEN 'plh' THEN int4range(1, 1, '[]')
        ELSE int4range(2, 2, '[]')
    END) WITH &&,
    daterange(start, "end", '[]') WITH &&
)
"""


def add(apps, schema_editor):
    """Refuses to be added where two overlap already, and names them."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CONSTRAINT)


def remove(apps, schema_editor):
    """Without it, the check of `appoint` stays."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE accounts_appointment DROP CONSTRAINT appointment_one_holder"
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_history_of_groups")]

    operations = [migrations.RunPython(add, remove)]
