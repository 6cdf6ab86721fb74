"""What formation writes: a change fits or waits for a yes, it did not come about, people ask."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coppice.communities.links import token_of
from coppice.communities.models import Community, Membership
from coppice.communities.notices import write_to
from coppice.formation.models import Formation, SwapRequest
from coppice.notifications.actions import send
from coppice.notifications.lines import DigestLine, Section
from coppice.notifications.models import Message, Mute
from coppice.programs.mail_lists import staff_list
from coppice.programs.models import Staff
from coppice.programs.wording import words_for


def own_page(membership: Membership) -> str:
    """Return the path of the page where this person asks to change, without an account."""
    return reverse("formation:own_swap", args=[token_of(membership)])


def without_mail(ways: Mapping[Membership, Community]) -> list[Membership]:
    """Return whom no mail of the community that they came to reaches, or who want none of it."""
    keys = {each.person_id: community.list_key for each, community in ways.items()}
    muted = Mute.objects.current().filter(person__in=keys, list_key__in=keys.values())
    unwanted = set(muted.values_list("person", "list_key"))
    return [
        each
        for each, community in ways.items()
        if not each.mail_address or (each.person_id, community.list_key) in unwanted
    ]


def swap_fits(request: SwapRequest) -> Message | None:
    """Tell somebody that another wish fits theirs; once a day at most, and not whose it is."""
    return _write(request, "swap-fits", "formation/email/swap_fits", waits=False)


def swap_offered(request: SwapRequest) -> Message | None:
    """Tell somebody that the other has said yes, and waits for theirs; once a day at most."""
    return _write(request, "swap-offered", "formation/email/swap_fits", waits=True)


def swap_ended(request: SwapRequest) -> Message | None:
    """Tell somebody that their wish did not come about, and that they stay."""
    is_refused = request.state == SwapRequest.State.REFUSED
    return _write(request, "swap-ended", "formation/email/swap_ended", is_refused=is_refused)


def swap_asked(formation: Formation) -> None:
    """Tell everybody who staffs the program that people ask to change; once a day, without a name."""
    program = formation.program
    for post in Staff.objects.filter(provider=program.provider_id, is_active=True).select_related("person"):
        send(
            recipient=post.person,
            to_address=post.email,
            occasion=f"swap-asked:{formation.pk}",
            period=timezone.localdate(timezone=program.zone).isoformat(),
            template="formation/email/swap_asked",
            context={
                "formation": formation,
                "program": program,
                "word": lambda: words_for(program).community,
                "do_path": reverse("formation:swaps", args=[formation.pk]),
                "do_label": _("See who asks to change"),
                "reason": format_lazy(_("You get this because you run {name}."), name=program.name),
            },
            scope=program.scope,
            list_key=staff_list(program),
            list_name=program.name,
            sender_name=program.name,
            thread=f"formation-{formation.pk}-swaps",
            language=program.language,
            time_zone=program.time_zone,
            digest=DigestLine(
                section=Section.ANSWER,
                title=_("People ask to change"),
                path=reverse("formation:swaps", args=[formation.pk]),
                object_key=f"swaps:{formation.pk}",
            ),
        )


def _write(request: SwapRequest, occasion: str, template: str, **context: Any) -> Message | None:
    return write_to(
        request.membership,
        occasion=f"{occasion}:{request.pk}",
        period=timezone.localdate(timezone=request.formation.program.zone).isoformat(),
        template=template,
        context={
            "do_path": own_page(request.membership),
            "do_label": _("See it, and answer") if "waits" in context else _("See your page"),
            "reason": _("You get this because you asked for another place."),
            "word": lambda: words_for(request.formation.program).community,
            **context,
        },
    )
