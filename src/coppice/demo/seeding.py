"""Made-up rosters of any size, as untidy as real ones, the same for the same seed."""

import csv
import io
import random

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


def roster(people: int, *, seed: int) -> bytes:
    """Return a CSV roster (UTF-8 with BOM) of that many different people.

    Beside them it holds what real files hold: people twice, people in two organizations, missing addresses,
    blank lines, accents, dates and time zones in several forms, and columns that Coppice has no field for.
    """
    dice = random.Random(seed)  # noqa: S311 - made-up people, no secret
    organizations = cast.organizations(max(3, min(200, people // 8)))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for number in range(people):
        row = _row(number, organizations, dice)
        writer.writerow(row)
        if dice.random() < 0.02:
            writer.writerow([*row[:3], dice.choice(organizations), *row[4:]])
        elif dice.random() < 0.02:
            writer.writerow(row)
        if dice.random() < 0.01:
            writer.writerow([""] * len(HEADER))
    return out.getvalue().encode("utf-8-sig")


def _row(number: int, organizations: list[str], dice: random.Random) -> list[str]:
    given = cast.GIVEN[number % len(cast.GIVEN)]
    family = cast.FAMILY[number // len(cast.GIVEN) % len(cast.FAMILY)]
    name = f"{given} {ACCENTED.get(family, family)} {number}"
    has_address = dice.random() > 0.06
    day, month, year = dice.randint(13, 28), dice.randint(1, 12), dice.randint(2018, 2026)
    return [
        name,
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
