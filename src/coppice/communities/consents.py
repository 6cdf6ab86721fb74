"""What consenting has everywhere: an objection with a reason and a proposal, and how it is worked through."""

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_CONSENT = 2000


class Way(models.TextChoices):
    """How an objection is answered."""

    CHANGE = "change", _("We change it")
    REASON = "reason", _("We leave it, for a reason")


class WorkedThrough(models.Model):
    """What one person says to a proposal, where they may object.

    `words` is a note, or the reason of an objection, `proposal` what they would have instead. An objection is
    worked through by `reply`, and `is_resolved` is what its writer says about that, None until they do.
    """

    words = models.TextField(max_length=LONGEST_CONSENT, blank=True)
    proposal = models.TextField(max_length=LONGEST_CONSENT, blank=True)
    way = models.CharField(max_length=8, choices=Way, blank=True)
    reply = models.TextField(max_length=LONGEST_CONSENT, blank=True)
    is_resolved = models.BooleanField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def objects_to_it(self) -> bool:
        """Whether it is an objection."""
        raise NotImplementedError

    @property
    def stands(self) -> bool:
        """Whether this is an objection that its writer does not call resolved."""
        return self.objects_to_it and not self.is_resolved
