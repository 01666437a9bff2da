"""The stored files of an instrument are a model of `accounts` now; the tables are the same."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_stored_files_come_down"),
        ("legal_basis", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.AlterField(
                model_name='historicalinstrument',
                name='document',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.storedfile'),
            ),
            migrations.AlterField(
                model_name='historicalinstrument',
                name='rendered',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.storedfile'),
            ),
            migrations.AlterField(
                model_name='instrument',
                name='document',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issued_instruments', to='accounts.storedfile'),
            ),
            migrations.AlterField(
                model_name='instrument',
                name='rendered',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rendered_instruments', to='accounts.storedfile'),
            ),
        ]),
    ]
