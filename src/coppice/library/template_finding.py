"""What search knows of templates: each provider's set, as its communities get it, in each language."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from coppice.communities.finding import circles_of
from coppice.lib.markdown import to_words
from coppice.lib.paths import path
from coppice.library.template_models import ProviderTemplate, TemplatePlace
from coppice.library.template_set import ALL_KEYS, LANGUAGES, original
from coppice.library.template_set.filling import PLACE
from coppice.library.templates_of import Template
from coppice.programs.finding import staff_of
from coppice.programs.models import Provider
from coppice.search import sources
from coppice.search.models import Document

PLACES = [(key, language) for key in ALL_KEYS for language in LANGUAGES]


def register() -> None:
    """Let templates be found; called from AppConfig.ready()."""
    sources.register(
        sources.Source(
            kind="template",
            label=_("Templates"),
            documents=documents,
            everything=TemplatePlace.objects.all,
            visible_to=TemplatePlace.objects.visible_to,
            icon="note",
            position=46,
            follows={ProviderTemplate: places_of, TemplatePlace: "pk"},
        )
    )


def places_of(own: Sequence[Any]) -> Iterable[int]:
    """Return the places whose words some providers' own versions change."""
    found: set[int] = set()
    for each in own:
        places = TemplatePlace.objects.filter(provider=each.provider_id, key=each.key, language=each.language)
        found.update(places.values_list("pk", flat=True))
    return found


def documents(place_ids: Sequence[int]) -> Iterator[Document]:
    """Yield what can be found of these templates by a provider's staff and its communities' people."""
    places = list(TemplatePlace.objects.filter(pk__in=place_ids))
    providers = {each.provider_id for each in places}
    written = ProviderTemplate.objects.filter(provider__in=providers, is_used=True)
    own = {(each.provider_id, each.key, each.language): each for each in written}
    for place in places:
        if (place.key, place.language) not in PLACES:
            continue
        template = Template(
            original(place.key, place.language), own.get((place.provider_id, place.key, place.language))
        )
        yield Document(
            kind="template",
            object_id=place.pk,
            audience=[staff_of(place.provider_id), circles_of(place.provider_id)],
            title=template.title,
            words=f"{template.original.purpose}\n{to_words(PLACE.sub('', template.markdown))}",
            language=place.language,
            path=path("library:template_found", place.pk),
            at=template.own.changed_at if template.own else place.since,
        )


def bring_in() -> int:
    """Let each provider have a place for each template and none besides; return how many are new."""
    counted = Provider.objects.annotate(places=Count("template_places")).exclude(places=len(PLACES))
    new = 0
    for provider in counted:
        stands = {(each.key, each.language): each for each in provider.template_places.all()}
        for pair in stands.keys() - set(PLACES):
            stands[pair].delete()
        missing = [
            TemplatePlace(provider=provider, key=k, language=n) for k, n in PLACES if (k, n) not in stands
        ]
        new += len(TemplatePlace.objects.bulk_create(missing, ignore_conflicts=True))
    return new
