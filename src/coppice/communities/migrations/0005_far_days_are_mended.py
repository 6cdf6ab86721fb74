import datetime
from decimal import Decimal

from django.db import migrations
from django.db.models import Q

FIRST, LAST = datetime.date(2000, 1, 1), datetime.date(2100, 12, 31)
DAY = datetime.timedelta(days=1)


def mend(apps, schema_editor):
    """Bring what the constraints of the next migration would refuse to the nearest that they allow.

    PostgreSQL alters no table whose rows changed in the same transaction, so that stands apart.
    """
    communities = apps.get_model("communities", "Community").objects.all()
    for community in communities.filter(Q(starts_on__lt=FIRST) | Q(ends_on__gt=LAST)):
        community.starts_on = min(max(community.starts_on, FIRST), LAST - DAY)
        community.ends_on = min(max(community.ends_on, FIRST + DAY), LAST)
        community.save(update_fields=["starts_on", "ends_on"])
    communities.filter(hours_per_month__lt=Decimal("0.1")).update(hours_per_month=None)
    communities.filter(hours_per_month__gt=100).update(hours_per_month=100)


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0004_mails_about_people'),
    ]

    operations = [
        migrations.RunPython(mend, migrations.RunPython.noop, elidable=True),
    ]
