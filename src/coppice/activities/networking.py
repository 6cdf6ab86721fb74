"""Impromptu networking: one round, one question, somebody whom you have not met."""

from django.utils.translation import gettext_lazy as _

from coppice.activities.pairs import Paired


class Networking(Paired):
    """A round of pairs with a question, a clock and a change of turns."""

    key = "pairs"
    label = _("Pairs")
    purpose = _("Everybody is paired with somebody new, not a colleague. A question, a clock, and turns.")
