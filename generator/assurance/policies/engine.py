"""A process for policies, watched: what takes too long or too much memory is ended, and told as not assessed."""

from __future__ import annotations

import json
import multiprocessing
import time
from contextlib import suppress
from pathlib import Path
from resource import getpagesize
from typing import TYPE_CHECKING, Any

import msgspec

from generator.assurance.policies.worker import serve

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

SECONDS = 2.0
"""Time that one evaluation may take."""
STARTING = 60.0
"""Seconds in which a process for policies is ready."""
MOST_MEMORY = 512_000_000
"""Bytes that the process may hold."""
STRIKES = 3
"""Times that a policy may end its process; after that it is given up."""
_TICK = 0.02
"""Seconds between two looks at the memory of a process that is at work."""


class Outcome(msgspec.Struct, frozen=True):
    """What came of one evaluation."""

    results: tuple[tuple[str, str, str], ...] = ()
    """Level, message and field of each."""
    fault: str = ""
    """Why it could not be evaluated; then there are no results, and nothing has passed."""
    broken: bool = False
    """Whether the policy as a whole is at fault."""
    at: int = -1
    """Where in the policy, in bytes from its beginning; -1 where that is not known."""


class PolicyEngine:
    """Evaluates policies, all in one process that is started when it is first needed."""

    def __init__(self, policies: Sequence[Sequence[tuple[str, str]]], seconds: float = SECONDS) -> None:
        """Take the modules of each policy, as names and texts; the policy's own comes first."""
        self._policies, self._seconds = [list(modules) for modules in policies], seconds
        self._strikes: dict[int, int] = {}
        self._given_up: dict[int, str] = {}
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def load(self, number: int) -> Outcome:
        """Return whether a policy can be read, without results."""
        outcome = self._ask(number, None)
        # Without an input it may well fail for want of one.
        return outcome if outcome.broken or number in self._strikes else Outcome()

    def evaluate(self, number: int, given: dict[str, Any]) -> Outcome:
        """Return what a policy says of an input."""
        return self._ask(number, given)

    def close(self) -> None:
        """End the process."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if connection is not None:
            connection.close()
        if process is not None:
            process.kill()
            process.join()
            process.close()

    def _ask(self, number: int, given: dict[str, Any] | None) -> Outcome:
        if number in self._given_up:
            return Outcome(fault=self._given_up[number])
        try:
            connection = self._started()
            connection.send_bytes(json.dumps([number, given]).encode())
            reason = self._waited(connection, self._seconds)
            answer: dict[str, Any] = {} if reason else json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            reason, answer = "it ended the process that evaluates policies", {}
        if reason:
            self._strike(number, reason)
            return Outcome(fault=reason)
        if "broken" in answer:
            return Outcome(fault=answer["broken"], broken=True, at=answer["at"])
        return Outcome(tuple((r[0], r[1], r[2]) for r in answer.get("results", ())), answer.get("fault", ""))

    def _strike(self, number: int, reason: str) -> None:
        self.close()
        self._strikes[number] = self._strikes.get(number, 0) + 1
        if self._strikes[number] >= STRIKES:
            self._given_up[number] = f"{reason}, {STRIKES} times, so that it was given up"

    def _started(self) -> Connection:
        if self._connection is not None:
            return self._connection
        # A fresh process holds nothing of this one: no memory, no open file.
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        self._process = context.Process(target=serve, args=(there, self._policies), name="assay-policy", daemon=True)
        self._connection = here
        self._process.start()
        there.close()
        if self._waited(here, STARTING):
            raise EOFError
        here.recv_bytes()
        return here

    def _waited(self, connection: Connection, seconds: float) -> str:
        """Wait for an answer; return why there is none, empty where it is there."""
        limit = time.monotonic() + seconds
        while not connection.poll(_TICK):
            if time.monotonic() >= limit:
                return f"it took longer than {seconds:g} s"
            if self._memory() > MOST_MEMORY:
                return f"it took more than {MOST_MEMORY // 1_000_000} MB of memory"
        return ""

    def _memory(self) -> int:
        """Return the bytes that the process holds; 0 where the system does not tell."""
        process = self._process
        with suppress(OSError, ValueError, IndexError):
            pages = Path(f"/proc/{process.pid if process else 0}/statm").read_text(encoding="ascii").split()[1]
            return int(pages) * getpagesize()
        return 0
