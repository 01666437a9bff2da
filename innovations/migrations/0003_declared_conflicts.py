"""Conflicts of interest become declarations of their own; those of the assessments move there."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


def declare(apps, schema_editor):
    """Each assessment's answer becomes its assessor's declaration, with the same history."""
    Assessment = apps.get_model("innovations", "Assessment")
    Declaration = apps.get_model("innovations", "ConflictDeclaration")
    Version = apps.get_model("innovations", "HistoricalConflictDeclaration")
    versions = apps.get_model("innovations", "HistoricalAssessment")
    for one in Assessment.objects.order_by("pk").iterator():
        first = versions.objects.filter(id=one.pk).order_by("history_date").first()
        made = Declaration.objects.create(
            innovation_id=one.innovation_id,
            person_id=one.assessor_id,
            stage="verification",
            kind=one.conflict,
            sentence=one.conflict_note,
            declared_at=first.history_date if first else django.utils.timezone.now(),
        )
        Version.objects.create(
            id=made.pk,
            innovation_id=made.innovation_id,
            person_id=made.person_id,
            stage=made.stage,
            kind=made.kind,
            sentence=made.sentence,
            hints=made.hints,
            declared_at=made.declared_at,
            history_date=made.declared_at,
            history_type="+",
            history_user_id=one.assessor_id,
        )


def give_back(apps, schema_editor):
    """The newest declaration of each assessor goes back to the assessment."""
    Assessment = apps.get_model("innovations", "Assessment")
    Declaration = apps.get_model("innovations", "ConflictDeclaration")
    for one in Declaration.objects.exclude(kind="recuse").order_by("declared_at", "pk"):
        Assessment.objects.filter(
            innovation_id=one.innovation_id, assessor_id=one.person_id
        ).update(conflict=one.kind, conflict_note=one.sentence)


class Migration(migrations.Migration):

    dependencies = [
        ('innovations', '0002_stored_files_go_down'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalConflictDeclaration',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('stage', models.CharField(max_length=60, verbose_name='stage')),
                ('kind', models.CharField(choices=[('none', 'I have no conflict of interest'), ('managed', 'A conflict is possible; this is how I manage it'), ('recuse', 'I have a conflict of interest and step back')], max_length=8, verbose_name='conflict of interest')),
                ('sentence', models.TextField(blank=True, verbose_name='in a sentence')),
                ('hints', models.JSONField(default=list, verbose_name='pointed out')),
                ('declared_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='declared')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('innovation', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='innovations.innovation')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'historical declaration of interests',
                'verbose_name_plural': 'historical declarations of interests',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='ConflictDeclaration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(max_length=60, verbose_name='stage')),
                ('kind', models.CharField(choices=[('none', 'I have no conflict of interest'), ('managed', 'A conflict is possible; this is how I manage it'), ('recuse', 'I have a conflict of interest and step back')], max_length=8, verbose_name='conflict of interest')),
                ('sentence', models.TextField(blank=True, verbose_name='in a sentence')),
                ('hints', models.JSONField(default=list, verbose_name='pointed out')),
                ('declared_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='declared')),
                ('innovation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to='innovations.innovation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='declarations', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'declaration of interests',
                'verbose_name_plural': 'declarations of interests',
                'ordering': ['declared_at', 'pk'],
                'indexes': [models.Index(fields=['innovation', 'person'], name='innovations_innovat_8d64f7_idx')],
            },
        ),
        migrations.RunPython(declare, give_back),
        # On the way back every assessment needs an answer before the declarations give it theirs.
        migrations.AlterField(
            model_name='assessment',
            name='conflict',
            field=models.CharField(default='none', max_length=10),
        ),
        migrations.AlterField(
            model_name='historicalassessment',
            name='conflict',
            field=models.CharField(default='none', max_length=10),
        ),
        migrations.RemoveField(
            model_name='assessment',
            name='conflict',
        ),
        migrations.RemoveField(
            model_name='assessment',
            name='conflict_note',
        ),
        migrations.RemoveField(
            model_name='historicalassessment',
            name='conflict',
        ),
        migrations.RemoveField(
            model_name='historicalassessment',
            name='conflict_note',
        ),
    ]
