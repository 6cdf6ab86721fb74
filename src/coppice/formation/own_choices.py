"""What a person's own page says of the time for swaps: that they may ask, or where they are by now."""

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coppice.communities.models import Membership
from coppice.communities.next_steps import NextStep
from coppice.formation.models import ProposedCommunity
from coppice.formation.notices import own_page
from coppice.formation.swaps import formation_of_community


def has_a_window() -> Exists:
    """Return as a column of memberships whether their community was formed with a time for swaps."""
    formed = ProposedCommunity.objects.filter(community=OuterRef("community"))
    return Exists(formed.filter(proposal__formation__swaps_until__isnull=False))


def swap_choice(membership: Membership) -> list[NextStep]:
    """Return the way to ask for another place while there is time; in one query where there is none."""
    formation = formation_of_community(membership.community)
    if formation is None or formation.swaps_until is None or formation.is_whole_cohort:
        return []
    if not membership.is_here:
        has_changed = membership.swap_requests.filter(state="granted").exists()
        sentence = _("You changed to another one.") if has_changed else ""
        return [NextStep(sentence, own_page(membership), _("See where you are"))] if has_changed else []
    if not formation.has_swaps:
        return []
    day = date_format(formation.swaps_until, "DATE_FORMAT")
    return [
        NextStep(
            _("Would another place suit you better? You can ask until %(day)s.") % {"day": day},
            own_page(membership),
            _("Ask to change"),
        )
    ]
