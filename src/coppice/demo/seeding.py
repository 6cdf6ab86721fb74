"""Made-up rosters of any size, as untidy as real ones, the same for the same seed."""

import csv
import io
import random
from collections.abc import Sequence

from coppice.demo import cast

HEADER = (
    "Nombre / Full name",
    "E-mail",
    "Phone number",
    "Organization",
    "County",
    "Job title",
    "Time zone",
    "Joined",
    "Years in the field",
    "First choice",
)
ACCENTED = {"Medina": "Medína", "Castro": "Cástro", "Silva": "Sílva", "Moreno": "Moréno", "Keller": "Köller"}
ZONES = ("America/Chicago", "EST", "Pacific Time (US & Canada)", "UTC-05:00", "Mountain Standard Time", "")
TOPICS = ("Volunteers", "Grants", "Transport", "Boards")
MORE_TOPICS = (
    *TOPICS,
    *(
        "Food banks",
        "Youth mentors",
        "Housing",
        "Translation",
        "Measuring",
        "Bookkeeping",
        "Safety",
        "Newsletters",
    ),
)
QUESTIONS = (
    *("Second choice", "Third choice", "What do you want help with?", "What can you help with?"),
    *(f"When are you free? [{day}]" for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")),
    "Who would you like to work with?",
    "Earlier community",
)
PARTS_OF_DAY = ("9-12", "12-15", "15-18", "18-21")


def roster(people: int, *, seed: int, topics: int = 0) -> bytes:
    """Return a CSV roster (UTF-8 with BOM) of that many different people.

    With `topics` (at most 12) it asks more, as a form does before communities are formed: three ranked
    choices among so many topics, what people want and can give help with, hours, companions, and the
    community that they were in.

    Beside them it holds what real files hold: people twice, people in two organizations, missing addresses,
    blank lines, accents, dates and time zones in several forms, and columns that Coppice has no field for.
    """
    dice = random.Random(seed)  # noqa: S311 - made-up people, no secret
    organizations = cast.organizations(max(3, min(200, people // 8)))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    header = [*HEADER, *(QUESTIONS if topics else ())]
    writer.writerow(header)
    for number in range(people):
        row = _row(number, organizations, dice)
        if topics:
            row[-1:] = _answers(number, MORE_TOPICS[:topics], dice)
        writer.writerow(row)
        if dice.random() < 0.02:
            writer.writerow([*row[:3], dice.choice(organizations), *row[4:]])
        elif dice.random() < 0.02:
            writer.writerow(row)
        if dice.random() < 0.01:
            writer.writerow([""] * len(header))
    return out.getvalue().encode("utf-8-sig")


def _row(number: int, organizations: list[str], dice: random.Random) -> list[str]:
    given = cast.GIVEN[number % len(cast.GIVEN)]
    family = cast.FAMILY[number // len(cast.GIVEN) % len(cast.FAMILY)]
    has_address = dice.random() > 0.06
    day, month, year = dice.randint(13, 28), dice.randint(1, 12), dice.randint(2018, 2026)
    return [
        _name(number),
        f"{given}.{family}.{number}@Roster.example" if has_address else "",
        "" if has_address and dice.random() < 0.5 else f"+1 555 {number:07d}",
        organizations[number % len(organizations)],
        cast.AREAS[number % len(cast.AREAS)],
        cast.TITLES[number % len(cast.TITLES)],
        dice.choice(ZONES),
        dice.choice([f"{year}-{month:02d}-{day}", f"{month}/{day}/{year}"]),
        str(dice.randint(0, 30)),
        dice.choice(TOPICS),
    ]


def _answers(number: int, topics: Sequence[str], dice: random.Random) -> list[str]:
    """What one person answered, from the first choice on; one in twelve answered nothing."""
    if dice.random() < 1 / 12:
        return [""] * (1 + len(QUESTIONS))
    liked = sorted(topics, key=lambda topic: dice.random() * (1 + topics.index(topic)))
    wishes = liked[:3] if len(liked) > 2 else [*liked, "", ""][:3]
    needs = dice.sample(liked[: max(4, len(liked) // 2)][: len(liked)], k=min(2, len(liked)))
    gives = dice.sample(list(topics), k=min(dice.randint(0, 2), len(topics)))
    hours = [";".join(part for part in PARTS_OF_DAY if dice.random() < 0.4) or "none" for _day in range(5)]
    friend = (number + 7) // 2 * 2 if dice.random() < 0.05 else None
    return [
        *wishes,
        "; ".join(needs),
        "; ".join(gives),
        *hours,
        "" if friend is None or friend == number else _name(friend),
        dice.choice(("", *topics[:5])),
    ]


def _name(number: int) -> str:
    family = cast.FAMILY[number // len(cast.GIVEN) % len(cast.FAMILY)]
    return f"{cast.GIVEN[number % len(cast.GIVEN)]} {ACCENTED.get(family, family)} {number}"
