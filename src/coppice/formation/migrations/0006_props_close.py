"""Communities and places belong to a proposal alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('formation', '0005_props_move'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='place',
            name='one_place_each',
        ),
        migrations.RemoveField(
            model_name='place',
            name='formation',
        ),
        migrations.RemoveField(
            model_name='proposedcommunity',
            name='formation',
        ),
        migrations.RemoveField(
            model_name='formation',
            name='outcome',
        ),
        migrations.AlterField(
            model_name='place',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='formation.proposal'),
        ),
        migrations.AlterField(
            model_name='proposedcommunity',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposed_communities', to='formation.proposal'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(fields=('proposal', 'enrollment'), name='one_place_each'),
        ),
    ]
