"""A provider's own version of a template, and each template of the set as a provider has it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.communities.models import Membership
from coppice.lib.lines import LineField
from coppice.programs.models import Provider, providers_of

LONGEST_TEMPLATE = 60_000
LONGEST_TEMPLATE_TITLE = 120


class ProviderTemplate(models.Model):
    """One template as one provider writes it, in one language; all of its communities get this one.

    `based_on` is the digest of the original that its writer saw, so that a provider hears when that has
    changed since. `is_used` is off while the provider has gone back to the original: its own words stay.
    """

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="templates")
    key = models.CharField(max_length=40)
    language = models.CharField(_("language"), max_length=12)
    title = LineField(_("title"), max_length=LONGEST_TEMPLATE_TITLE)
    markdown = models.TextField(_("text"), max_length=LONGEST_TEMPLATE)
    based_on = models.CharField(max_length=64)
    is_used = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "key", "language"], name="a_provider_writes_a_template_once"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="templates_have_titles"),
            models.CheckConstraint(condition=~Q(markdown=""), name="templates_say_something"),
        ]

    def __str__(self) -> str:
        return self.title


class TemplatePlaceQuerySet(models.QuerySet["TemplatePlace"]):
    def visible_to(self, person: Any) -> "TemplatePlaceQuerySet":
        """Those of providers that the person works for, or in whose communities they take part."""
        own = Membership.objects.taking_part().filter(person=person.pk)
        communities = own.values("community__program__provider")
        return self.filter(Q(provider__in=providers_of(person)) | Q(provider__in=communities))


class TemplatePlace(models.Model):
    """One template of the set in one language, as one provider's communities get it: what search finds.

    There is a row for each; the clock brings in those that are missing. `key` and `language` are as above.
    """

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="template_places")
    key = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    since = models.DateTimeField(default=timezone.now)

    objects = TemplatePlaceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "key", "language"], name="a_provider_has_a_template_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.language}"
