"""What waits for a leader: a flagged post, and the first post of somebody new; and one that was hidden."""

from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations.actions import moderation, peace, posts, remarks
from coppice.conversations.actions.posts import Words as Said
from coppice.conversations.decision_models import Ballot
from coppice.conversations.decision_words import Words
from coppice.conversations.models import Post, Thread
from coppice.conversations.remark_models import Remark
from coppice.demo.talking import people_of

FLAGGED = "Mrs. Alvarez of Pine Street asked us twice for money. Does anybody else drive her?"
HIDDEN = "Whoever wants a cheap trailer, call my brother. He also has two vans."
DOUBTED = "Our insurance does cover it. I asked them in March."
FIRST = "Hello, I drive for the clinic since May. Who shows me how you fill in the ride list?"


def tell(community: Community) -> None:
    """Flag a post and a reason in a decision, hide another, and let the first post of somebody wait."""
    people = people_of(community)
    leader, wrote = people[0], set(Post.objects.filter(community=community).values_list("author", flat=True))
    new = next((each for each in people if each.person_id not in wrote), None)
    thread = Thread.objects.filter(community=community).newest_first()[0]
    flagged, hidden = (
        posts.reply(thread, by=each.person, words=Said(words))
        for each, words in ((people[2], FLAGGED), (people[3], HIDDEN))
    )
    moderation.flag(
        flagged, by=people[4].person, reason="private", words="It names a client. Everybody here knows her."
    )
    moderation.hide(
        hidden, by=leader.person, reason="We sell nothing here. Your brother is welcome to offer rides."
    )
    _flag_a_reason(community)
    peace.arrange(
        thread.community.threads.get(kind=Thread.Kind.RESOURCE), by=leader.person, what="pinned", wanted=True
    )
    peace.say_yes(community, by=people[2].person, number=0)
    if new is not None:
        moderation.hold_first_posts(community, by=leader.person, wanted=True)
        posts.start(
            community, by=new.person, kind=Thread.Kind.QUESTION, title="How do I fill in the ride list?",
            words=Said(FIRST),
        )  # fmt: skip
    Post.objects.filter(community=community, told_at=None, hidden_at=None).update(told_at=timezone.now())


def _flag_a_reason(community: Community) -> None:
    """Let somebody flag what another one wrote in a decision."""
    ballots = Ballot.objects.filter(decision__thread__community=community, decision__is_secret=False)
    said = ballots.exclude(words="").select_related("membership", "decision__thread__community__program")
    ballot = said.order_by("pk").last()
    people = people_of(community)
    if ballot is None:
        return
    other = next(each for each in people[1:] if each.pk != ballot.membership_id)
    words = Words(ballot.decision, Remark.Part.ANSWER, ballot)
    remarks.flag(words, by=other.person, reason="wrong", said=DOUBTED)
