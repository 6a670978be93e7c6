"""The process in which policies of a repository are evaluated: without settings, files or much memory.

What runs here was written by whoever can change the repository. Nothing but plain answers goes back; the process that
asks ends this one where an answer takes too long.
"""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection

DECISIONS = {"deny": "error", "warn": "warning", "note": "note"}
"""Rules that a policy may have, and the level of what each gives."""
MOST_RESULTS = 50
"""Results of one policy on one component; one more tells how many there are."""
LONGEST = 4_000
"""Characters of a message: more than are shown, since half a secret at the cut would not be known as one."""
ALONE = 4.0
"""Seconds after which an evaluation ends by itself, where nobody is left to end it."""
_MORE_MEMORY = 512_000_000
_ERROR = re.compile(r"\(errormsg (\d+):")
_PLACE = re.compile(r"\(errorast [^()|]*\|(\d+)\|")
_FATAL = ("Function not found", "Recursion detected")
"""What the engine finds wrong with a whole policy only when it runs."""


def serve(connection: Connection, policies: Sequence[Sequence[tuple[str, str]]]) -> None:
    """Answer requests until the other end closes: each is the number of a policy, and an input or `None` to load it.

    `policies` are modules by policy, each a name and a text; the policy's own comes first. An answer is
    `{"results": [[level, message, field]…]}`, `{"fault": reason}` or `{"broken": reason, "at": offset or -1}`.
    """
    _confine()
    engine = import_module("regopy")
    engine.Interpreter()
    _bound_memory()
    loaded: dict[int, Any] = {}
    connection.send_bytes(b"{}")
    while True:
        try:
            number, given = json.loads(connection.recv_bytes())
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_REAL, ALONE)
        answer = _answer(engine, policies[number], loaded, number, given)
        signal.setitimer(signal.ITIMER_REAL, 0)
        connection.send_bytes(json.dumps(answer).encode())


def _confine() -> None:
    """Leave nothing that a policy could read or write: no variables, no standard streams, no file of any size."""
    os.environ.clear()
    os.chdir("/")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for the process's life
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _bound_memory() -> None:
    """Bound the address space, of which the engine's allocator has reserved a great part already."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + _MORE_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _answer(
    engine: Any,  # noqa: ANN401 - a package without types
    modules: Sequence[tuple[str, str]],
    loaded: dict[int, Any],
    number: int,
    given: object,
) -> dict[str, object]:
    if number not in loaded:
        try:
            loaded[number] = _load(engine, modules)
        except (engine.RegoError, ValueError) as fault:
            return _broken(str(fault), modules[0][1])
    interpreter, bundle = loaded[number]
    found: list[list[str]] = []
    try:
        interpreter.set_input({} if given is None else given)
        for decision, level in DECISIONS.items():
            for value in _values(interpreter, bundle, decision):
                found += [[level, *result] for result in _results(value)]
    except json.JSONDecodeError as fault:
        reason = _message(fault.doc)
        if given is None and reason.startswith(_FATAL):
            return {"broken": reason, "at": -1}
        return {"fault": reason}
    except (engine.RegoError, ValueError, RecursionError) as fault:
        return {"fault": _message(str(fault))}
    if len(found) > MOST_RESULTS:
        worst = min((r[0] for r in found[MOST_RESULTS:]), key=list(DECISIONS.values()).index)
        found[MOST_RESULTS:] = [[worst, f"{len(found) - MOST_RESULTS} more results of this policy", "more"]]
    return {"results": found}


def _load(engine: Any, modules: Sequence[tuple[str, str]]) -> tuple[Any, Any]:  # noqa: ANN401 - as above
    interpreter = engine.Interpreter()
    # Else a function that fails is no answer, and what was not judged would pass.
    interpreter.strict_built_in_errors = True
    for name, text in modules:
        interpreter.add_module(name, text)
    return interpreter, interpreter.build(None, [f"assay/{decision}" for decision in DECISIONS])


def _values(interpreter: Any, bundle: Any, decision: str) -> Iterator[object]:  # noqa: ANN401 - as above
    """Yield what a decision gives; raises where the engine could not say."""
    output = interpreter.query_bundle_entrypoint(bundle, f"assay/{decision}")
    if not output.ok():
        message = "the engine found an error in it"
        raise ValueError(message)
    for result in output.results:
        yield from result.expressions


def _results(value: object) -> Iterator[tuple[str, str]]:
    """Yield message and field of each result: of a set of texts or objects, or of a single one."""
    if isinstance(value, dict) and "msg" not in value:
        # Rules in the words of older engines: what they give are keys.
        value = [_read(key) for key, held in value.items() if held is True]
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item[:LONGEST], ""
        elif isinstance(item, dict) and isinstance(item.get("msg"), str):
            yield item["msg"][:LONGEST], str(item.get("field") or "")[:LONGEST]
        elif item is True:
            yield "The policy decides against it, and gives no reason", ""
        elif item not in (False, None):
            yield json.dumps(item, sort_keys=True)[:LONGEST], ""


def _read(key: str) -> object:
    if key.startswith("{"):
        with suppress(ValueError):
            return json.loads(key)
    return key


def _broken(said: str, text: str) -> dict[str, object]:
    place = _PLACE.search(said)
    at = int(place[1]) if place else -1
    return {"broken": _message(said), "at": at if at <= len(text.encode()) else -1}


def _message(said: str) -> str:
    """Return the first message of what the engine says; what else it prints is its own form of the policy."""
    found = _ERROR.search(said)
    if found is None:
        return said[:LONGEST] if said and not said.lstrip().startswith("(") else "the engine found an error in it"
    return said[found.end() : found.end() + min(int(found[1]), LONGEST)]
