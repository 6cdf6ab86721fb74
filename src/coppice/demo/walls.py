"""A wall of posters in its middle: what people put up, and the first themes under which it hangs."""

from coppice.accounts.models import Person
from coppice.activities.actions import posters
from coppice.activities.models import Poster
from coppice.demo.drawings import pictures
from coppice.formation.agendas import poster_clusters
from coppice.live.actions import moves, people, rooms
from coppice.live.models import Participant, Room, Step
from coppice.programs.models import Program

TITLE = "What we could take up"
PEOPLE = 9

# Who put it up, by the order in which people came; its words; its picture and what that shows, or "".
PUT_UP = (
    (0, "Nobody waits with the youngest at the crossing", "", ""),
    (0, "Two lights out on Mill Road since March", "", ""),
    (1, "Which roads children really walk", "map", "A folded map with one route drawn on it in red"),
    (1, "A crossing guard who comes in winter too", "", ""),
    (2, "How to ask the county, so that they answer", "letter", "A typed letter with a red stamp on it"),
    (2, "A second lamp at the bus stop", "", ""),
    (3, "Somebody to practise the budget hearing with", "", ""),
    (4, "", "keys", "Keys of the school gate, on a ring"),
    (5, "Lights on the way to the gym hall", "", ""),
    (6, "Counting: how many walk, how many are driven", "notebook", "A green notebook and a pencil"),
    (7, "Crossing guards under thirty", "", ""),
    (8, "What do we write to parents who drive?", "", ""),
)
THEMES = (("People at the crossing", (0, 3, 10)), ("Light", (1, 5)), ("Asking the county", (4, 6)))
"""What each theme is called, and what hangs under it by its place in PUT_UP; the rest waits for the host."""

TOGETHER = ((1, (1, 5, 8)), (3, (1, 8)), (5, (2, 9)), (6, (2, 9)))
"""Who says of what that it belongs together."""


def begun(program: Program, *, by: Person) -> Room:
    """Tell a room as far as its themes: whoever hosts it goes on from there."""
    room = rooms.create(program, title=TITLE, by=by, steps=poster_clusters())
    there = _came(room, by=by)
    up, gather = room.steps.get(kind="posters"), room.steps.get(kind="poster_themes")
    moves.open_step(up, by=by)
    hung = [_put_up(_fresh(up), there[who], words, drawn, alt) for who, words, drawn, alt in PUT_UP]
    moves.open_step(gather, by=by)
    for words, places in THEMES:
        numbers = [hung[place].pk for place in places]
        posters.gather(_fresh(gather), poster_ids=numbers, theme_id=0, words=words, by=by)
    for who, places in TOGETHER:
        numbers = [hung[place].pk for place in places]
        posters.bundle(_fresh(gather), participant=there[who], round=1, poster_ids=numbers)
    return room


def _put_up(step: Step, participant: Participant, words: str, drawn: str, alt: str) -> Poster:
    if not drawn:
        return posters.put_up(step, participant=participant, round=1, words=words)
    photo = posters.put_photo(step, participant=participant, pictures=pictures(drawn), alt=alt, words=words)
    return photo.poster


def _came(room: Room, *, by: Person) -> list[Participant]:
    """Most by phone, and the last written in from paper."""
    known = room.program.enrollments.select_related("person").order_by("pk")[:PEOPLE]
    *by_phone, on_paper = known
    there = [people.join(room, name=each.name, person=each.person, language="en") for each in by_phone]
    return [*there, *people.write_in(room, names=[on_paper.name], by=by)]


def _fresh(step: Step) -> Step:
    return Step.objects.select_related("room__program").get(pk=step.pk)
