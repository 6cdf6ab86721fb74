"""What search knows of decisions: the question, its options, and what came of it."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from coppice.communities.finding import members_of
from coppice.conversations.decision_models import Decision, Option
from coppice.lib.markdown import to_words
from coppice.programs.finding import staff_of
from coppice.search import actions, sources
from coppice.search.models import Document

KIND = "decision"


def register() -> None:
    """Let decisions be found; called from AppConfig.ready()."""
    sources.register(
        sources.Source(
            kind=KIND,
            label=_("Decisions"),
            documents=documents,
            everything=Decision.objects.all,
            visible_to=lambda person: Decision.objects.visible_to(person).filter(question_hidden_at=None),
            icon="check",
            position=31,
            follows={Decision: "pk", Option: "decision_id"},
        )
    )


def documents(decision_ids: Sequence[int]) -> Iterator[Document]:
    """Yield what can be found of these decisions by members and staff; who said what is not."""
    decisions = (
        Decision.objects.filter(pk__in=decision_ids, question_hidden_at=None)
        .select_related("thread__community__program")
        .prefetch_related("options")
    )
    for decision in decisions:
        community = decision.thread.community
        options = [f"{each.label} {each.meaning}".strip() for each in decision.options.all()]
        words = [decision.shown_outcome, to_words(decision.background), *options]
        yield Document(
            kind=KIND,
            object_id=decision.pk,
            audience=[members_of(community.pk), staff_of(community.program.provider_id)],
            title=decision.question,
            words="\n".join(filter(None, words)),
            language=community.program.language,
            path=decision.get_absolute_url(),
            at=decision.outcome_at or decision.opened_at,
            community_id=community.pk,
            about_id=decision.opened_by_id,
        )


def changed(decision: Decision) -> None:
    """Have a decision read anew of which words were hidden or shown again; inside that transaction."""
    actions.mark(KIND, decision.pk)
