"""Roles of a community: added, offered, given, handed over, ended."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.actions.rows import note
from coppice.communities.errors import NotAMember, RoleIsHeld, RoleIsThere, TermEndsEarly
from coppice.communities.models import Community, Membership
from coppice.communities.role_models import Role, RoleOffer, RoleTerm
from coppice.history.actions import record

IS_HELD = _("Somebody has this role. End their term first, then take the role off the list.")


@transaction.atomic
def add_role(community: Community, *, kind: str, by: Any, **fields: Any) -> Role:
    """Add a role that nobody holds yet; `fields` are those of Role. Raises RoleIsThere for one twice."""
    Community.objects.select_for_update(of=("self",)).get(pk=community.pk)
    if kind != Role.Kind.OWN and community.roles.kept().filter(kind=kind).exists():
        raise RoleIsThere
    role = Role.objects.create(community=community, kind=kind, **fields)
    _note("role.added", role, by=by)
    return role


@transaction.atomic
def change_role(role: Role, *, by: Any, **fields: Any) -> Role:
    """Change what a role is called, what it takes and how long; the same again changes nothing."""
    role = _current(role)
    changed = [name for name, value in fields.items() if getattr(role, name) != value]
    for name in changed:
        setattr(role, name, fields[name])
    if changed:
        role.save(update_fields=changed)
        _note("role.changed", role, by=by)
    return role


@transaction.atomic
def end_role(role: Role, *, by: Any) -> Role:
    """Take an open role off the list; its past terms stay. Twice changes nothing. Raises RoleIsHeld."""
    role = _current(role)
    if role.ended_at is None:
        if held_by(role):
            raise RoleIsHeld(IS_HELD)
        role.offers.all().delete()
        role.ended_at = timezone.now()
        role.save(update_fields=["ended_at"])
        _note("role.ended", role, by=by)
    return role


@transaction.atomic
def offer(role: Role, *, membership: Membership, by: Any) -> RoleOffer:
    """Say that a member would take an open role; twice is once. Raises NotAMember, RoleIsHeld."""
    role = _current(role)
    if membership.state != Membership.State.ACTIVE or membership.community_id != role.community_id:
        raise NotAMember
    if role.ended_at or held_by(role):
        raise RoleIsHeld
    made, is_new = RoleOffer.objects.get_or_create(role=role, membership=membership)
    if is_new:
        note("role.offered", membership, by=by)
    return made


@transaction.atomic
def withdraw_offer(role: Role, *, membership: Membership, by: Any) -> None:
    """Say that a member would not take a role after all. Twice changes nothing."""
    count, _by_model = RoleOffer.objects.filter(role=role, membership=membership).delete()
    if count:
        note("role.offer_withdrawn", membership, by=by)


@transaction.atomic
def give(
    role: Role,
    *,
    holder: Membership,
    by: Any,
    backup: Membership | None = None,
    starts_on: date | None = None,
    until: date | None = None,
) -> RoleTerm:
    """Let a member hold a role from a day on (today by the community's clock), until another.

    Whoever held it before hands it over today; all offers are answered by it. Given to whoever holds
    it, it changes their term. Raises NotAMember, RoleIsHeld for a role off the list, TermEndsEarly.
    """
    role = _current(role)
    if role.ended_at:
        raise RoleIsHeld
    for each in filter(None, (holder, backup)):
        if each.state not in {Membership.State.ACTIVE, Membership.State.PAUSED} or (
            each.community_id != role.community_id
        ):
            raise NotAMember
    starts_on = starts_on or today_of(role.community)
    if until and until < starts_on:
        raise TermEndsEarly
    term = held_by(role)
    if term and term.holder_id == holder.pk:
        return _change_term(term, by=by, backup=backup, starts_on=starts_on, until=until)
    if term:
        end_term(term, by=by)
    made = RoleTerm.objects.create(role=role, holder=holder, backup=backup, starts_on=starts_on, until=until)
    role.offers.all().delete()
    note("role.given", holder, by=by)
    return made


@transaction.atomic
def end_term(term: RoleTerm, *, by: Any) -> RoleTerm:
    """End a term today by the community's clock; the role is open then. Twice changes nothing."""
    now = RoleTerm.objects.select_for_update(of=("self",)).get(pk=term.pk)
    if now.ended_on is None:
        now.ended_on = today_of(now.role.community)
        now.save(update_fields=["ended_on"])
        note("role.term_ended", now.holder, by=by)
    return now


@transaction.atomic
def write_hand_over(term: RoleTerm, *, text: str, by: Any) -> RoleTerm:
    """Write down what whoever comes next should know; the same again changes nothing."""
    now = RoleTerm.objects.select_for_update(of=("self",)).get(pk=term.pk)
    return _change_term(now, by=by, hand_over=text)


def held_by(role: Role) -> RoleTerm | None:
    """Return the term in which somebody holds a role now, None for an open one."""
    return role.terms.filter(ended_on=None).select_related("holder__enrollment").first()


def today_of(community: Community) -> date:
    """Return the day that it is where a community is."""
    return timezone.localdate(timezone=community.zone)


def _change_term(term: RoleTerm, *, by: Any, **fields: Any) -> RoleTerm:
    changed = [name for name, value in fields.items() if getattr(term, name) != value]
    for name in changed:
        setattr(term, name, fields[name])
    if changed:
        term.save(update_fields=changed)
        note("role.term_changed", term.holder, by=by)
    return term


def _current(role: Role) -> Role:
    return Role.objects.select_for_update(of=("self",)).select_related("community__program").get(pk=role.pk)


def _note(verb: str, role: Role, *, by: Any) -> None:
    record(
        verb, scope=role.community.program.scope, by=by, subject=role.community, detail={"kind": role.kind}
    )
