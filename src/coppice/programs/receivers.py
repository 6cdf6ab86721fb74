"""What programs do when a person renames or erases themself, and when a mail cannot be read."""

from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coppice.accounts.signals import erasure_considered, person_erased, person_renamed
from coppice.lib.consequences import Consequence
from coppice.notifications.inbound.handling import mail_unreadable
from coppice.programs import notices
from coppice.programs.actions import forget_files_with
from coppice.programs.models import Enrollment, Provider, Staff
from coppice.programs.queries import keepers
from coppice.search.actions import mark_rows


@receiver(person_renamed, dispatch_uid="programs.rename_on_rosters")
def rename_on_rosters(sender: Any, *, person: Any, **_rest: Any) -> None:
    """Call the person on every roster what they call themself; later imports leave that alone."""
    if person.name:
        rows = Enrollment.objects.filter(person=person)
        rows.update(name=person.name)
        mark_rows(rows)


@receiver(person_erased, dispatch_uid="programs.end_enrollments")
def end_enrollments(sender: Any, *, person: Any, **_rest: Any) -> None:
    """Somebody erased is on no current roster, and in no open file; the nameless row stays for the counts."""
    forget_files_with(person)
    Enrollment.objects.filter(person=person, ended_at=None).update(ended_at=timezone.now())


@receiver(erasure_considered, dispatch_uid="programs.keep_an_administrator")
def keep_an_administrator(sender: Any, *, person: Any, **_rest: Any) -> list[Consequence]:
    """Ask a provider's last administrator to hand over first; warn who is the last to work there at all."""
    own = Staff.objects.administering().filter(person=person).values("provider")
    posts = Staff.objects.active().filter(provider__in=own).exclude(person=person)
    others: dict[int, set[str]] = {}
    for provider, role in posts.values_list("provider", "role"):
        others.setdefault(provider, set()).add(role)
    return [
        _hand_over(provider) if provider.pk in others else _left_alone(provider)
        for provider in Provider.objects.filter(pk__in=own).order_by("name", "pk")
        if Staff.Role.ADMIN not in others.get(provider.pk, ())
    ]


def _hand_over(provider: Provider) -> Consequence:
    return Consequence(
        _(
            "You are the last administrator of %(provider)s. "
            "Make a colleague an administrator first, then come back here."
        )
        % {"provider": provider},
        is_refusal=True,
        path=reverse("programs:staff", args=[provider.pk]),
        label=_("Choose who follows you"),
    )


def _left_alone(provider: Provider) -> Consequence:
    return Consequence(
        _(
            "Nobody else works for %(provider)s. "
            "Once you are erased, nobody can look after its programs, people and mail any longer."
        )
        % {"provider": provider},
        path=reverse("programs:staff", args=[provider.pk]),
        label=_("Add somebody who follows you"),
    )


@receiver(mail_unreadable, dispatch_uid="programs.tell_of_unreadable_mail")
def tell_of_unreadable_mail(sender: Any, **_rest: Any) -> None:
    """Tell whoever looks after the installation that a mail broke what reads it, not whose mail it was."""
    for person in keepers():
        notices.mail_unreadable(person)
