"""The number of a meeting by phone moves into a field of its own."""

from django.db import migrations
from django.db.models import F


def into_its_field(apps, schema_editor):
    meetings = apps.get_model("meetings", "Meeting").objects.filter(mode="phone", dial_in="").exclude(place="")
    meetings.update(dial_in=F("place"), place="")


def back_to_place(apps, schema_editor):
    meetings = apps.get_model("meetings", "Meeting").objects.filter(mode="phone", place="").exclude(dial_in="")
    meetings.update(place=F("dial_in"), dial_in="")


class Migration(migrations.Migration):
    dependencies = [("meetings", "0007_series")]

    operations = [migrations.RunPython(into_its_field, back_to_place)]
