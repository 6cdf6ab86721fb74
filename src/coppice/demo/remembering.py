"""A mailing list that people of a community wrote to before there was Coppice, brought in with its years."""

from datetime import timedelta
from email.utils import format_datetime, formataddr

from django.core.files.base import ContentFile
from django.utils import timezone

from coppice.communities.models import Community
from coppice.conversations.actions import archive_bringing, archive_reading, archives
from coppice.conversations.archive_writers import suggested, writers_of
from coppice.conversations.import_models import Archive
from coppice.demo.talking import people_of

LIST = "Rides"
FOOT = "_" * 47 + "\nRides mailing list\nRides@lists.example.org\nhttps://lists.example.org/listinfo/rides"

# Who writes (a number is a member), how many days ago, the subject, which mail it answers, and the words.
type Mail = tuple[int | tuple[str, str], int, str, int | None, str]
PAT, DOLORES, JUNE = (
    (name, f"{name.partition(' ')[0].lower()}@rides.example.org")
    for name in ("Pat Lowe", "Dolores Whitfield", "June Okafor")
)
MAILS: tuple[Mail, ...] = (
    (PAT, 930, "What do you pay drivers per mile?", None,
     "We pay 30 cents and lose people to the food bank, which pays 45. What do you pay, and from what?"),
    (1, 929, "What do you pay drivers per mile?", 0,
     "The federal rate for volunteers, which is low, and a fuel card for whoever drives more than once a "
     "week. Most never ask for the card."),
    (DOLORES, 929, "What do you pay drivers per mile?", 0,
     "Nothing for miles. We pay their car wash and a dinner in June. Two left, both said it was not the "
     "money."),
    (PAT, 927, "What do you pay drivers per mile?", 1,
     "Thank you both. I take the fuel card to my board."),
    (JUNE, 611, "Snow plan", None,
     "Last winter we called off 41 rides by phone, in one morning. How do you tell people that nobody "
     "drives?"),
    (0, 610, "Snow plan", 4,
     "We go with the schools: when they close, we close, and the radio says it for us. People know it by "
     "now. Dialysis is the exception, the county plows for us if we call by six."),
    (JUNE, 609, "Snow plan", 5, "The radio! I call them today."),
    (DOLORES, 402, "This list, and thank you", None,
     "I retire on Friday. This list saved me more nights than my own board did. Pat keeps the keys."),
    (PAT, 401, "This list, and thank you", 7, "Go well, Dolores. We still use your snow plan."),
)  # fmt: skip


def tell(community: Community) -> Archive:
    """Bring the archive of the list in, as who leads would, and say who its writers are."""
    leader = people_of(community)[0].person
    content = mailbox(community).encode()
    archive = archives.take(
        community, ContentFile(content, name="rides-list.mbox"), key=f"demo-{community.pk}", by=leader
    )
    archive_reading.read(archive.pk)
    archive.refresh_from_db()
    archives.bring_in(archive, people=suggested(writers_of(archive)), by=leader)
    archive_bringing.bring_in(archive.pk)
    archive.refresh_from_db()
    return archive


def mailbox(community: Community) -> str:
    """Return the list's archive as its server would give it: with quotes, signatures and footers."""
    people, now = people_of(community), timezone.now().replace(microsecond=0)
    written: list[str] = []
    heads: list[str] = []
    for number, (who, days, subject, answers, words) in enumerate(MAILS):
        if isinstance(who, int):
            member = people[who % len(people)]
            name, address = member.enrollment.name, member.enrollment.email
        else:
            name, address = who
        at = now - timedelta(days=days, hours=number)
        headers = {
            "From": formataddr((name, address)),
            "To": "Rides@lists.example.org",
            "Date": format_datetime(at),
            "Subject": f"{'Re: ' if answers is not None else ''}[{LIST}] {subject}",
            "Message-ID": f"<{number}.rides@lists.example.org>",
        }
        body = f"{words}\n\n-- \n{name}\n"
        if answers is not None:
            headers["In-Reply-To"] = f"<{answers}.rides@lists.example.org>"
            body = f"{words}\n\n{heads[answers]} wrote:\n> {MAILS[answers][4]}\n\n-- \n{name}\n"
        heads.append(f"On {at:%a, %b %d, %Y at %I:%M %p} {name} <{address}>")
        head = "\n".join(f"{header}: {value}" for header, value in headers.items())
        written.append(f"From {address} {at:%a %b %d %H:%M:%S %Y}\n{head}\n\n{body}\n{FOOT}\n\n")
    return "".join(written)
