"""What a charter's people are written: asked about a version, an objection and its answer, the outcome."""

import hashlib

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from coppice.communities import links
from coppice.communities.charter_models import Charter, Consent
from coppice.communities.models import Community, Membership
from coppice.communities.notices import write_to
from coppice.communities.plan_renewal import Renewal
from coppice.notifications.lines import DigestLine, Section
from coppice.notifications.models import Line, Message


def charter_asked(charter: Charter, *, to: Membership) -> Message | None:
    """Ask a member what they say about a version, with three answers to click."""
    return write_to(
        to,
        occasion=f"charter-asked:{charter.pk}",
        template="communities/email/charter_asked",
        context={
            "charter": charter,
            "do_path": links.charter_path(charter, to),
            "do_label": _("Read it and answer"),
            "answers": [
                (answer.label, settings.BASE_URL + links.charter_path(charter, to, answer=answer))
                for answer in Consent.Answer
            ],
            "reply_hint": _(
                "You can also reply to this mail: write “yes” to agree, or “no” and your reason."
            ),
        },
        reply_to=f"charter:{charter.pk}",
        thread=f"charter-{charter.community_id}",
    )


def objection_raised(objection: Consent, *, to: Membership) -> Message | None:
    """Tell a leader that somebody objects, once for each wording."""
    return write_to(
        to,
        occasion=f"charter-objection:{objection.pk}",
        period=f"{objection.answered_at:%Y%m%d%H%M%S%f}",
        template="communities/email/objection_raised",
        context={
            "objection": objection,
            "name": objection.membership.enrollment.name,
            "do_path": objection.charter.get_absolute_url(),
            "do_label": _("See it and answer"),
        },
        thread=f"charter-{objection.charter.community_id}",
    )


def objection_answered(objection: Consent) -> Message | None:
    """Ask whoever objected whether the answer resolves it; once for each answer."""
    return write_to(
        objection.membership,
        occasion=f"charter-objection-answered:{objection.pk}",
        period=hashlib.blake2b(f"{objection.way}:{objection.reply}".encode(), digest_size=8).hexdigest(),
        template="communities/email/objection_answered",
        context={
            "objection": objection,
            "do_path": links.charter_path(objection.charter, objection.membership),
            "do_label": _("Say whether it is resolved"),
        },
        thread=f"charter-{objection.charter.community_id}",
    )


def plan_renews(
    community: Community, renewal: Renewal, *, to: Membership, has_charter: bool
) -> Message | None:
    """Remind a leader that plan and charter are looked at again, before and on the day; once each."""
    return write_to(
        to,
        occasion=f"plan-renews:{community.pk}",
        period=f"{renewal.day.isoformat()}:{renewal.reminder}",
        template="communities/email/plan_renews",
        context={
            "renewal": renewal,
            "has_charter": has_charter,
            "do_path": reverse("communities:plan", args=[community.pk]),
            "do_label": _("Look at the plan"),
        },
        digest=DigestLine(
            section=Section.ANSWER if renewal.is_due else Section.OTHER,
            title=_("Your plan is looked at again"),
            words=lambda: date_format(renewal.day),
            path=reverse("communities:plan", args=[community.pk]),
            object_key=f"plan:{community.pk}",
        ),
    )


def closed_occasion(charter: Charter) -> str:
    """What the outbox calls the mail that says how it came out: one a person for each closing."""
    at = f":{charter.closed_at:%Y%m%d%H%M%S%f}" if charter.closed_at and charter.closed_by_id else ""
    return f"charter-closed:{charter.pk}{at}"


def untell_closed(charter: Charter) -> None:
    """Let no mail and no line of a digest leave that says how it came out and has not left yet."""
    occasion = closed_occasion(charter)
    Message.objects.filter(occasion=occasion, state=Message.State.WAITING).delete()
    Line.objects.waiting().filter(occasion=occasion).delete()


def told_closed(charter: Charter) -> list[int]:
    """Return the ids of the people to whom it was written how it came out."""
    occasion = closed_occasion(charter)
    mails = Message.objects.filter(occasion=occasion).values_list("recipient", flat=True)
    lines = Line.objects.filter(occasion=occasion).values_list("person", flat=True)
    return [each for each in {*mails, *lines} if each is not None]


def charter_reopened(charter: Charter, *, to: Membership) -> Message | None:
    """Tell a leader who heard that it was closed that people answer again."""
    return write_to(
        to,
        occasion=f"charter-reopened:{charter.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
        template="communities/email/charter_reopened",
        context={
            "charter": charter,
            "do_path": charter.get_absolute_url(),
            "do_label": _("See the charter"),
        },
        thread=f"charter-{charter.community_id}",
        digest=DigestLine(
            section=Section.DECISIONS,
            title=_("The charter"),
            words=_("It was closed by mistake, and is open again."),
            path=charter.get_absolute_url(),
            object_key=f"charter:{charter.pk}",
        ),
    )


def charter_closed(charter: Charter, *, to: Membership, answered: int, standing: int) -> Message | None:
    """Tell a leader how it came out."""
    is_adopted = charter.state == Charter.State.ADOPTED
    return write_to(
        to,
        occasion=closed_occasion(charter),
        template="communities/email/charter_closed",
        context={
            "charter": charter,
            "is_adopted": is_adopted,
            "answered": answered,
            "standing": standing,
            "do_path": charter.get_absolute_url(),
            "do_label": _("See the charter"),
        },
        thread=f"charter-{charter.community_id}",
        digest=DigestLine(
            section=Section.DECISIONS,
            title=_("The charter"),
            words=_("It is adopted.") if is_adopted else _("It is not adopted."),
            path=charter.get_absolute_url(),
            object_key=f"charter:{charter.pk}",
        ),
    )
