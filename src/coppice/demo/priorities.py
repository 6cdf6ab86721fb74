"""What a community has weighed so far: three needs by the four questions, one that waits."""

from coppice.accounts.models import Person
from coppice.communities import actions
from coppice.communities.models import Community, Priority

Together, Work = Priority.Together, Priority.Work

WEIGHED = (
    (
        "",
        "Volunteers",
        Together.MUCH,
        "Rosa's exit questions, two years of sign-up sheets, the county's training room.",
        "Half of those who begin in spring are still here in autumn.",
        Work.DISTILL,
        "One page: what we do in a volunteer's first ninety days",
    ),
    (
        "Somebody to share a coordinator with",
        "",
        Together.ONLY,
        "Four of us have ten paid hours a week each.",
        "One person with forty hours, and a plan whose hours they are.",
        Work.INNOVATE,
        "",
    ),
    (
        "Saying no to volunteers kindly",
        "",
        Together.LITTLE,
        "Tom's letter.",
        "A letter that each of us dares to send.",
        Work.LEARN,
        "",
    ),
)
WAITS = "Rides for volunteers without a car"


def tell(community: Community, *, by: Person) -> None:
    """Put up four needs, and answer the questions about three of them."""
    for need, topic, together, assets, result, work, how in WEIGHED:
        about = community.program.topics.get(name=topic) if topic else None
        made = actions.put_on_canvas(community, need=need, topic=about, by=by)
        actions.weigh(made, together=together, assets=assets, result=result, work=work, how=how, by=by)
    actions.put_on_canvas(community, need=WAITS, by=by)
