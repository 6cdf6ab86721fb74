from django.db import migrations


def say_about_whom(apps, schema_editor):
    """Mails that told staff what somebody wrote say whom they are about, or lose their words with the person."""
    Message = apps.get_model("notifications", "Message")
    InvitationWord = apps.get_model("communities", "InvitationWord")
    told = Message.objects.filter(occasion__startswith="words-said:")
    unsent = told.filter(state__in=["waiting", "sending", "failed"])
    for message in list(told.only("occasion")):
        words = InvitationWord.objects.filter(pk=message.occasion.partition(":")[2])
        about = words.values_list("membership__person", flat=True).first()
        if about is None:
            unsent.filter(pk=message.pk).update(state="withheld")
            Message.objects.filter(pk=message.pk).update(subject="", text="", html="", last_error="")
        else:
            Message.objects.filter(pk=message.pk).update(about=about)


class Migration(migrations.Migration):

    dependencies = [
        ("communities", "0003_words_that_wait"),
        ("notifications", "0002_whom_a_mail_is_about"),
    ]

    operations = [
        migrations.RunPython(say_about_whom, migrations.RunPython.noop, elidable=True),
    ]
