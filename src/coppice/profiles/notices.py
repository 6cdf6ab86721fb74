"""What profiles write about introductions: may we, here you are, not this time, did it help, thank you."""

from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import translation
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coppice.lib.languages import first_spoken
from coppice.notifications.actions import send
from coppice.notifications.models import Message
from coppice.profiles import links
from coppice.profiles.models import Introduction, Telling
from coppice.programs.models import Enrollment
from coppice.programs.validators import time_zone_names

LIST = "introductions"


def introduction_path(introduction: Introduction, enrollment: Enrollment) -> str:
    """Return the path where one of the two answers, without an account."""
    return reverse("profiles:own_introduction", args=[links.token_of(enrollment), introduction.pk])


def may_we(introduction: Introduction, *, to: Enrollment) -> Message | None:
    """Ask one of the two whether they want to be introduced; neither learns yet who the other is."""
    need, offer = introduction.need, introduction.offer
    assert need is not None
    assert offer is not None
    template = "may_we_help" if to.pk == offer.enrollment_id else "may_we_ask"
    return _send(
        introduction,
        to=to,
        about=(need if to.pk == offer.enrollment_id else offer).enrollment,
        occasion="introduction-asked",
        template=template,
        do_label=_("Read it, and say yes or no"),
        reply_hint=_("You can also reply to this mail: write “yes” or “no” as the first word."),
        is_list=True,
    )


def here_you_are(introduction: Introduction, *, to: Enrollment) -> Message | None:
    """Tell one of the two, who both said yes, who the other is and how to reach them."""
    need, offer = introduction.need, introduction.offer
    assert need is not None
    assert offer is not None
    other = (offer if to.pk == need.enrollment_id else need).enrollment
    return _send(
        introduction,
        to=to,
        about=other,
        occasion="introduction-made",
        template="introduced",
        do_label=_("See the introduction"),
        other=other,
        contacts=contacts_of(other),
        needs_it=to.pk == need.enrollment_id,
    )


def not_this_time(introduction: Introduction, *, to: Enrollment) -> Message | None:
    """Tell one of the two, who had said yes, that it does not work out now; nobody is named."""
    return _send(
        introduction,
        to=to,
        about=None,
        occasion="introduction-declined",
        template="not_this_time",
        do_label=_("Your needs and offers"),
    )


def did_it_help(introduction: Introduction) -> Message | None:
    """Ask the one who needed, two weeks later and once, whether it helped."""
    need, offer = introduction.need, introduction.offer
    assert need is not None
    assert offer is not None
    return _send(
        introduction,
        to=need.enrollment,
        about=offer.enrollment,
        occasion="introduction-helped",
        template="did_it_help",
        do_label=_("Say how it went"),
        reply_hint=_(
            "You can also reply to this mail: write “helped”, “not yet” or “no longer needed” first."
        ),
        is_list=True,
        other=offer.enrollment,
    )


def it_helped(introduction: Introduction) -> Message | None:
    """Tell whoever helped that it did."""
    need, offer = introduction.need, introduction.offer
    assert need is not None
    assert offer is not None
    return _send(
        introduction,
        to=offer.enrollment,
        about=need.enrollment,
        occasion="introduction-thanks",
        template="it_helped",
        do_label=_("Your needs and offers"),
        other=need.enrollment,
    )


def contacts_of(enrollment: Enrollment) -> list[str]:
    """Return how a person is reached: address and phone, as this program knows them."""
    return [each for each in (enrollment.email or enrollment.person.email, enrollment.phone) if each]


def address_of(enrollment: Enrollment) -> str:
    """Return where mail about introductions reaches a person; "" when they take part by phone or on paper."""
    if enrollment.contact_mode != Enrollment.ContactMode.EMAIL:
        return ""
    return enrollment.email or enrollment.person.email or ""


def standing_in(person_id: int, program_id: int) -> str:
    """Return what stays as it is when somebody leaves the mail about introductions."""
    return gettext("What you need and offer stays on its lists either way. On your profile you change that.")


def zone_of(enrollment: Enrollment) -> ZoneInfo:
    """The time zone in which this person's day is: their own, the roster's, else the program's."""
    wishes = (enrollment.person.time_zone, enrollment.time_zone)
    return next((ZoneInfo(key) for key in wishes if key in time_zone_names()), enrollment.program.zone)


def _send(
    introduction: Introduction,
    *,
    to: Enrollment,
    about: Enrollment | None,
    occasion: str,
    template: str,
    do_label: Any,
    is_list: bool = False,
    **context: Any,
) -> Message | None:
    """Write one mail about an introduction; None where none goes, and what it says is left to the staff."""
    kind = Telling.About(occasion.removeprefix("introduction-"))
    address = address_of(to)
    if not address:
        _leave_to_staff(introduction, to, kind)
        return None
    program = introduction.program
    reason = _("You get this because of what you need or offer in {name}.")
    language = first_spoken(to.person.language, to.language, program.language)
    with translation.override(language):
        list_name = gettext("Introductions in %(name)s") % {"name": program.name}
    message = send(
        recipient=to.person,
        occasion=f"{occasion}:{introduction.pk}",
        to_address=address,
        about=about.person if about is not None else None,
        template=f"profiles/email/{template}",
        context={
            "introduction": introduction,
            "need": introduction.need,
            "offer": introduction.offer,
            "program": program,
            "reader": to,
            "do_path": introduction_path(introduction, to),
            "do_label": do_label,
            "reason": format_lazy(reason, name=program.name),
            **context,
        },
        scope=program.scope,
        list_key=f"{LIST}:{program.pk}" if is_list else "",
        list_name=list_name if is_list else "",
        sender_name=program.name,
        thread=f"introduction-{introduction.pk}",
        reply_to=f"{occasion}:{introduction.pk}" if "reply_hint" in context else "",
        language=language,
        time_zone=zone_of(to).key,
    )
    # Whoever left these mails can still be asked for a yes, by staff; whether it helped, nobody asks them.
    if message is None and kind == Telling.About.ASKED:
        _leave_to_staff(introduction, to, kind)
    return message


def _leave_to_staff(introduction: Introduction, to: Enrollment, kind: Telling.About) -> None:
    Telling.objects.get_or_create(introduction=introduction, enrollment=to, about=kind)
