import datetime

from django.db import migrations
from django.db.models import Q

FIRST, LAST = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)


def mend(apps, schema_editor):
    """Bring what the constraints of the next migration would refuse to the nearest that they allow.

    PostgreSQL alters no table whose rows changed in the same transaction, so that stands apart.
    """
    check_ins = apps.get_model("stewardship", "LeaderCheckIn").objects.all()
    check_ins.filter(spoken_on__lt=FIRST).update(spoken_on=FIRST)
    check_ins.filter(spoken_on__gt=LAST).update(spoken_on=LAST)
    check_ins.filter(Q(next_on__lt=FIRST) | Q(next_on__gt=LAST)).update(next_on=None)


class Migration(migrations.Migration):

    dependencies = [
        ('stewardship', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop, elidable=True),
    ]
