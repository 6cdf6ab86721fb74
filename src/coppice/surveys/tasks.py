"""The clock's entry points for surveys."""

from datetime import time

from django.tasks import task
from django.utils import timezone

from coppice.lib.clock import every
from coppice.surveys import actions
from coppice.surveys.errors import NobodyToRemind
from coppice.surveys.models import Wave

MORNING, EVENING = time(9), time(18)


@every(minutes=5)
@task()
def write_mail() -> None:
    """Write to everybody who is due a mail, a batch in each transaction; called as well when a wave opens."""
    for wave in Wave.objects.open().select_related("program"):
        while actions.write_waiting(wave):
            pass


@every(minutes=15)
@task()
def send_reminders() -> None:
    """By day, where the program is, remind who has yet to answer: after half of the time and near the end."""
    for wave in Wave.objects.open().select_related("program"):
        if wave.reminders_due and MORNING <= timezone.localtime(timezone=wave.zone).time() < EVENING:
            try:
                actions.remind(wave, by=None, most=wave.reminders_due)
            except NobodyToRemind:
                continue
