"""Worker processes: forked, each with a connection of its own to the main process.

A worker that dies ends the run, whatever the main process is waiting for. Workers end when the main process
does, also if it is killed, because then their connections close.
"""

import os
import signal
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from threading import Thread
from types import FrameType
from typing import Any, Final, Generic, NoReturn, TypeAlias, TypeVar

from cancelnorm.cli.signals import ENDING, kill_workers, workers
from cancelnorm.cli.terminal import stop

__all__ = ["Workers"]

T = TypeVar("T")
R = TypeVar("R")

_Connection: TypeAlias = "Connection[Any, Any]"
_BLOCKED: Final = frozenset({*ENDING, signal.SIGCHLD})


class Workers(Generic[T, R]):
    """Processes that do tasks, each the next one in the queue.

    A thread for each process hands it tasks, so that it is never idle while the main thread reads or writes.
    """

    def __init__(self, count: int, work: Callable[[T], R]) -> None:
        self._count = count
        self._work = work
        self._tasks: SimpleQueue[tuple[T, Future[R]] | None] = SimpleQueue()
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Start the processes; ``close`` ends those that were started, also where this is interrupted."""
        # Blocked, so that workers never run the handlers of the main process, and threads get no signals.
        with _blocked():
            signal.signal(signal.SIGCHLD, _on_child)
            connections: list[_Connection] = []
            try:
                for _ in range(self._count):
                    ours, theirs = Pipe()
                    connections.append(ours)
                    pid = os.fork()
                    if not pid:
                        _run(theirs, connections, self._work)
                    workers.add(pid)
                    theirs.close()
                for connection in connections:
                    thread = Thread(target=self._feed, args=(connection,), daemon=True)
                    thread.start()
                    self._threads.append(thread)
            except (OSError, RuntimeError) as error:  # no more processes or threads are allowed
                raise stop(f"cannot start {self._count} processes: {error}; set a lower --jobs") from error

    def submit(self, task: T) -> Future[R]:
        """Queue a task."""
        future: Future[R] = Future()
        self._tasks.put((task, future))
        return future

    def close(self) -> None:
        """End all workers, also those that are stopped or in the middle of a task."""
        with _blocked():  # a signal between two workers would leave the second one behind
            for pid in kill_workers():
                with suppress(ChildProcessError):  # it was waited for when it ended
                    os.waitpid(pid, 0)
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def _feed(self, connection: _Connection) -> None:
        """Hand tasks to a worker until it ends."""
        with connection, suppress(OSError, EOFError):  # a dead worker is reported by SIGCHLD
            while (queued := self._tasks.get()) is not None:
                task, future = queued
                connection.send(task)
                future.set_result(connection.recv())


def _on_child(_number: int, _frame: FrameType | None) -> None:
    """End the run if a worker has ended; it may as well have been stopped or continued.

    It stays when the workers are gone, and finds none: the signal may have gone to a thread that has yet to tell of
    it, and Python complains of one that has no handler by then.
    """
    for pid in tuple(workers):
        try:
            ended, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            continue  # this signal interrupted the handler, which has waited for it
        if ended:
            workers.discard(pid)
            raise SystemExit(_death(os.waitstatus_to_exitcode(status)))


@contextmanager
def _blocked() -> Iterator[None]:
    """Put off the signals that end a run; those that come meanwhile are handled at the end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _BLOCKED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before - {signal.SIGCHLD})


def _death(code: int) -> str:
    """What became of a worker, by its exit code."""
    return f"a worker process was killed by signal {-code}" if code < 0 else "a worker process failed"


def _run(connection: _Connection, others: Iterable[_Connection], work: Callable[[Any], Any]) -> NoReturn:
    """Be a worker; ``others`` are the main process's ends of all connections so far."""
    code = 1
    try:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)  # the main process handles them
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _BLOCKED)
        for other in others:
            other.close()  # otherwise they would stay open when the main process is killed
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1):  # so that programs at the other ends need not wait for this process
            os.dup2(null, standard)
        _serve(connection, work)
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)


def _serve(connection: _Connection, work: Callable[[Any], Any]) -> None:
    """Do tasks until the main process ends."""
    with suppress(EOFError, ConnectionError):
        while True:
            task = connection.recv()
            connection.send(work(task))
