"""Stored files are a model of `accounts` now; nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("innovations", "0001_initial"),
        # Nothing may refer to the model any more when it goes.
        ("legal_basis", "0002_documents_refer_to_accounts"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.AlterField(
                model_name='draftfile',
                name='file',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.storedfile', verbose_name='file'),
            ),
            migrations.AlterField(
                model_name='historicalevidence',
                name='file',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.storedfile', verbose_name='file'),
            ),
            migrations.AlterField(
                model_name='evidence',
                name='file',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.storedfile', verbose_name='file'),
            ),
            migrations.DeleteModel(name='HistoricalStoredFile'),
            migrations.DeleteModel(name='StoredFile'),
        ]),
    ]
