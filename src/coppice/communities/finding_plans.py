"""What search knows of action plans and charters: what a community answered, and what it adopted."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from coppice.communities.charter_models import PARTS, Charter
from coppice.communities.finding import members_of
from coppice.communities.models import Community, Membership
from coppice.communities.plan_models import Goal, PlanAnswer
from coppice.lib.languages import first_spoken
from coppice.lib.paths import path
from coppice.programs.finding import staff_of
from coppice.programs.models import providers_of
from coppice.search import sources
from coppice.search.models import Document


def register() -> None:
    """Let plans and charters be found; called from AppConfig.ready()."""
    sources.register(
        sources.Source(
            kind="plan",
            label=gettext_lazy("Action plans"),
            documents=plans,
            everything=Community.objects.all,
            visible_to=with_plans_for,
            icon="board",
            position=41,
            follows={Community: "pk", PlanAnswer: "community_id", Goal: "community_id"},
        )
    )
    sources.register(
        sources.Source(
            kind="charter",
            label=gettext_lazy("Charters"),
            documents=charters,
            everything=Charter.objects.all,
            visible_to=lambda person: Charter.objects.filter(community__in=with_plans_for(person)),
            icon="pencil",
            position=42,
            follows={Charter: _of_the_same_communities},
        )
    )


def with_plans_for(person: Any) -> QuerySet[Community]:
    """Return the communities whose plan and charter a person may read: who takes part, and staff."""
    mine = Membership.objects.taking_part().filter(person=person).values("community")
    return Community.objects.filter(Q(pk__in=mine) | Q(program__provider__in=providers_of(person)))


def plans(community_ids: Sequence[int]) -> Iterator[Document]:
    """Yield what members and staff can find of the plans of these communities."""
    rows = Community.objects.filter(pk__in=community_ids).select_related("program")
    for community in rows.prefetch_related("plan_answers", "goals"):
        answers = sorted(community.plan_answers.all(), key=lambda each: each.pk)
        goals = list(community.goals.all())
        said = [each.text for each in answers] + [each.words for each in goals]
        if any(said):
            changed = [each.changed_at for each in answers] + [each.created_at for each in goals]
            yield _document(
                "plan",
                community.pk,
                community,
                title=_title(community, "plan"),
                words=said,
                path=path("communities:plan", community.pk),
                at=max(changed),
            )


def charters(charter_ids: Sequence[int]) -> Iterator[Document]:
    """Yield what can be found of these charters by members and staff: of those adopted, the one in force."""
    newer = Charter.objects.filter(
        community=OuterRef("community"), state=Charter.State.ADOPTED, number__gt=OuterRef("number")
    )
    rows = Charter.objects.filter(~Exists(newer), pk__in=charter_ids, state=Charter.State.ADOPTED)
    for charter in rows.select_related("community__program"):
        said = [getattr(charter, part) for part in PARTS] + [text for _question, text in charter.plan]
        yield _document(
            "charter",
            charter.pk,
            charter.community,
            title=_title(charter.community, "charter"),
            words=said,
            path=charter.get_absolute_url(),
            at=charter.closed_at or charter.proposed_at,
        )


def _document(kind: str, pk: int, community: Community, *, words: Iterable[str], **said: Any) -> Document:
    return Document(
        kind=kind,
        object_id=pk,
        audience=[members_of(community.pk), staff_of(community.program.provider_id)],
        words="\n".join(filter(None, words)),
        language=community.program.language,
        community_id=community.pk,
        **said,
    )


def _title(community: Community, kind: str) -> str:
    with override(first_spoken(community.program.language)):
        name = {"name": community.name}
        return _("Action plan of %(name)s") % name if kind == "plan" else _("Charter of %(name)s") % name


def _of_the_same_communities(rows: Sequence[Charter]) -> Iterable[int]:
    """A version that is adopted takes the place of the one before."""
    circles = {each.community_id for each in rows}
    return Charter.objects.filter(community__in=circles).values_list("pk", flat=True)
