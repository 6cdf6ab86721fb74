"""The door of the process: ordinary pages go to threads, each with its own kept database connection.

Streams of live rooms, under /live/events/, are answered by the async loop; one thread draws for them all.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import WSGIResponder
from django.conf import settings

from coppice.wsgi import application as pages  # isort: skip  (sets Django up: models come after it)

from coppice.live import announcing
from coppice.live.hub import PATH, Hub
from coppice.live.rendering import screens_of

NOT_WAITED_FOR = 4


class Responder(WSGIResponder):
    """Hands a page to the loop without waiting for it: the thread takes the next one sooner.

    A page is its head, its body and its end. What is longer waits until the loop has taken each piece, so
    that a slow reader of a large file fills no memory.
    """

    handed_over = 0

    def send(self, message: Any) -> None:
        self.handed_over += 1
        if self.handed_over <= NOT_WAITED_FOR:  # fewer than the queue holds
            self.loop.call_soon_threadsafe(self.send_queue.put_nowait, message)
        else:
            super().send(message)


hub = Hub(screens_of, ThreadPoolExecutor(1, thread_name_prefix="live"))
announcing.listeners.append(hub.announce)
relay = None
if settings.REDIS_URL:
    from coppice.live.relay import Relay  # its package is an extra

    relay = Relay(settings.REDIS_URL, hub)
    announcing.listeners.append(relay.announce)
    announcing.presence_listeners.append(relay.tell_presence)


class Pages(WSGIMiddleware):
    """a2wsgi's door with our responder, and the hub's streams beside it."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if relay is not None:
            relay.start()
        if scope["type"] == "http" and scope["path"].startswith(PATH):
            await hub(scope, receive, send)
        elif scope["type"] == "http":
            await Responder(self.app, self.executor, self.send_queue_size)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


application = Pages(pages, workers=settings.THREADS)  # type: ignore[arg-type]
