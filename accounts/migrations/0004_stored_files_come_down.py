"""Stored files belong to this floor from now on; their tables stay as they are."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

MODELS = ["storedfile", "historicalstoredfile"]


def move_content_types(apps, schema_editor):
    """Let what refers to the models by content type follow them."""
    _move(apps, "innovations", "accounts")


def move_content_types_back(apps, schema_editor):
    """As they were."""
    _move(apps, "accounts", "innovations")


def _move(apps, old, new):
    content_types = apps.get_model("contenttypes", "ContentType").objects
    for model in MODELS:
        if not content_types.filter(app_label=new, model=model).exists():
            content_types.filter(app_label=old, model=model).update(app_label=new)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_delegations"),
        # It makes the tables.
        ("innovations", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[
            migrations.CreateModel(
                name='StoredFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sha256', models.CharField(max_length=64, unique=True, verbose_name='SHA-256')),
                    ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                    ('media_type', models.CharField(max_length=100, verbose_name='media type')),
                    ('path', models.CharField(max_length=80, verbose_name='path')),
                ],
                options={
                    'verbose_name': 'stored file',
                    'verbose_name_plural': 'stored files',
                    'db_table': 'innovations_storedfile',
                },
            ),
            migrations.CreateModel(
                name='HistoricalStoredFile',
                fields=[
                    ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                    ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256')),
                    ('size', models.PositiveBigIntegerField(verbose_name='size in bytes')),
                    ('media_type', models.CharField(max_length=100, verbose_name='media type')),
                    ('path', models.CharField(max_length=80, verbose_name='path')),
                    ('history_id', models.AutoField(primary_key=True, serialize=False)),
                    ('history_date', models.DateTimeField(db_index=True)),
                    ('history_change_reason', models.CharField(max_length=100, null=True)),
                    ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                    ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'historical stored file',
                    'verbose_name_plural': 'historical stored files',
                    'db_table': 'innovations_historicalstoredfile',
                    'ordering': ('-history_date', '-history_id'),
                    'get_latest_by': ('history_date', 'history_id'),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
        ]),
        migrations.RunPython(move_content_types, move_content_types_back),
    ]
