from django.db import migrations, models


def forget_pages(apps, schema_editor):
    """Of an answer with a page or a file, only its status stays."""
    Receipt = apps.get_model("history", "Receipt")
    with_body = Receipt.objects.exclude(body=b"") | Receipt.objects.filter(body=None)
    with_body.update(had_body=True, headers={})


class Migration(migrations.Migration):

    dependencies = [
        ("history", "0002_entries_by_moment"),
    ]

    operations = [
        migrations.AddField(
            model_name="receipt",
            name="had_body",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(forget_pages, migrations.RunPython.noop, elidable=True),
        migrations.RemoveField(
            model_name="receipt",
            name="body",
        ),
    ]
