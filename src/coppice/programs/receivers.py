"""What programs do when a person renames or erases themself."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from coppice.accounts.signals import person_erased, person_renamed
from coppice.programs.actions import forget_files_with
from coppice.programs.models import Enrollment


@receiver(person_renamed, dispatch_uid="programs.rename_on_rosters")
def rename_on_rosters(sender: Any, *, person: Any, **_rest: Any) -> None:
    """Call the person on every roster what they call themself; later imports leave that alone."""
    if person.name:
        Enrollment.objects.filter(person=person).update(name=person.name)


@receiver(person_erased, dispatch_uid="programs.end_enrollments")
def end_enrollments(sender: Any, *, person: Any, **_rest: Any) -> None:
    """Somebody erased is on no current roster, and in no open file; the nameless row stays for the counts."""
    forget_files_with(person)
    Enrollment.objects.filter(person=person, ended_at=None).update(ended_at=timezone.now())
