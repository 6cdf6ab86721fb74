"""What the places of a template are filled with: what a community, its plan and its charter say by now."""

from collections.abc import Callable, Mapping

from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coppice.communities.charter_models import PARTS, Charter
from coppice.communities.models import Community, CommunityQuerySet, Membership
from coppice.communities.plan_board import facts_of
from coppice.communities.plan_models import Goal, PlanAnswer, PlanFrame
from coppice.communities.who_does_what import WhoDoesWhat, who_does_what
from coppice.library.template_set.filling import Fact, places_of
from coppice.programs.models import Provider

type Teller = Callable[[Community], str]

Question = PlanAnswer.Question

NAMES: Mapping[str, str | Promise] = {
    "community": gettext_lazy("name of the group"),
    "program": gettext_lazy("name of the program"),
    "provider": gettext_lazy("name of the provider"),
    "funder": gettext_lazy("who funds it"),
    "topic": gettext_lazy("what it is about"),
    "purpose": gettext_lazy("what it is for"),
    "asked": gettext_lazy("what is asked of members"),
    "hours": gettext_lazy("a number"),
    "starts_on": gettext_lazy("first day"),
    "ends_on": gettext_lazy("last day"),
    "leader": gettext_lazy("who leads"),
    "members": gettext_lazy("names of the members"),
    "organizations": gettext_lazy("names of the organizations"),
    "mission": gettext_lazy("our mission, in one sentence"),
    "scope": gettext_lazy("what belongs to it, and what does not"),
    "sponsor": gettext_lazy("who stands behind us"),
    "norms": gettext_lazy("how we treat each other"),
    "confidentiality": gettext_lazy("what stays among us"),
    "potential": gettext_lazy("what we see in this"),
    "goals": gettext_lazy("our goals, three at most"),
    "signs": gettext_lazy("how we will know"),
    "formats": gettext_lazy("what we do when we meet"),
    "rhythm": gettext_lazy("how often, how long, by what means"),
    "dates": gettext_lazy("on which days, at what time"),
    "meeting": gettext_lazy("how a meeting runs"),
    "commitments": gettext_lazy("who does what by when"),
    "roles": gettext_lazy("roles, and who takes each"),
    "sharing": gettext_lazy("how we share things and where we keep them"),
    "renews_on": gettext_lazy("the day on which we look at this again"),
    "next_meeting": gettext_lazy("when and where we meet next"),
}
"""Every place that a template may have, and what it is called where its fact is missing."""

_TELLERS: dict[str, Teller] = {}


def register(place: str, teller: Teller) -> None:
    """Let a room above fill a place, in the language that is active; called from its AppConfig.ready()."""
    _TELLERS[place] = teller


def with_facts(communities: CommunityQuerySet) -> CommunityQuerySet:
    """Return communities with what a template tells of each that is no list: frame, draft, charter."""
    adopted = Charter.objects.filter(community=OuterRef("pk"), state=Charter.State.ADOPTED)
    return communities.select_related("program__provider", "topic", "charter_draft", "plan_frame").annotate(
        **{f"adopted_{part}": Subquery(adopted.values(part)[:1]) for part in PARTS}
    )


def facts_for(community: Community, markdown: str) -> dict[str, Fact]:
    """Return what is known for the places of a text, in the active language; asks for no more than those."""
    needed = places_of(markdown)
    if not hasattr(community, f"adopted_{PARTS[0]}"):
        community = with_facts(Community.objects.all()).get(pk=community.pk)
    facts: dict[str, Fact] = {**_frame(community), **_charter(community)}
    for places, tell in (
        ({"roles", "commitments"}, _people),
        ({"leader", "members", "organizations"}, _members),
        ({"goals", "signs"}, _goals),
        ({*_PLANNED, *_BESIDE}, _plan),
    ):
        if places & needed:
            for place, fact in tell(community).items():
                # Rows, such as goals, tell more than words about them.
                facts[place] = facts.get(place) or fact
    return facts | {place: tell(community) for place, tell in _TELLERS.items() if place in needed}


def facts_of_provider(provider: Provider) -> dict[str, Fact]:
    """Return what is known where there is no community: who the provider is."""
    return {"provider": provider.name}


def names() -> dict[str, str]:
    """Return what each place is called, in the active language."""
    return {place: str(name) for place, name in NAMES.items()}


