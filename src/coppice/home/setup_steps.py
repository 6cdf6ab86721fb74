"""The five steps of setting a program up, and which are done."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coppice.communities.models import Membership
from coppice.notifications.models import Message
from coppice.programs.models import Program
from coppice.programs.notices import mail_test_occasion
from coppice.programs.wording import words_for


@dataclass(frozen=True)
class Step:
    """One step: `key` is stable, `url` where it is done ("" when this page does it)."""

    key: str
    title: str
    sentence: str
    url: str
    is_done: bool


def test_mail_of(program: Program, person: Any) -> Message | None:
    """Return the last test mail of a program to somebody, or None."""
    mails = Message.objects.filter(recipient=person, occasion=mail_test_occasion(program))
    return mails.order_by("-pk").first()


def steps(program: Program) -> list[Step]:
    """Return the five steps: mail test, program, people, method, invite."""
    has_people = program.enrollments.current().exists()
    has_method = program.formations.exists() or program.communities.exists()
    has_invited = Membership.objects.filter(community__program=program).exists()
    return [
        Step(
            "mail",
            _("Test the mail"),
            _("Most of what people get from you is mail. See that it reaches you first."),
            "",
            program.mail_tested_at is not None,
        ),
        Step(
            "program",
            _("Set the program's frame"),
            _("Name, funder, award period, topics, and what a community is called here."),
            reverse("programs:edit", args=[program.pk]),
            True,
        ),
        Step(
            "people",
            _("Bring your people in"),
            _("A CSV or Excel file from whatever you use now."),
            reverse("programs:imports", args=[program.pk]),
            has_people,
        ),
        Step(
            "method",
            _("Choose how %(communities)s form") % {"communities": words_for(program).communities},
            _("Say why people belong together; see a proposal; move whom you like."),
            reverse("formation:formations", args=[program.pk]),
            has_method,
        ),
        Step(
            "invite",
            _("Publish and invite"),
            _("Everybody gets a page that says what is asked, and answers in one step."),
            reverse("formation:formations", args=[program.pk]),
            has_invited,
        ),
    ]
