"""Templates as a provider's communities get them: its own version where it wrote one, else the original."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import translation

from coppice.communities.models import Community, Membership
from coppice.library.template_facts import facts_for, facts_of_provider, names, with_facts
from coppice.library.template_models import ProviderTemplate, TemplatePlace
from coppice.library.template_set import (
    ALL_KEYS,
    KEYS,
    LANGUAGES,
    Chapter,
    Original,
    language_of,
    original,
)
from coppice.library.template_set.filling import fill, places_of
from coppice.programs.models import Provider
from coppice.programs.queries import provider_of

ENDINGS = ("pdf", "docx", "md")
"""How a template can be taken away, by the end of its file's name."""


@dataclass(frozen=True)
class Template:
    """One template in one language: the original, and the provider's own version, used or put aside."""

    original: Original
    own: ProviderTemplate | None = None

    @property
    def is_own(self) -> bool:
        """Whether people get the provider's own version."""
        return self.own is not None and self.own.is_used

    @property
    def title(self) -> str:
        return self.own.title if self.own and self.is_own else self.original.title

    @property
    def markdown(self) -> str:
        return self.own.markdown if self.own and self.is_own else self.original.markdown

    @property
    def original_has_changed(self) -> bool:
        """Whether the original is another than the one on which the provider's version is based."""
        return self.own is not None and self.is_own and self.own.based_on != self.original.digest


@dataclass(frozen=True)
class Filled:
    """A template with its places filled, and what those are called for which nothing is known yet."""

    title: str
    markdown: str
    missing: list[str]


@dataclass(frozen=True)
class TemplateOfCommunity:
    """A template of the set by its key, in a community; in a language, where its address names one.

    `reader` says by role and state what the reader is here, None for staff who do not take part.
    """

    community: Community
    reader: Membership | None
    key: str
    language: str = ""
    ending: str = ""

    @property
    def template(self) -> Template:
        """What this community gets, in that language."""
        return template_for(self.community.program.provider, self.key, self.language)


@dataclass(frozen=True)
class TemplateOfProvider:
    """A template of the set by its key, at a provider; in a language, where its address names one."""

    provider: Provider
    key: str
    language: str = ""
    ending: str = ""

    @property
    def template(self) -> Template:
        """What the provider's communities get, in that language."""
        return template_for(self.provider, self.key, self.language)


def template_of(
    person: Any, *, community_id: int, template_key: str, language: str = "", ending: str = ""
) -> TemplateOfCommunity:
    """Return a template in a community that the person may know of; raises Http404 otherwise.

    Without a language it is that of the reader.
    """
    own = Membership.objects.taking_part().filter(community=OuterRef("pk"), person=person.pk)
    communities: Any = with_facts(Community.objects.visible_to(person)).annotate(
        own_role=Subquery(own.values("role")[:1]), own_state=Subquery(own.values("state")[:1])
    )
    community = get_object_or_404(communities, pk=community_id)
    is_in = community.own_state is not None
    reader = Membership(role=community.own_role, state=community.own_state) if is_in else None
    return TemplateOfCommunity(community, reader, *_named(template_key, language, ending))


def place_of(person: Any, *, place_id: int) -> TemplatePlace:
    """Return a template as search finds it, for whoever gets it; raises Http404 otherwise."""
    places = TemplatePlace.objects.visible_to(person).select_related("provider")
    return get_object_or_404(places, pk=place_id)


def community_for(person: Any, provider: Provider) -> Community | None:
    """Return the community of a provider in which a person would use a template: a living one, if any."""
    own = Membership.objects.taking_part().filter(person=person.pk, community__program__provider=provider)
    living_first = F("community__ended_at").desc(nulls_first=True)
    newest = own.select_related("community").order_by(living_first, "-pk").first()
    return newest.community if newest else None


def provider_template_of(
    person: Any, *, provider_id: int, template_key: str, language: str = "", ending: str = ""
) -> TemplateOfProvider:
    """Return a template at a provider that the person works for; raises Http404 otherwise."""
    provider = provider_of(person, provider_id=provider_id)
    return TemplateOfProvider(provider, *_named(template_key, language, ending))


def template_for(provider: Provider, key: str, language: str) -> Template:
    """Return what a provider's communities get; `language` is one of LANGUAGES."""
    own = provider.templates.filter(key=key, language=language).first()
    return Template(original(key, language), own)


def chapters_for(provider: Provider, language: str) -> list[tuple[Chapter, list[Template]]]:
    """Return all templates by chapter, in one query."""
    own = {each.key: each for each in provider.templates.filter(language=language)}
    return [
        (chapter, [Template(original(key, language), own.get(key)) for key in keys])
        for chapter, keys in KEYS.items()
    ]


def filled_for(community: Community, template: Template) -> Filled:
    """Return a template filled with what a community has by now, in the template's language."""
    with translation.override(template.original.language):
        return _filled(template, facts_for(community, template.markdown))


def blank_for(provider: Provider, template: Template) -> Filled:
    """Return a template where there is no community: all but the provider's name is a line to fill in."""
    with translation.override(template.original.language):
        return _filled(template, facts_of_provider(provider))


def language_asked(wish: str) -> str:
    """Return the language of the set in which a page shows a template: the wish, else the reader's own."""
    return language_of(wish, translation.get_language() or "")


def _filled(template: Template, facts: Any) -> Filled:
    called = names()
    missing = [
        called[place] for place in called if place in places_of(template.markdown) and not facts.get(place)
    ]
    return Filled(template.title, fill(template.markdown, facts, called), missing)


def _named(key: str, language: str, ending: str) -> tuple[str, str, str]:
    if key not in ALL_KEYS or language not in {"", *LANGUAGES} or ending not in {"", *ENDINGS}:
        raise Http404
    return key, language, ending