def _frame(community: Community) -> dict[str, str]:
    program, frame = community.program, _plan_frame(community)
    return {
        "community": community.name,
        "program": program.name,
        "provider": program.provider.name,
        "funder": program.funder,
        "topic": community.topic.name if community.topic else "",
        "purpose": community.purpose,
        "asked": community.asked,
        "hours": number_format(community.hours_per_month.normalize(), use_l10n=True)
        if community.hours_per_month
        else "",
        "starts_on": date_format(community.starts_on),
        "ends_on": date_format(community.ends_on),
        "renews_on": date_format(frame.renews_on) if frame.renews_on else "",
    }


def _people(community: Community) -> dict[str, Fact]:
    people = who_does_what(community)
    return {
        "roles": _roles(people),
        "commitments": [
            _("%(who)s: %(what)s, by %(day)s")
            % {"who": each.who, "what": each.what, "day": date_format(each.due_on)}
            if each.due_on
            else f"{each.who}: {each.what}"
            for each in people.promises
        ],
    }


def _roles(people: WhoDoesWhat) -> list[str]:
    lines = []
    for each in people.roles:
        line = f"{each.name}: {each.holder or _('open')}"
        if each.backup:
            line = _("%(role)s; %(backup)s steps in") % {"role": line, "backup": each.backup}
        if each.until:
            line = _("%(role)s; until %(day)s") % {"role": line, "day": date_format(each.until)}
        lines.append(line)
    return lines


def _members(community: Community) -> dict[str, Fact]:
    rows = (
        Membership.objects.taking_part()
        .filter(community=community)
        .exclude(enrollment__name="")
        .order_by("enrollment__name", "pk", "enrollment__organizations__name")
        .values_list("pk", "enrollment__name", "role", "state", "enrollment__organizations__name")
    )
    people: dict[int, tuple[str, list[str]]] = {}
    leaders: dict[int, str] = {}
    for key, name, role, state, organization in rows:
        if (role, state) == (Membership.Role.LEADER, Membership.State.ACTIVE):
            leaders[key] = name
        people.setdefault(key, (name, []))[1].extend([organization] if organization else [])
    return {
        "leader": ", ".join(leaders.values()),
        "members": [f"{name} ({', '.join(at)})" if at else name for name, at in people.values()],
        "organizations": sorted({each for _name, at in people.values() for each in at}),
    }


def _charter(community: Community) -> dict[str, Fact]:
    """The parts of the charter that holds; where it says nothing, or none does, those of the draft."""
    draft = getattr(community, "charter_draft", None)
    return {part: getattr(community, f"adopted_{part}") or getattr(draft, part, "") for part in PARTS}


def _goals(community: Community) -> dict[str, Fact]:
    goals = [each for each in community.goals.all() if each.state != Goal.State.LET_GO]
    return {
        "goals": [
            _("%(goal)s, by %(day)s") % {"goal": each.words.rstrip("."), "day": date_format(each.due_on)}
            if each.due_on
            else each.words
            for each in goals
        ],
        "signs": [_sign(each) for each in goals if each.is_measured],
    }


def _sign(goal: Goal) -> str:
    target = number_format(goal.target.normalize(), use_l10n=True) if goal.target is not None else ""
    if goal.baseline is None:
        return _("%(indicator)s: %(target)s") % {"indicator": goal.indicator, "target": target}
    begin = number_format(goal.baseline.normalize(), use_l10n=True)
    return _("%(indicator)s: from %(begin)s to %(target)s") % {
        "indicator": goal.indicator,
        "begin": begin,
        "target": target,
    }


_PLANNED = {
    "potential": Question.POTENTIAL,
    "formats": Question.FORMAT,
    "rhythm": Question.RHYTHM,
    "dates": Question.DATES,
    "meeting": Question.MEETING,
    "sharing": Question.SHARING,
}
_BESIDE = {
    "goals": Question.GOALS,
    "signs": Question.SIGNS,
    "commitments": Question.COMMITMENTS,
    "roles": Question.ROLES,
}
"""Places where an answer of the plan is told only where there are no goals, roles or commitments."""


def _plan(community: Community) -> dict[str, Fact]:
    said = {each.question: each.text for each in community.plan_answers.all()}
    frame = _plan_frame(community)
    facts: dict[str, Fact] = {
        place: "\n".join(filter(None, [", ".join(facts_of(frame, question)), said.get(question, "")]))
        for place, question in _PLANNED.items()
    }
    return facts | {place: said.get(question, "") for place, question in _BESIDE.items()}


def _plan_frame(community: Community) -> PlanFrame:
    return getattr(community, "plan_frame", None) or PlanFrame(community=community)
