import datetime

from django.db import migrations
from django.db.models import Q

FIRST, LAST = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)
DAY = datetime.timedelta(days=1)


def mend(apps, schema_editor):
    """Bring what the constraints of the next migration would refuse to the nearest that they allow.

    PostgreSQL alters no table whose rows changed in the same transaction, so that stands apart.
    """
    programs = apps.get_model("programs", "Program").objects.all()
    for program in programs.filter(Q(award_starts__lt=FIRST) | Q(award_ends__gt=LAST)):
        program.award_starts = min(max(program.award_starts, FIRST), LAST - DAY)
        program.award_ends = min(max(program.award_ends, FIRST + DAY), LAST)
        program.save(update_fields=["award_starts", "award_ends"])
    programs.filter(call_after_days__lt=1).update(call_after_days=1)
    programs.filter(call_after_days__gt=365).update(call_after_days=365)


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0005_no_file_is_kept'),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop, elidable=True),
    ]
