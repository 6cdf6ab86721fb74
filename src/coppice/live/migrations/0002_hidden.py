from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("live", "0001_live")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="is_hidden",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
