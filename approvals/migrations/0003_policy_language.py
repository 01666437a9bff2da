"""Policies say whom, when and what in data; a seat can be asked in rounds."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

# What each stage's signatures bound before policies said so.
PROPOSAL = ["identity", "design", "people", "evidence"]
COVERS = {
    "completeness": PROPOSAL,
    "verification": [*PROPOSAL, "checklist"],
    "trial": [*PROPOSAL, "assessment"],
    "alignment": [*PROPOSAL, "assessment", "trial", "alignment"],
    "commitment": ["identity", "alignment", "commitment"],
    "drafting": ["alignment", "commitment", "instrument"],
    "initialling": ["alignment", "commitment", "instrument"],
    "signing": ["alignment", "commitment", "instrument"],
    "publication": ["instrument"],
    "revision": PROPOSAL,
    "report": ["alignment", "monitoring"],
    "evaluation": ["alignment", "monitoring"],
    "decision": ["alignment", "monitoring"],
}


def say_what_was_fixed(apps, schema_editor):
    """Write down, in the policies that cases run under, what the code knew until now."""
    policies = apps.get_model("approvals", "SignOffPolicy")
    for stage, covers in COVERS.items():
        policies.objects.filter(stage=stage).update(covers=covers)
    policies.objects.filter(stage="verification").update(declares_conflict=True)
    # Whoever steps back from a running case must not be asked at its other stages.
    for policy in policies.objects.iterator():
        if "initiator" in policy.exclusions and "conflict" not in policy.exclusions:
            policy.exclusions = [*policy.exclusions, "conflict"]
            policy.save()


def point_to_answers(apps, schema_editor):
    """Every signed seat names the sign-off that counts at it."""
    answers = apps.get_model("approvals", "SignOff").objects.filter(seat=OuterRef("pk"))
    seats = apps.get_model("approvals", "Seat").objects.filter(state="signed")
    seats.update(answer=Subquery(answers.values("pk")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_delegations'),
        ('approvals', '0002_calendar'),
        ('viewflow', '0015_task_scheduled'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalLapse',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('cause', models.CharField(choices=[('taken_back', 'Taken back by its author'), ('changed', 'The content changed afterwards'), ('asked_anew', 'The stage was opened anew')], max_length=10, verbose_name='cause')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('sections', models.JSONField(default=list, verbose_name='sections that changed')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical lapsed sign-off',
                'verbose_name_plural': 'historical lapsed sign-offs',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalOverride',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('stage', models.CharField(max_length=60, verbose_name='stage')),
                ('basis_number', models.CharField(max_length=80, verbose_name='letter number')),
                ('basis_date', models.DateField(verbose_name='letter date')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical basis of a binding signature',
                'verbose_name_plural': 'historical bases of binding signatures',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Lapse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('taken_back', 'Taken back by its author'), ('changed', 'The content changed afterwards'), ('asked_anew', 'The stage was opened anew')], max_length=10, verbose_name='cause')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('sections', models.JSONField(default=list, verbose_name='sections that changed')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
            ],
            options={
                'verbose_name': 'lapsed sign-off',
                'verbose_name_plural': 'lapsed sign-offs',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(max_length=60, verbose_name='stage')),
                ('basis_number', models.CharField(max_length=80, verbose_name='letter number')),
                ('basis_date', models.DateField(verbose_name='letter date')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
            ],
            options={
                'verbose_name': 'basis of a binding signature',
                'verbose_name_plural': 'bases of binding signatures',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SectionText',
            fields=[
                ('hash', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('section', models.CharField(max_length=40)),
                ('content', models.JSONField()),
            ],
            options={
                'verbose_name': 'signed section',
                'verbose_name_plural': 'signed sections',
            },
        ),
        migrations.AlterModelOptions(
            name='seat',
            options={'ordering': ['group', 'position', 'pk'], 'verbose_name': 'seat', 'verbose_name_plural': 'seats'},
        ),
        migrations.AlterModelOptions(
            name='signoffpolicy',
            options={'ordering': ['stage', '-version'], 'permissions': [('govern_policies', 'Can propose and approve sign-off policies')], 'verbose_name': 'sign-off policy', 'verbose_name_plural': 'sign-off policies'},
        ),
        migrations.RemoveConstraint(
            model_name='seat',
            name='seat_is_of_an_office_or_a_person',
        ),
        migrations.RemoveConstraint(
            model_name='seat',
            name='one_seat_per_place',
        ),
        migrations.AddField(
            model_name='historicalremark',
            name='answer',
            field=models.TextField(blank=True, verbose_name='answer'),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='answer',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='approvals.signoff', verbose_name='answer'),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='claimed_at',
            field=models.DateTimeField(null=True, verbose_name='taken up'),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='claimed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken up by'),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='member',
            field=models.CharField(blank=True, max_length=80, verbose_name='member'),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='moved_because',
            field=models.TextField(blank=True, verbose_name='why it was moved'),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='reconfirms',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='approvals.signoff'),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='round',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='round'),
        ),
        migrations.AddField(
            model_name='historicalseat',
            name='unit',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.unit', verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='historicalsignoff',
            name='round',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='round'),
        ),
        migrations.AddField(
            model_name='historicalsignoff',
            name='section_hashes',
            field=models.JSONField(default=dict, verbose_name='hashes of the sections'),
        ),
        migrations.AddField(
            model_name='historicalsignoffpolicy',
            name='batch_ceiling',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='approved in batch up to'),
        ),
        migrations.AddField(
            model_name='historicalsignoffpolicy',
            name='covers',
            field=models.JSONField(default=list, verbose_name='sections covered'),
        ),
        migrations.AddField(
            model_name='historicalsignoffpolicy',
            name='decided_at',
            field=models.DateTimeField(null=True, verbose_name='decided'),
        ),
        migrations.AddField(
            model_name='historicalsignoffpolicy',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsignoffpolicy',
            name='declares_conflict',
            field=models.BooleanField(default=False, verbose_name='conflict of interest declared first'),
        ),
        migrations.AddField(
            model_name='historicalsignoffpolicy',
            name='proposed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalsignoffpolicy',
            name='reason',
            field=models.TextField(blank=True, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='historicalsignoffpolicy',
            name='status',
            field=models.CharField(choices=[('proposed', 'Waits for a second administrator'), ('active', 'In use'), ('refused', 'Refused')], default='active', max_length=8, verbose_name='status'),
        ),
        migrations.AddField(
            model_name='remark',
            name='answer',
            field=models.TextField(blank=True, verbose_name='answer'),
        ),
        migrations.AddField(
            model_name='seat',
            name='answer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counted_at', to='approvals.signoff', verbose_name='answer'),
        ),
        migrations.AddField(
            model_name='seat',
            name='claimed_at',
            field=models.DateTimeField(null=True, verbose_name='taken up'),
        ),
        migrations.AddField(
            model_name='seat',
            name='claimed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to=settings.AUTH_USER_MODEL, verbose_name='taken up by'),
        ),
        migrations.AddField(
            model_name='seat',
            name='member',
            field=models.CharField(blank=True, max_length=80, verbose_name='member'),
        ),
        migrations.AddField(
            model_name='seat',
            name='moved_because',
            field=models.TextField(blank=True, verbose_name='why it was moved'),
        ),
        migrations.AddField(
            model_name='seat',
            name='reconfirms',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reconfirmed_at', to='approvals.signoff'),
        ),
        migrations.AddField(
            model_name='seat',
            name='round',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='round'),
        ),
        migrations.AddField(
            model_name='seat',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='accounts.unit', verbose_name='unit'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='round',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='round'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='section_hashes',
            field=models.JSONField(default=dict, verbose_name='hashes of the sections'),
        ),
        migrations.AddField(
            model_name='signoffpolicy',
            name='batch_ceiling',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name='approved in batch up to'),
        ),
        migrations.AddField(
            model_name='signoffpolicy',
            name='covers',
            field=models.JSONField(default=list, verbose_name='sections covered'),
        ),
        migrations.AddField(
            model_name='signoffpolicy',
            name='decided_at',
            field=models.DateTimeField(null=True, verbose_name='decided'),
        ),
        migrations.AddField(
            model_name='signoffpolicy',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='policies_decided', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signoffpolicy',
            name='declares_conflict',
            field=models.BooleanField(default=False, verbose_name='conflict of interest declared first'),
        ),
        migrations.AddField(
            model_name='signoffpolicy',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='policies_proposed', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signoffpolicy',
            name='reason',
            field=models.TextField(blank=True, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='signoffpolicy',
            name='status',
            field=models.CharField(choices=[('proposed', 'Waits for a second administrator'), ('active', 'In use'), ('refused', 'Refused')], default='active', max_length=8, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='historicalseat',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting for its turn'), ('open', 'Open'), ('signed', 'Signed'), ('recused', 'Left empty: its holder stepped back'), ('closed', 'Closed without a signature')], max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='historicalsignoff',
            name='outcome',
            field=models.CharField(choices=[('approve', 'Approved'), ('return', 'Returned for revision'), ('send_back', 'Sent back one stage'), ('reject', 'Rejected'), ('abstain', 'Abstained'), ('recuse', 'Stepped back')], max_length=10, verbose_name='outcome'),
        ),
        migrations.AlterField(
            model_name='seat',
            name='state',
            field=models.CharField(choices=[('waiting', 'Waiting for its turn'), ('open', 'Open'), ('signed', 'Signed'), ('recused', 'Left empty: its holder stepped back'), ('closed', 'Closed without a signature')], max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='signoff',
            name='outcome',
            field=models.CharField(choices=[('approve', 'Approved'), ('return', 'Returned for revision'), ('send_back', 'Sent back one stage'), ('reject', 'Rejected'), ('abstain', 'Abstained'), ('recuse', 'Stepped back')], max_length=10, verbose_name='outcome'),
        ),
        migrations.AlterField(
            model_name='signoff',
            name='seat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='approvals.seat'),
        ),
        migrations.AddIndex(
            model_name='seat',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['unit', 'due', 'id'], name='seat_open_unit'),
        ),
        migrations.AddIndex(
            model_name='seat',
            index=models.Index(fields=['case_code', 'stage'], name='approvals_s_case_co_0a5b6a_idx'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('office__isnull', False), ('person__isnull', True), ('unit__isnull', True)), models.Q(('office__isnull', True), ('person__isnull', True), ('unit__isnull', False)), models.Q(('office__isnull', True), ('person__isnull', False), ('unit__isnull', True)), _connector='OR'), name='seat_is_of_an_office_a_unit_or_a_person'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(condition=models.Q(('reconfirms__isnull', True)), fields=('task', 'group', 'position'), name='one_seat_per_place'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(condition=models.Q(('reconfirms__isnull', False)), fields=('task', 'reconfirms'), name='one_seat_per_reconfirmation'),
        ),
        migrations.AddConstraint(
            model_name='signoff',
            constraint=models.UniqueConstraint(fields=('seat', 'round'), name='one_answer_per_round'),
        ),
        migrations.AddConstraint(
            model_name='signoffpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_by__isnull', True), ('decided_by__isnull', True), models.Q(('proposed_by', models.F('decided_by')), _negated=True), _connector='OR'), name='policy_is_approved_by_a_second_person'),
        ),
        migrations.AddField(
            model_name='historicallapse',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicallapse',
            name='sign_off',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='approvals.signoff'),
        ),
        migrations.AddField(
            model_name='historicaloverride',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaloverride',
            name='process',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='viewflow.process'),
        ),
        migrations.AddField(
            model_name='lapse',
            name='sign_off',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='lapse', to='approvals.signoff'),
        ),
        migrations.AddField(
            model_name='override',
            name='process',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='viewflow.process'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=models.UniqueConstraint(fields=('process', 'stage'), name='one_override_per_stage'),
        ),
        migrations.RunPython(say_what_was_fixed, migrations.RunPython.noop),
        migrations.RunPython(point_to_answers, migrations.RunPython.noop),
    ]
