"""Who does what in a community, for papers: who leads, who has which role, who gave which word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, FilteredRelation, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coppice.communities.commitment_models import Commitment
from coppice.communities.models import Community, Membership
from coppice.communities.role_board import RoleLine
from coppice.communities.role_models import Role
from coppice.lib.papers import Fact, Table

WAITING = (Commitment.State.MADE, Commitment.State.TRIED)
GIVEN = ("", Commitment.Word.RIGHT)
"""What counts as somebody's word: what they wrote, or called right; not what they were asked about."""


@dataclass(frozen=True)
class HeldRole:
    """A role with who has it and who steps in, each by name, "" for nobody; minutes by the month."""

    name: str
    holder: str
    backup: str
    until: date | None
    minutes: int | None


@dataclass(frozen=True)
class Promise:
    """Somebody's word that waits for an outcome."""

    who: str
    what: str
    due_on: date | None
    state: str


@dataclass(frozen=True)
class WhoDoesWhat:
    """Leaders by name; roles, open ones first; and promises, those of the earliest day first."""

    leaders: Sequence[str]
    roles: Sequence[HeldRole]
    promises: Sequence[Promise]


def who_does_what(community: Community) -> WhoDoesWhat:
    """Return who leads, holds roles and gave their word, in two queries."""
    leaders, promises = _people(community)
    return WhoDoesWhat(leaders, _roles(community), promises)


def held(line: RoleLine) -> HeldRole:
    """Return a role as papers tell it."""
    term = line.term
    return HeldRole(
        name=str(line.role),
        holder=term.holder.enrollment.name if term else "",
        backup=term.backup.enrollment.name if term and term.backup else "",
        until=term.until if term else None,
        minutes=line.role.minutes_a_month,
    )


def leading(leaders: Sequence[str]) -> list[Fact]:
    """Return the fact who leads a community, none where nobody does."""
    return [Fact(_("Who leads"), ", ".join(leaders))] if leaders else []


def role_table(roles: Sequence[HeldRole]) -> Table:
    """Return who has which role, who steps in, until when, and how much it takes."""
    head = [_("Role"), _("Who has it"), _("Who steps in"), _("Until"), _("Minutes a month")]
    rows = [
        [
            each.name,
            each.holder or _("Open: who would take it?"),
            each.backup,
            date_format(each.until) if each.until else "",
            str(each.minutes or ""),
        ]
        for each in roles
    ]
    return Table(head, rows, widths=(4, 4, 4, 3, 3))


def promise_table(promises: Sequence[Promise]) -> Table:
    """Return who gave which word, until when, and how it stands."""
    head = [_("Who"), _("What"), _("By when"), _("How it stands")]
    rows = [
        [each.who, each.what, date_format(each.due_on) if each.due_on else "", each.state]
        for each in promises
    ]
    return Table(head, rows, widths=(3, 6, 3, 3))


def _people(community: Community) -> tuple[list[str], list[Promise]]:
    """Leaders and promises: people who are in, of whom each row is one word of theirs that waits, or none."""
    leads = Q(role=Membership.Role.LEADER, state=Membership.State.ACTIVE)
    given = Q(commitments__state__in=WAITING, commitments__word__in=GIVEN)
    rows = (
        Membership.objects.taking_part()
        .filter(community=community)
        .annotate(word=FilteredRelation("commitments", condition=given))
        .filter(leads | Q(word__isnull=False))
        .order_by(F("word__due_on").asc(nulls_last=True), "word__pk", "enrollment__name")
        .values_list("enrollment__name", "role", "state", "word__what", "word__due_on", "word__state")
    )
    leaders, promises = set(), []
    for name, role, state, what, due_on, stands in rows:
        if role == Membership.Role.LEADER and state == Membership.State.ACTIVE:
            leaders.add(name)
        if what:
            promises.append(Promise(name, what, due_on, str(Commitment.State(stands).label)))
    return sorted(leaders), promises


def _roles(community: Community) -> list[HeldRole]:
    rows = (
        Role.objects.kept()
        .filter(community=community)
        .annotate(term=FilteredRelation("terms", condition=Q(terms__ended_on=None)))
        .order_by("pk")
        .values_list(
            *("name", "kind", "term__holder__enrollment__name", "term__backup__enrollment__name"),
            *("term__until", "minutes_a_month"),
        )
    )
    roles = [
        HeldRole(name or str(Role.Kind(kind).label), holder or "", backup or "", until, minutes)
        for name, kind, holder, backup, until, minutes in rows
    ]
    return sorted(roles, key=lambda role: bool(role.holder))
