"""The one process of an installation: pages, and the jobs beside them."""

import fcntl
import gc
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from django.conf import settings
from django.db import connections
from django.utils.translation import gettext_lazy as _

from coppice.lib.addresses import address
from coppice.lib.errors import DomainError
from coppice.lib.runner import Runner

if TYPE_CHECKING:
    from coppice.notifications.inbound.listening import Listener

GRACE = 2
LAST_MOMENT = 2.5
A_COLLECTION = (
    10_000  # new objects; a page makes a thousand and leaves almost none, Python's 700 look too often
)


class AddressTaken(DomainError):
    code = "address_taken"
    sentence = _("Another program already uses this address and port: choose another one with --port.")


class MailPortTaken(DomainError):
    code = "mail_port_taken"
    sentence = _(
        "Another program already uses the port for mail: choose another one as COPPICE_INBOUND_PORT."
    )


class StillServing(DomainError):
    code = "still_serving"
    sentence = _("The server is running: stop it first.")


class BeingRestored(DomainError):
    code = "being_restored"
    sentence = _("A backup is being restored here: start the server when that is done.")


class Server(uvicorn.Server):
    """uvicorn, which first ends the streams of live rooms: an open one would use up everybody's grace."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        from coppice.asgi import hub

        hub.close()
        await super().shutdown(sockets)


def serve(*, host: str, port: int) -> None:
    """Serve pages and run jobs until SIGTERM or SIGINT; return within five seconds of it.

    Port 0 takes any free one. Requests and jobs that outlast the grace are cut off: whatever they had not
    committed never happened. Raises AddressTaken, BeingRestored.
    """
    from coppice.asgi import application

    with _listening(host, port) as listener, _announced():
        config = uvicorn.Config(
            application,
            host=host,
            port=listener.getsockname()[1],
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            proxy_headers=settings.SECURE_PROXY_SSL_HEADER is not None,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        mail_port = _listening_for_mail()
        runner = Runner()
        runner.start()
        gc.collect()
        gc.freeze()  # what was loaded at the start stays: no collection need look at it again
        gc.set_threshold(A_COLLECTION)
        with _signals_end_here():
            Server(config).run(sockets=[listener])
        _exit_soon()
        if mail_port is not None:
            mail_port.stop()
        runner.stop()
        connections.close_all()


@contextmanager
def nobody_serving() -> Iterator[None]:
    """Keep servers from starting in this home. Raises StillServing when one is running."""
    with _lock_file(fcntl.LOCK_EX, otherwise=StillServing):
        yield


@contextmanager
def _announced() -> Iterator[None]:
    with _lock_file(fcntl.LOCK_SH, otherwise=BeingRestored):
        yield


@contextmanager
def _lock_file(mode: int, *, otherwise: type[DomainError]) -> Iterator[None]:
    # The system drops the lock with the process, however it ends.
    with (Path(settings.HOME) / "serving.lock").open("a") as file:
        try:
            fcntl.flock(file, mode | fcntl.LOCK_NB)
        except BlockingIOError:
            raise otherwise from None
        yield


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=1024)
    except OSError:
        raise AddressTaken from None
    # asyncio does this only for sockets that name their protocol; without it kept connections wait 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with listener:
        print(_("Coppice is at %s/") % address(*listener.getsockname()[:2]), flush=True)
        yield listener


def _listening_for_mail() -> "Listener | None":
    """Open the port for mail that comes in, where one is set."""
    from coppice.notifications.inbound import listening

    if not (settings.INBOUND_PORT and settings.MAIL_INBOUND_DOMAIN):
        return None
    try:
        return listening.listen(
            host=settings.INBOUND_HOST, port=settings.INBOUND_PORT, is_lmtp=settings.INBOUND_LMTP
        )
    except OSError:
        raise MailPortTaken from None


@contextmanager
def _signals_end_here() -> Iterator[None]:
    """Swallow the signal that uvicorn raises again once it has stopped: the jobs have to stop too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def _exit_soon() -> None:
    """End the process even when a request hangs in its thread and would keep Python from leaving."""
    timer = threading.Timer(LAST_MOMENT, os._exit, (0,))
    timer.daemon = True
    timer.start()
