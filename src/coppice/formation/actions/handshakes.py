"""Trading rounds: whom somebody met, what they share, and groups that grow by a yes on both sides.

A group is an offered topic on the room's board, a place in it a choice, and of a guest a wish: the same rows
as on any marketplace, so that all that follows is the same.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coppice.formation.actions.market_choices import open_marketplace
from coppice.formation.actions.marketplaces import change_topic
from coppice.formation.actions.room_markets import choose_in_room, offer_in_room
from coppice.formation.badge_board import Groups, badge_of, free_name, groups_in, may_name
from coppice.formation.badge_errors import (
    GroupIsFull,
    NamedMeanwhile,
    NobodyWearsIt,
    NoSuchLine,
    NotAsked,
    OthersNameIt,
    OwnBadge,
    SeveralWearIt,
    TogetherAlready,
    WhatForMissing,
)
from coppice.formation.badges import LONGEST_ON_A_BADGE
from coppice.formation.market_errors import NotInTopic, TopicIsGone
from coppice.formation.models import Badge, BadgeLine, Encounter, Find, Handshake, Marketplace, OfferedTopic
from coppice.lib.ids import id_in
from coppice.lib.lines import one_line
from coppice.live.announcing import announce
from coppice.live.models import Participant, Step


@transaction.atomic
def meet(step: Step, *, participant: Participant, round: int, badge: str) -> Encounter:
    """Note whom somebody speaks with, by the number on the badge or a name; twice in a round is once,
    and comes first on their page again. Raises NobodyWearsIt, SeveralWearIt and OwnBadge.
    """
    worn = _badge_called(step, badge)
    if worn.participant_id == participant.pk:
        raise OwnBadge
    noted, _is_new = Encounter.objects.update_or_create(
        step=step, round=round, participant=participant, badge=worn, defaults={"at": timezone.now()}
    )
    announce(step.room_id)
    return noted


@transaction.atomic
def find_line(step: Step, *, participant: Participant, line_id: int) -> Find:
    """Say that one shares an interest on a badge, or could use a skill; twice is once.

    Raises NoSuchLine and OwnBadge.
    """
    line = BadgeLine.objects.filter(badge__room=step.room_id, pk=line_id, is_hidden=False)
    found = line.select_related("badge").first()
    if found is None:
        raise NoSuchLine
    if found.badge.participant_id == participant.pk:
        raise OwnBadge
    find, _is_new = Find.objects.get_or_create(line=found, participant=participant)
    announce(step.room_id)
    return find


@transaction.atomic
def unfind_line(step: Step, *, participant: Participant, line_id: int) -> None:
    """Take back that one shares or could use a line; twice changes nothing."""
    Find.objects.filter(line__badge__room=step.room_id, line=line_id, participant=participant).delete()
    announce(step.room_id)


@transaction.atomic
def ask_somebody(
    step: Step, marketplace: Marketplace, *, participant: Participant, to_id: int, words: str
) -> Handshake:
    """Say "let us stick together" to somebody in the room; asked twice, the later words count.

    `words` are what a new group would be called; who is in a group asks the other into it. Whoever was asked
    by the other already says yes by this. Raises NobodyWearsIt, OwnBadge, TogetherAlready, WhatForMissing,
    and as `agree`.
    """
    marketplace = open_marketplace(marketplace)
    other = Participant.objects.filter(room=step.room_id, pk=to_id).first()
    if other is None:
        raise NobodyWearsIt
    if other.pk == participant.pk:
        raise OwnBadge
    groups = groups_in(step.room, marketplace)
    mine, theirs = groups.of(participant), groups.of(other)
    if mine and mine == theirs:
        raise TogetherAlready
    open_ones = Handshake.objects.filter(room=step.room_id, state=Handshake.State.OPEN)
    waiting = open_ones.filter(by=other, to=participant).first()
    if waiting is not None:
        return agree(step, marketplace, participant=participant, handshake_id=waiting.pk)
    words = one_line(words)[:LONGEST_ON_A_BADGE]
    if not (words or mine or theirs):
        raise WhatForMissing
    handshake, _is_new = open_ones.update_or_create(
        by=participant,
        to=other,
        state=Handshake.State.OPEN,
        defaults={"words": words},
        create_defaults={"words": words, "room": step.room},
    )
    announce(step.room_id)
    return handshake


@transaction.atomic
def ask_group(step: Step, marketplace: Marketplace, *, participant: Participant, topic_id: int) -> Handshake:
    """Ask a group whether one may come in: any of its people answers. Twice is once.

    Raises TopicIsGone, TogetherAlready and GroupIsFull.
    """
    marketplace = open_marketplace(marketplace)
    groups = groups_in(step.room, marketplace)
    topic = groups.topics.get(topic_id)
    if topic is None or not groups.people[topic.pk]:
        raise TopicIsGone
    if groups.of(participant) == topic:
        raise TogetherAlready
    if not groups.room_in(topic):
        raise GroupIsFull
    handshake, _is_new = Handshake.objects.get_or_create(
        room=step.room, by=participant, to=None, topic=topic, state=Handshake.State.OPEN
    )
    announce(step.room_id)
    return handshake


@transaction.atomic
def agree(step: Step, marketplace: Marketplace, *, participant: Participant, handshake_id: int) -> Handshake:
    """Say yes: both are in one group from then on, a new one where neither has one.

    Whoever asked stays where they are, and the other comes; who has no group comes to who has one. Raises
    NotAsked, GroupIsFull, and as `choose_in_room`.
    """
    marketplace = open_marketplace(marketplace)
    groups = groups_in(step.room, marketplace)
    handshake = _asked(step, participant, groups, handshake_id)
    asker, mine = handshake.by, groups.of(participant)
    theirs = groups.of(asker)
    if handshake.to_id is None:
        group, comer = handshake.topic, asker
    elif theirs is None and mine is not None:
        group, comer = mine, asker
    else:
        group, comer = theirs, participant
    if group is None:
        name = free_name(marketplace, handshake.words or _first_words(asker))
        group = offer_in_room(marketplace, asker, name=name, why="", leads=False)
        groups = groups_in(step.room, marketplace)
    if groups.of(comer) != group:
        if not groups.room_in(group):
            raise GroupIsFull
        choose_in_room(marketplace, comer, topic=group)
    handshake.topic = group
    _settle(handshake, Handshake.State.AGREED)
    return handshake


@transaction.atomic
def decline(step: Step, marketplace: Marketplace, *, participant: Participant, handshake_id: int) -> None:
    """Say "not now". Raises NotAsked."""
    groups = groups_in(step.room, marketplace)
    _settle(_asked(step, participant, groups, handshake_id), Handshake.State.DECLINED)


@transaction.atomic
def call_back(step: Step, *, participant: Participant, handshake_id: int) -> None:
    """Take back what one asked, as long as nobody has answered. Raises NotAsked."""
    own = Handshake.objects.select_for_update().filter(room=step.room_id, by=participant)
    handshake = own.filter(pk=handshake_id, state=Handshake.State.OPEN).first()
    if handshake is None:
        raise NotAsked
    _settle(handshake, Handshake.State.TAKEN_BACK)


@transaction.atomic
def name_group(
    step: Step, marketplace: Marketplace, *, participant: Participant, name: str, seen: str, why: str
) -> OfferedTopic:
    """Call the group that somebody is in, and say why it is worth their time; `seen` is the name before.

    That is for those who are in it by a yes on both sides: whoever chose its topic on the board has said yes
    to nobody. Raises NotInTopic, OthersNameIt, WhatForMissing, NamedMeanwhile, and as `change_topic`.
    """
    marketplace = open_marketplace(marketplace)
    group = groups_in(step.room, marketplace).of(participant)
    if group is None:
        raise NotInTopic
    if not may_name(participant, group):
        raise OthersNameIt
    name = one_line(name)[: OfferedTopic._meta.get_field("name").max_length]
    if not name:
        raise WhatForMissing
    if group.name not in {seen, name}:
        raise NamedMeanwhile(group.name)
    why = why.strip()[: OfferedTopic._meta.get_field("why").max_length]
    return change_topic(group, name=name, why=why, own_maximum=group.own_maximum, by=participant.person)


def _badge_called(step: Step, who: str) -> Badge:
    who = one_line(who)
    badges = Badge.objects.filter(room=step.room_id)
    number = id_in(who.lstrip("#"))
    by_number = badges.filter(number=number).first()
    if by_number is not None:
        return by_number
    worn = badges.select_related("participant")
    for each in worn:
        if number in each.former_numbers:
            return each
    named = [each for each in worn if each.participant.name.casefold() == who.casefold()]
    if len(named) > 1:
        raise SeveralWearIt
    if not named or not who:
        raise NobodyWearsIt
    return named[0]


def _asked(step: Step, participant: Participant, groups: Groups, handshake_id: int) -> Handshake:
    """Return an open question that this participant may answer; raises NotAsked."""
    found = Handshake.objects.select_for_update(of=("self",)).filter(
        room=step.room_id, pk=handshake_id, state=Handshake.State.OPEN
    )
    handshake = found.select_related("by__person", "topic").first()
    if handshake is None or handshake.by_id == participant.pk:
        raise NotAsked
    group = groups.topics.get(handshake.topic_id or 0)
    is_mine = handshake.to_id == participant.pk or (
        handshake.to_id is None and group is not None and groups.of(participant) == group
    )
    if not is_mine:
        raise NotAsked
    handshake.topic = group
    return handshake


def _settle(handshake: Handshake, state: Handshake.State) -> None:
    handshake.state, handshake.answered_at = state, timezone.now()
    handshake.save(update_fields=["state", "answered_at", "topic"])
    announce(handshake.room_id)


def _first_words(asker: Participant) -> str:
    """Return what a new group is called for whom nobody said it: the first line of the asker's badge."""
    badge = badge_of(asker)
    lines = [line for line in badge.lines_on if not line.is_hidden] if badge else []
    return lines[0].words if lines else _("A new group")
