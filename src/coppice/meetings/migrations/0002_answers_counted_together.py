from django.db import migrations, models
from django.db.models import Count, F

FEWEST_COUNTED = 5


def count_what_was_shown(apps, schema_editor):
    """Answers that pages showed as numbers until now are counted; the record no longer tells who answered."""
    Meeting = apps.get_model("meetings", "Meeting")
    PulseAnswer = apps.get_model("meetings", "PulseAnswer")
    shown = Meeting.objects.annotate(answers=Count("pulse_answers")).filter(answers__gte=FEWEST_COUNTED)
    PulseAnswer.objects.filter(meeting__in=list(shown.values_list("pk", flat=True))).update(counted=F("worth"))
    apps.get_model("history", "Entry").objects.filter(verb__startswith="pulse.").delete()


class Migration(migrations.Migration):

    dependencies = [
        ("history", "0002_entries_by_moment"),
        ("meetings", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="pulseanswer",
            name="counted",
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(count_what_was_shown, migrations.RunPython.noop, elidable=True),
    ]
