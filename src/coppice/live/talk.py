"""The plainest step: a title, what to do, a clock. People talk; nothing is typed."""

from django.utils.translation import gettext_lazy as _

from coppice.live.kinds import Kind


class Talk(Kind):
    """People talk, write on paper or listen, by the clock."""

    key = "talk"
    label = _("Talk")
    purpose = _("A title, what to do and a clock. People talk; nothing is typed.")
