"""A provider writes its own version of a template, goes back to the original, and takes its own up again."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coppice.communities.models import Community, Membership
from coppice.history.actions import record
from coppice.library.actions.items import Contents, add
from coppice.library.models import Item
from coppice.library.template_models import ProviderTemplate
from coppice.library.template_set import original
from coppice.library.templates_of import Template, filled_for
from coppice.programs.models import Provider


@transaction.atomic
def write(
    provider: Provider, key: str, language: str, *, title: str, markdown: str, by: Any
) -> ProviderTemplate | None:
    """Write a provider's own version, from now on the one that its communities get.

    It is based on the original of today. The same again says only that the original was looked at; words that
    are the original's own make no version where there is none yet, and None is returned.
    """
    _hold(provider)
    first = original(key, language)
    own = _own(provider, key, language)
    if own is None and (title, markdown.strip()) == (first.title, first.markdown.strip()):
        return None
    own = own or ProviderTemplate(provider=provider, key=key, language=language)
    is_new = (own.title, own.markdown, own.is_used) != (title, markdown, True) or own.pk is None
    if is_new:
        own.title, own.markdown, own.is_used, own.changed_at = title, markdown, True, timezone.now()
    own.based_on = first.digest
    own.save()
    if is_new:
        _note("template.written", own, by=by)
    return own


@transaction.atomic
def put_aside(provider: Provider, key: str, language: str, *, by: Any) -> None:
    """Go back to the original; the provider's own words stay. Twice changes nothing."""
    _use(provider, key, language, is_used=False, verb="template.put_aside", by=by)


@transaction.atomic
def take_up(provider: Provider, key: str, language: str, *, by: Any) -> None:
    """Use the provider's own version again. Twice, or without one, changes nothing."""
    _use(provider, key, language, is_used=True, verb="template.taken_up", by=by)


def copy(template: Template, *, to: Community, by: Membership) -> Item:
    """Put a template, filled with what the community has, into its library as a page."""
    filled = filled_for(to, template)
    source = to.program.provider.name if template.is_own else "Coppice"
    return add(
        to,
        Contents(markdown=filled.markdown),
        title=filled.title,
        by=by,
        about=template.original.purpose,
        licence=Item.Licence.OWN,
        source=_("A template of %(name)s") % {"name": source},
    )


def _use(provider: Provider, key: str, language: str, *, is_used: bool, verb: str, by: Any) -> None:
    _hold(provider)
    own = _own(provider, key, language)
    if own is not None and own.is_used != is_used:
        own.is_used = is_used
        own.save(update_fields=["is_used"])
        _note(verb, own, by=by)


def _own(provider: Provider, key: str, language: str) -> ProviderTemplate | None:
    return ProviderTemplate.objects.filter(provider=provider, key=key, language=language).first()


def _hold(provider: Provider) -> None:
    """Let nobody else change this provider's templates until the transaction ends."""
    Provider.objects.select_for_update(of=("self",)).get(pk=provider.pk)


def _note(verb: str, own: ProviderTemplate, *, by: Any) -> None:
    detail = {"key": own.key, "language": own.language}
    record(verb, scope=own.provider.scope, by=by, subject=own.provider, detail=detail)
