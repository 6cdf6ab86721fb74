"""The queue in which the writers of one database file stand: first come, first served.

SQLite lets one connection write at a time and wakes the waiting ones by chance, so that an unlucky writer
starves. Here a writer takes a turn before it asks SQLite for the write lock, and hands it on to the next.
"""

import threading
import time
import weakref
from collections import deque

LOOK_AGAIN = 0.5


class Turn:
    """A place in the queue, and then the right to write, of one connection in one thread."""

    def __init__(self, queue: "WriterQueue", holder: object) -> None:
        self.queue = queue
        self.holder = weakref.ref(holder)
        self.thread = threading.current_thread()
        self.called = threading.Event()
        self.since = time.monotonic()

    @property
    def is_abandoned(self) -> bool:
        """Whether nobody is left to hand this turn on: its thread has died, or its connection is gone."""
        return self.holder() is None or not self.thread.is_alive()

    def hand_on(self) -> None:
        """End this turn and call the next in line; does nothing when the turn has already ended."""
        self.queue.hand_on(self)


class WriterQueue:
    """The turns of one database file; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Turn] = deque()
        self._current: Turn | None = None

    def take(self, holder: object, *, timeout: float) -> Turn | None:
        """Wait for a turn and return it; None when it did not come within `timeout` seconds."""
        turn = Turn(self, holder)
        with self._lock:
            self._pass_over_the_dead()
            if self._current is None:
                self._current = turn
                return turn
            self._waiting.append(turn)
        return turn if self._has_come(turn, timeout=timeout) else None

    def hand_on(self, turn: Turn) -> None:
        """End this turn; its place in the line, when it has not come yet, is given up."""
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
            if self._current is turn:
                self._call_next()

    @property
    def length(self) -> int:
        """How many writers wait."""
        return len(self._waiting)

    @property
    def held_for(self) -> float:
        """For how many seconds the present writer has had its turn; 0 when nobody writes."""
        current = self._current
        return time.monotonic() - current.since if current else 0.0

    def _has_come(self, turn: Turn, *, timeout: float) -> bool:
        deadline = turn.since + timeout
        try:
            while not turn.called.wait(max(0.0, min(LOOK_AGAIN, deadline - time.monotonic()))):
                with self._lock:
                    self._pass_over_the_dead()
                    if time.monotonic() >= deadline and self._current is not turn:
                        self._waiting.remove(turn)
                        return False
        except BaseException:  # an interrupt, which must not leave a place in the line that nobody takes
            self.hand_on(turn)
            raise
        return True

    def _pass_over_the_dead(self) -> None:
        while self._current is not None and self._current.is_abandoned:
            self._call_next()

    def _call_next(self) -> None:
        self._current = self._waiting.popleft() if self._waiting else None
        if self._current is not None:
            self._current.since = time.monotonic()
            self._current.called.set()


_queues: dict[str, WriterQueue] = {}
_queues_lock = threading.Lock()


def writers_of(database: str) -> WriterQueue:
    """Return the one queue of this process for a database, named by its real path."""
    with _queues_lock:
        return _queues.setdefault(database, WriterQueue())
