"""A provider's own version of a template."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coppice.lib.lines import LineField
from coppice.programs.models import Provider

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
