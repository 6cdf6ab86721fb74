"""What people of three communities talk about: asked and answered, told, offered, and still open."""

from datetime import timedelta

from django.utils import timezone

from coppice.communities.models import Community, Membership
from coppice.conversations.actions import posts, readings, threads
from coppice.conversations.actions.posts import Words
from coppice.conversations.files import GivenFile, given
from coppice.conversations.models import Post, Reaction, Thread
from coppice.demo.drawings import pictures

K, R = Thread.Kind, Reaction.Kind

# By community: kind, title, then who says what (0 leads), how many days ago; a mark says what came of it.
type Said = tuple[int, int, str]
TALK: dict[str, tuple[tuple[str, str, str, tuple[Said, ...]], ...]] = {
    "Rural transport": (
        (K.QUESTION, "Has anybody found insurance for volunteer drivers?", "answered", (
            (2, 19, "Our agent says that *no* personal policy covers it. We have nine drivers "
                "and would lose all of them.\n\nWhat do you do?"),
            (4, 18, "We had the same letter. What worked:\n\n1. A rider on the **organization's** policy, "
                "for non-owned cars\n2. Drivers sign once a year that their own cover is in force\n\n"
                "Our state lists who writes such riders: https://insurance.example.org/volunteers"),
            (2, 17, "Got a quote today, 600 a year for all nine. Thank you!"),
        )),
        (K.ASK, "Two drivers for Fridays, until Easter", "", (
            (0, 6, "The clinic moved its dialysis day to Friday and we have **nobody** then. Who has "
                "a driver, a church, a cousin?"),
            (3, 5, "I ask at the parish council on Sunday."),
            (5, 2, "One from us: every second Friday, from 8 to noon. She has a van with a lift."),
        )),
        (K.RESOURCE, "Ride list on one page", "file", (
            (5, 11, "This is what hangs by our phone: who drives when, and whom to call "
                "if they can't. Copy it."),
            (1, 10, "Printed. I added a column for *can lift a wheelchair*."),
        )),
        (K.STORY, "A ride that was about more than the ride", "picture", (
            (1, 3, "Mrs. K. told our driver about the letter from the housing office. He stopped the car "
                "and read it with her. She would have lost the flat.\n\nSince then our drivers ask one "
                "question at the end: "
                "*Is there a letter?*"),
            (0, 2, "I take this to our drivers' evening."),
        )),
        (K.UPDATE, "The clinic prints our number on its cards", "", (
            (0, 1, "From the first of the month. Expect calls on Mondays."),
        )),
    ),
    "Volunteer retention": (
        (K.QUESTION, "What do you say in the call in week six?", "answered", (
            (1, 9, "I called four and had no third question."),
            (0, 8, "Ours are: what was easy, what was hard, *what would make you stay a year?* The last "
                "one gets the answer."),
        )),
        (K.OFFER, "I read your welcome letter", "", (
            (3, 4, "I wrote these for ten years. Send me yours, you have it back in two days."),
        )),
    ),
    "First-time grant seekers": (
        (K.ASK, "Somebody to read a needs statement by Thursday", "helped", (
            (1, 7, "One page, rural food access. I am too close to it."),
            (2, 6, "Send it. I read with the reviewer's sheet beside me."),
        )),
        (K.DECISION, "Do we meet in the week of the deadline?", "", (
            (0, 2, "The deadline is that Wednesday. We could skip, or meet for half an hour "
                "and only ask each other."),
        )),
    ),
}  # fmt: skip


def people_of(community: Community) -> list[Membership]:
    """Its active members, who leads first."""
    return list(
        Membership.objects.active()
        .filter(community=community)
        .select_related("person", "enrollment", "community__program__provider")
        .order_by("role", "pk")
    )


def tell(community: Community) -> None:
    """Write what its people talk about, with reactions, files, who helped, how far its leader read."""
    people = people_of(community)
    for kind, title, came_of_it, said in TALK.get(community.name, ()):
        written = [(people[number % len(people)], days, words) for number, days, words in said]
        thread = _begin(community, kind, title, written[0], files=_files(came_of_it))
        for number, (who, days, words) in enumerate(written[1:], 1):
            first = thread.posts.in_order()[0]
            quote = (
                (first, first.markdown.partition("\n")[0]) if number == 1 and len(written) > 2 else (None, "")
            )
            post = posts.reply(thread, by=who.person, words=_words(words, days, quoted=quote))
            if number == 1:
                posts.react(post, by=written[0][0].person, kind=R.THANKS)
                posts.react(post, by=people[-1].person, kind=R.HELPFUL)
                if came_of_it in {"answered", "helped"}:
                    threads.settle(thread, by=written[0][0].person, post=post)
    Post.objects.filter(community=community, told_at=None).update(told_at=timezone.now())
    for thread in community.threads.all():
        readings.read(thread, by=people[0].person, until=timezone.now() - timedelta(days=2, hours=12))


def _begin(
    community: Community,
    kind: str,
    title: str,
    opening: tuple[Membership, int, str],
    *,
    files: list[GivenFile],
) -> Thread:
    who, days, words = opening
    return posts.start(
        community, by=who.person, kind=kind, title=title, words=_words(words, days, files=files)
    )


def _words(
    markdown: str,
    days: int,
    *,
    quoted: tuple[Post | None, str] = (None, ""),
    files: list[GivenFile] | None = None,
) -> Words:
    at = timezone.now() - timedelta(days=days, minutes=len(markdown))
    return Words(
        markdown, quoted=quoted[0], quoted_text=quoted[1].replace("*", ""), files=files or (), written_at=at
    )


def _files(came_of_it: str) -> list[GivenFile]:
    if came_of_it == "file":
        table = "Day,Driver,If they can't\nMonday,Ruth,Sam\nTuesday,Sam,the parish\nFriday,,\n"
        return [given("ride list.csv", table.encode())]
    if came_of_it == "picture":
        alt = "A worn road map, folded open, with a pencil line from farm to farm"
        return [GivenFile("map.jpg", "image/jpeg", b"", alt, pictures("map"))]
    return []
