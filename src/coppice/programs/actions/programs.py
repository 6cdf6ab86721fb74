"""A provider opens a program and sets its frame."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from coppice.history.actions import record
from coppice.programs import notices
from coppice.programs.errors import AwardEndsTooEarly
from coppice.programs.models import Program, Provider, Staff, Topic


@transaction.atomic
def create_provider(
    name: str, *, administrator: Any, called: str = "", language: str = "en", time_zone: str = "UTC"
) -> Provider:
    """Open a provider with its first administrator, known there as `called` (else by the account's name)."""
    provider = Provider.objects.create(name=name, language=language, time_zone=time_zone)
    Staff.objects.create(
        provider=provider,
        person=administrator,
        name=called or administrator.name,
        email=administrator.email or "",
        role=Staff.Role.ADMIN,
    )
    record("provider.created", scope=provider.scope, by=administrator, subject=provider)
    return provider


@transaction.atomic
def create_program(
    provider: Provider,
    *,
    name: str,
    award_starts: date,
    award_ends: date,
    by: Any,
    funder: str = "",
    topics: Sequence[str] = (),
    **frame: Any,
) -> Program:
    """Open a program; `topics` are names in order, `frame` further fields of Program (words, zone, language).

    Raises AwardEndsTooEarly.
    """
    _check_award(award_starts, award_ends)
    program = Program.objects.create(
        provider=provider,
        name=name,
        funder=funder,
        award_starts=award_starts,
        award_ends=award_ends,
        state=Program.State.ACTIVE,
        **frame,
    )
    _set_topics(program, topics)
    record("program.created", scope=program.scope, by=by, subject=program)
    return program


@transaction.atomic
def change_program(program: Program, *, by: Any, topics: Sequence[str], **frame: Any) -> Program:
    """Change a program's frame and topics, recording which fields changed; raises AwardEndsTooEarly."""
    _check_award(frame.get("award_starts", program.award_starts), frame.get("award_ends", program.award_ends))
    changed = sorted(name for name, value in frame.items() if getattr(program, name) != value)
    for name in changed:
        setattr(program, name, frame[name])
    if changed:
        program.save(update_fields=changed)
    if _set_topics(program, topics):
        changed.append("topics")
    if changed:
        record("program.changed", scope=program.scope, by=by, subject=program, detail={"changed": changed})
    return program


@transaction.atomic
def test_mail(program: Program, *, by: Any) -> None:
    """Send the person acting a test mail; the first step of the checklist waits for `confirm_mail`."""
    notices.mail_test(program, to=by)
    record("program.mail_tested", scope=program.scope, by=by, subject=program)


@transaction.atomic
def confirm_mail(program: Program, *, by: Any) -> Program:
    """Tick the first step of the checklist: the test mail has arrived. Twice changes nothing."""
    if program.mail_tested_at is not None:
        return program
    program.mail_tested_at = timezone.now()
    program.save(update_fields=["mail_tested_at"])
    record("program.mail_arrived", scope=program.scope, by=by, subject=program)
    return program


def _check_award(starts: date, ends: date) -> None:
    if ends <= starts:
        raise AwardEndsTooEarly


def _set_topics(program: Program, names: Sequence[str]) -> bool:
    """Make the program's topics be `names` in that order; say whether anything changed."""
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if wanted == list(program.topics.values_list("name", flat=True)):
        return False
    program.topics.exclude(name__in=wanted).delete()
    for position, name in enumerate(wanted):
        Topic.objects.update_or_create(program=program, name=name, defaults={"position": position})
    return True
