"""What people of a marketplace said before they chose, and who of them is on its profile board."""

from coppice.formation import actions
from coppice.formation.market_board import Chooser
from coppice.formation.models import Interest, Marketplace
from coppice.profiles import actions as profiles
from coppice.profiles.models import Audience
from coppice.programs.models import Enrollment

SAID = 34
"""So many people said how much topics interest them: two of them much, and one perhaps."""

CARDS = (
    ("I have trained forty crossing guards", "A way to keep them through the winter"),
    ("Maps of where children really walk", ""),
    ("Talking with the county, without shouting", "Somebody who has won a crosswalk"),
    ("", "A first hour on the bike that is fun"),
    ("Light and sight at bus stops: what to measure", "Numbers from another town"),
    ("Walking groups with six families", ""),
    ("Parents who came once and stayed", "Words for parents who drive"),
)
"""What those on the board can help with and look for, which everybody in the program may read."""


def tell(marketplace: Marketplace) -> None:
    """Let people say what interests them, and some of them be shown."""
    topics = list(marketplace.topics.standing().order_by("pk"))
    people = Enrollment.objects.filter(program=marketplace.program).select_related("person").order_by("-pk")
    choosers = [Chooser(marketplace, each) for each in people[:SAID]]
    for place, chooser in enumerate(choosers):
        first, second, third = (topics[(place * step + step) % len(topics)] for step in (1, 2, 3))
        levels = {each.pk: Interest.Level.NO for each in topics}
        levels |= {third.pk: Interest.Level.PERHAPS, second.pk: Interest.Level.MUCH}
        levels[first.pk] = Interest.Level.MUCH
        actions.say_interests(chooser, levels=levels)
    for chooser, (offer, need) in zip(choosers, CARDS, strict=False):
        actions.appear(chooser)
        _share(chooser.enrollment, offer, need)


def _share(enrollment: Enrollment, offer: str, need: str) -> None:
    by, audience = enrollment.person, Audience.PROGRAM
    if offer:
        profiles.offer_help(enrollment, by=by, text=offer, audience=audience)
    if need:
        profiles.voice_need(enrollment, by=by, text=need, audience=audience)
