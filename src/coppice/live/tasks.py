"""The clock's entry point of live rooms: links that a host asked to be sent."""

from functools import partial

from django.tasks import task

from coppice.lib.clock import every
from coppice.lib.jobs import alone, attempt
from coppice.live import notices
from coppice.live.actions import mailing
from coppice.live.audience import audience_of
from coppice.live.models import Room


@every(minutes=1)
@task()
def send_links() -> None:
    """Write the mails with each person's own link; twice writes none twice."""
    for room in Room.objects.with_links_to_send().select_related("program", "community"):
        with alone(f"live-links-{room.pk}") as is_alone:
            if is_alone:
                attempt(partial(_send, room))


def _send(room: Room) -> None:
    people = audience_of(room).reached.select_related("person").order_by("pk")
    mails = [mail for each in people if (mail := notices.link_to(room, each)) is not None]
    mailing.post_links(room, mails)
