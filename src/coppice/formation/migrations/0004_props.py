"""A formation gets room for many proposals."""

import coppice.lib.lines
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('formation', '0003_where_it_was_worked_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('name', coppice.lib.lines.LineField(blank=True, max_length=120, verbose_name='name')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='note')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='made at')),
                ('seed', models.PositiveIntegerField()),
                ('trials', models.PositiveIntegerField(default=0)),
                ('objective', models.FloatField(blank=True, null=True)),
                ('outcome', models.JSONField(blank=True, default=dict)),
                ('curve', models.JSONField(blank=True, default=list)),
                ('settings', models.JSONField(blank=True, default=dict)),
                ('repeat_asked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('repeated_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('repeat_moved', models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ('continued_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='formation.proposal')),
                ('formation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='formation.formation')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('formation', 'number'), name='proposal_number_once')],
            },
        ),
        migrations.AddField(
            model_name='formation',
            name='asked_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='formation',
            name='continues',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='formation.proposal'),
        ),
        migrations.AddField(
            model_name='formation',
            name='lets_go',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='formation',
            name='on_table',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='formation.proposal'),
        ),
        migrations.AddField(
            model_name='formation',
            name='stop_asked',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='formation',
            name='trials',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='place',
            name='answers',
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name='place',
            name='proposal',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='places', to='formation.proposal'),
        ),
        migrations.AddField(
            model_name='proposedcommunity',
            name='proposal',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='proposed_communities', to='formation.proposal'),
        ),
    ]
