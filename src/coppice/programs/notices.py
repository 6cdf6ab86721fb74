"""What programs write to people: a mail test, a post at the provider, a funder's seat."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.notifications.actions import send
from coppice.notifications.models import Message
from coppice.programs.models import FunderSeat, Program, Staff


def mail_test(program: Program, *, to: Any) -> Message | None:
    """Send a test mail; each test is an occasion of its own."""
    return send(
        recipient=to,
        to_address=_address_of(program, to),
        occasion=mail_test_occasion(program),
        period=f"{timezone.now():%Y%m%d%H%M%S}",
        template="programs/email/mail_test",
        context={
            "program": program,
            "do_path": reverse("home:setup", args=[program.pk]),
            "do_label": _("Go on setting up"),
            "reason": _("You get this because you asked for a test mail."),
        },
        scope=program.scope,
        sender_name=program.provider.name,
        language=program.language,
    )


def mail_test_occasion(program: Program) -> str:
    """What the outbox calls a program's test mails."""
    return f"mail-test:{program.pk}"


def staff_added(post: Staff) -> Message | None:
    """Tell somebody that they work here now, and where to sign in."""
    return send(
        recipient=post.person,
        to_address=post.email,
        occasion=f"staff-added:{post.pk}",
        template="programs/email/staff_added",
        context={
            "post": post,
            "provider": post.provider,
            "do_path": reverse("account_login"),
            "do_label": _("Sign in"),
            "reason": _("You get this because somebody added you to their staff."),
        },
        scope=post.provider.scope,
        sender_name=post.provider.name,
        language=post.provider.language,
    )


def mail_unreadable(person: Any) -> Message | None:
    """Tell somebody who looks after the installation that a mail could not be read; once a day at most."""
    return send(
        recipient=person,
        occasion="mail-unreadable",
        period=timezone.localdate().isoformat(),
        template="programs/email/mail_unreadable",
        context={"reason": _("You get this because you look after this installation.")},
    )


def funder_seated(seat: FunderSeat) -> Message | None:
    """Tell a funder where the program's counts are."""
    program = seat.program
    return send(
        recipient=seat.person,
        to_address=seat.email,
        occasion=f"funder-seated:{seat.pk}",
        template="programs/email/funder_seated",
        context={
            "program": program,
            "do_path": reverse("home:summary", args=[program.pk]),
            "do_label": _("See the counts"),
            "reason": _("You get this because the program's staff gave you a funder's seat."),
        },
        scope=program.scope,
        sender_name=program.provider.name,
        language=program.language,
    )


def _address_of(program: Program, person: Any) -> str:
    """Return the address under which the program's provider knows one of its staff, "" when it knows none."""
    return (
        Staff.objects.filter(provider=program.provider_id, person=person)
        .values_list("email", flat=True)
        .first()
        or ""
    )
