"""Checkpoints look for what was under way at the one before, and not through the whole journal."""

from django.db import migrations

NAME = "audit_journal_tx"


def make(apps, schema_editor):
    """Make the index where transactions overlap, without holding up whoever writes."""
    # SQLite has one writer at a time: nothing is ever under way there.
    if schema_editor.connection.vendor == "postgresql":
        # Numbers of transactions grow with the table: a summary of each megabyte is enough.
        schema_editor.execute(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {NAME} ON audit_journal "
            "USING brin (tx) WITH (autosummarize = on)"
        )


def drop(apps, schema_editor):
    """Take it away."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(make, drop, elidable=True)]
