"""Work that arrives at the same moment shares one run, such as one transaction and its one wait for the disk."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")
Scope = TypeVar("Scope")


class _Ticket(Generic[Job, Answer]):
    """One piece of work and what became of it."""

    __slots__ = ("answer", "done", "error", "job")

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done = False
        self.answer: Answer | None = None
        self.error: BaseException | None = None


class Combiner(Generic[Job, Scope, Answer]):
    """Whoever gets the turn does the work of everybody who has come by then; nobody waits for others to come.

    ``scope`` opens what a run shares; ``run`` gives one answer, or the exception to raise, for each job in order.
    An error of the whole run is everybody's, and nothing of that run has happened.
    """

    def __init__(
        self,
        scope: Callable[[], AbstractContextManager[Scope]],
        run: Callable[[Scope, list[Job]], list[Answer | Exception]],
        most: int,
    ) -> None:
        self._scope = scope
        self._run = run
        self._most = most
        self._waiting: deque[_Ticket[Job, Answer]] = deque()
        self._turn = threading.Lock()

    def do(self, job: Job) -> Answer:
        """Do this work, alone or together with others; returns its answer or raises its error."""
        ticket: _Ticket[Job, Answer] = _Ticket(job)
        self._waiting.append(ticket)
        with self._turn:
            while not ticket.done:
                self._run_waiting()
        if ticket.error is not None:
            raise ticket.error
        return ticket.answer  # type: ignore[return-value]

    def _run_waiting(self) -> None:
        tickets: list[_Ticket[Job, Answer]] = []
        answers: Sequence[Answer | BaseException]
        try:
            with self._scope() as scope:
                tickets = list(self._taken())
                answers = self._run(scope, [each.job for each in tickets])
        except BaseException as error:  # whatever ends this run, those who wait must learn of it
            tickets = tickets or list(self._taken())
            answers = [error] * len(tickets)
        for ticket, answer in zip(tickets, answers, strict=True):
            if isinstance(answer, BaseException):
                ticket.error = answer
            else:
                ticket.answer = answer
            ticket.done = True

    def _taken(self) -> Iterator[_Ticket[Job, Answer]]:
        for _ in range(min(self._most, len(self._waiting))):
            yield self._waiting.popleft()
