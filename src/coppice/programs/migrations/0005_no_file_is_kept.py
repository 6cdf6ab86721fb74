from django.db import migrations


def throw_away(apps, schema_editor):
    """Files that were dealt with are kept no longer, nor are samples of their cells."""
    RosterImport = apps.get_model("programs", "RosterImport")
    over = RosterImport.objects.filter(state__in=["applied", "refused"])
    over.update(content=b"")
    for roster_import in list(over.only("seen")):
        roster_import.seen = [{**look, "samples": []} for look in roster_import.seen]
        roster_import.save(update_fields=["seen"])


class Migration(migrations.Migration):

    dependencies = [
        ("programs", "0004_what_a_preview_said"),
    ]

    operations = [
        migrations.RunPython(throw_away, migrations.RunPython.noop, elidable=True),
    ]
