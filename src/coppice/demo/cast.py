"""The people and organizations of the demo; every name is made up."""

GIVEN = (  # noqa: SIM905 - a list of names reads better as words
    "Rosa Amara Tom Lin Priya Jo Dele Sam Beth Luis Will Nora Hana Omar Grace Mateo Ingrid "
    "Kwame Fatima Ana Diego Mei Tariq Ruth Elena Marcus Yara Noah Ivy Samuel Chloe Andre "
).split()
FAMILY = (  # noqa: SIM905 - a list of names reads better as words
    "Medina Obi Whitehorse Zhao Nair Kim Adeyemi Pruitt Tran Castro Greer Sykes Bauer Diaz "
    "Okafor Lindqvist Rahman Silva Novak Baptiste Yazzie Fofanah Ortega Haddad Moreno Keller "
    "Osei "
).split()
FIRST_WORDS = (  # noqa: SIM905 - a list of names reads better as words
    "Eastside Harbor Ridge Valley New Open Elm River County Plains Meadow North Lake Hillside "
    "Union Prairie Southgate Cedar Bright Stone "
).split()
SECOND_WORDS = (
    "Pantry",
    "Youth",
    "Literacy",
    "Clinic",
    "Roots",
    "Door",
    "Seniors",
    "Rides",
    "Meals",
    "Shelter",
)
AREAS = ("North County", "Riverside", "The Plains", "Lakeshore")
KINDS = ("Food bank", "Youth center", "Health clinic", "Housing", "Faith group")
TITLES = ("Program manager", "Director", "Volunteer coordinator", "Outreach worker")
ZONES = ("America/Chicago", "America/Denver", "America/New_York", "America/Los_Angeles")

LEADERS = ("Rosa Medina", "Amara Obi", "Tom Whitehorse", "Lin Zhao", "Priya Nair")


def people(count: int) -> list[str]:
    """Return that many different full names, the leaders of the story first."""
    names = dict.fromkeys(LEADERS)
    for turn in range(len(FAMILY)):
        for place, given in enumerate(GIVEN):
            names.setdefault(f"{given} {FAMILY[(place + turn) % len(FAMILY)]}", None)
            if len(names) >= count:
                return list(names)
    raise ValueError(f"there are no {count} names")


def organizations(count: int) -> list[str]:
    """Return that many different names of organizations."""
    names = [f"{first} {second}" for second in SECOND_WORDS for first in FIRST_WORDS]
    return names[:count]
