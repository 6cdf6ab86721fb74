"""The filters beside the results, each a link: what kind, in which community, since when."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from coppice.search.queries import Answer, Wish
from coppice.search.sources import sources

COMMUNITIES_SHOWN = 8
NAMES = ("kind", "community", "since")


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with the address that chooses it; `count` is None where it is not known."""

    label: str | Promise
    url: str
    is_chosen: bool
    count: int | None = None


@dataclass(frozen=True)
class Filter:
    """One filter with its choices."""

    label: str
    choices: list[Choice]


def communities_of(wish: Wish, answer: Answer) -> list[int]:
    """Return the communities by which one may narrow: where most was found, and the chosen one."""
    likely = [pk for pk, _count in answer.by_community.most_common(COMMUNITIES_SHOWN)]
    chosen = [wish.community_id] if wish.community_id is not None else []
    return list(dict.fromkeys([*likely, *chosen]))


def of(wish: Wish, answer: Answer, *, names: Mapping[int, str], asked: QueryDict) -> list[Filter]:
    """Return the filters that say something here; none when nothing was asked for.

    `names` are those of communities that the person may see.
    """
    if wish.is_empty:
        return []
    every = [_kinds(wish, answer, asked), _communities(wish, answer, names, asked), _periods(asked)]
    return [each for each in every if len(each.choices) > 1]


def _kinds(wish: Wish, answer: Answer, asked: QueryDict) -> Filter:
    choices = [Choice(_("Everything"), _url(asked, kind=""), not wish.kind)]
    for source in sources():
        count = answer.by_kind.get(source.kind, 0)
        if count or answer.has_more or source.kind == wish.kind:
            known = None if answer.has_more else count
            choices.append(
                Choice(source.label, _url(asked, kind=source.kind), source.kind == wish.kind, known)
            )
    return Filter(_("What"), choices)


def _communities(wish: Wish, answer: Answer, names: Mapping[int, str], asked: QueryDict) -> Filter:
    choices = [Choice(_("Everywhere"), _url(asked, community=""), wish.community_id is None)]
    for pk in communities_of(wish, answer):
        if pk in names:
            count = answer.by_community.get(pk)
            choices.append(Choice(names[pk], _url(asked, community=str(pk)), pk == wish.community_id, count))
    return Filter(_("Where"), choices)


def _periods(asked: QueryDict) -> Filter:
    chosen = asked.get("since", "")
    labels = {
        "": _("Any time"),
        "week": _("The last 7 days"),
        "month": _("The last month"),
        "year": _("The last year"),
    }
    return Filter(
        _("When"),
        [
            Choice(label, _url(asked, since=value), value == (chosen if chosen in labels else ""))
            for value, label in labels.items()
        ],
    )


def _url(asked: QueryDict, **changes: str) -> str:
    """The address with one filter changed; the page begins anew."""
    wanted = {name: asked.get(name, "") for name in ("q", *NAMES)} | changes
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in wanted.items() if value})
    return f"?{query.urlencode()}"
