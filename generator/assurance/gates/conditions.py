"""The conditions of gates other than approvals: results, soak, freezes, drift, findings, signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.assurance.findings import listed
from generator.assurance.gates.facts import Outcome
from generator.assurance.gates.people import NOBODY, Person
from generator.errors import one_line
from generator.history.commits import rfc3339
from generator.history.signing.signers import SignatureOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.assurance.gates.facts import GateFacts, Soak
    from generator.config.freezing import Freeze
    from generator.config.gates import DriftTerms, FindingsTerms, Signed
    from generator.history.signing.signers import Signature

Judged = tuple[Outcome, str]
"""What a condition says, and the sentence that can be checked."""

_CLASSES = 4
"""How many classes of drift there are; all of them need no names."""
_WORSE = ("error", "warning", "note")
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def judge_result(name: str, facts: GateFacts) -> Judged:
    """Return what the imported result `name` says.

    A gate asks for proof, so a result that can't be read is as good as none: it is *missing*, with the reason, and
    never passed.
    """
    known = [result for result in facts.results if result.name == name]
    if not known:
        return Outcome.MISSING, f"No result {name} belongs to this deployment."
    worst = next((result for result in known if result.outcome != "passed"), known[0])
    because = f": {worst.reason}" if worst.reason else ""
    if worst.outcome == "passed":
        return Outcome.PASSED, _sentence(f"result {name} passed{because}")
    if worst.outcome == "failed":
        return Outcome.FAILED, _sentence(f"result {name} failed{because}")
    how = "missing" if worst.outcome == "missing" else "unreadable"
    return Outcome.MISSING, _sentence(f"result {name} is {how}{because}")


def judge_soak(needed: int, facts: GateFacts) -> Judged:
    """Return whether each artifact that came here ran upstream for `needed` seconds before."""
    if not facts.changed:
        return Outcome.NOT_ASSESSED, "Nothing changed."
    if not facts.upstream:
        return Outcome.NOT_ASSESSED, f"There is no upstream of {facts.environment}."
    if not facts.soaks:
        return Outcome.NOT_ASSESSED, "No artifact changed."
    where = f"in {facts.upstream}"
    never = [_named(soak) for soak in facts.soaks if soak.validation == "bypass"]
    together = [_named(soak) for soak in facts.soaks if soak.validation == "simultaneous"]
    timed = [(soak, _seconds(soak)) for soak in facts.soaks if soak.validation not in {"bypass", "simultaneous"}]
    brief = [_named(soak, duration(seconds)) for soak, seconds in timed if seconds is not None and seconds < needed]
    told = [f"never {where}: {listed(never)}"] if never else []
    told += [f"{where} only since this commit: {listed(together)}"] if together else []
    told += [f"less than {duration(needed)} {where}: {listed(brief)}"] if brief else []
    if told:
        return Outcome.FAILED, _sentence("; ".join(told))
    unknown = [_named(soak, _unknown(soak)) for soak, seconds in timed if seconds is None]
    if unknown:
        return Outcome.NOT_ASSESSED, _sentence(f"how long {where} is not known: {listed(unknown)}")
    shortest, least = min((seconds or 0, _named(soak)) for soak, seconds in timed)
    few = "" if len(timed) == 1 else f", the shortest of {len(timed)}"
    return Outcome.PASSED, _sentence(f"at least {duration(needed)} {where}: {least} ({duration(shortest)}){few}")


def _seconds(soak: Soak) -> int | None:
    """Return how long it ran upstream; `None` where that is unknown, as it is where dates run backwards."""
    known = soak.validation == "promoted" and soak.seconds is not None and soak.seconds >= 0
    return soak.seconds if known else None


def _unknown(soak: Soak) -> str:
    return soak.reason or ("its dates are skewed" if (soak.seconds or 0) < 0 else "a commit carries no usable time")


def _named(soak: Soak, remark: str = "") -> str:
    return f"{soak.component} {soak.artifact}".strip() + (f" ({remark})" if remark else "")


def judge_freeze(windows: Sequence[Freeze], facts: GateFacts) -> Judged:
    """Return whether the deployment is outside of every window."""
    deployed = facts.deployed
    if deployed is None:
        return Outcome.NOT_ASSESSED, "The commit carries no usable time."
    at = rfc3339(deployed)
    for window in windows:
        if window.holds(deployed):
            because = f": {window.reason}" if window.reason else ""
            return Outcome.FAILED, _sentence(f"deployed at {at}, within the freeze {window.words}{because}")
    return Outcome.PASSED, _sentence(f"deployed at {at}, outside of every freeze")


def judge_drift(terms: DriftTerms, facts: GateFacts) -> Judged:
    """Return whether no more differences stand than `terms` allow."""
    if facts.drift is None:
        return Outcome.NOT_ASSESSED, f"There is no upstream of {facts.environment} at this commit."
    looked_at = [one for one in facts.drift if one.drift in terms.classes]
    if terms.older_than and looked_at and facts.time is None:
        return Outcome.NOT_ASSESSED, "The commit carries no usable time, so no difference has an age."
    limit = (facts.time or 0) - terms.older_than
    old = [one for one in looked_at if not terms.older_than or (one.since is not None and one.since < limit)]
    undated = sum(one.count for one in looked_at if terms.older_than and one.since is None)
    number = sum(one.count for one in old)
    older = f" older than {duration(terms.older_than)}" if terms.older_than else ""
    classes = "" if len(terms.classes) == _CLASSES else f" ({', '.join(terms.classes)})"
    told = f"{_counted(number, 'difference')}{classes}{older}; {terms.most} may stand"
    if number > terms.most:
        return Outcome.FAILED, _sentence(told)
    if number + undated > terms.most:
        return Outcome.NOT_ASSESSED, _sentence(f"{told}, and {undated} more of unknown age")
    return Outcome.PASSED, _sentence(told)


def judge_findings(terms: FindingsTerms, facts: GateFacts) -> Judged:
    """Return whether nothing was found of the level of `terms` or a worse one."""
    if facts.findings is None:
        return Outcome.NOT_ASSESSED, "Findings were not assessed here."
    levels = _WORSE[: _WORSE.index(terms.level) + 1]
    counts = dict.fromkeys(levels, 0)
    for found in facts.findings:
        if found.level in counts:
            counts[found.level] += found.new if terms.new else found.count
    new = "new " if terms.new else ""
    if any(counts.values()):
        told = listed([_counted(number, f"{new}{level}") for level, number in counts.items() if number])
        return Outcome.FAILED, _sentence(told)
    return Outcome.PASSED, _sentence(f"no {new}{' or '.join(levels)} stands")


def judge_signed(what: Signed, facts: GateFacts) -> Judged:
    """Return whether the commit, a tag of it, or either carries a good signature by a known key."""
    judged = []
    if what in {"commit", "either"}:
        judged.append(_signature("the commit", facts.signature, named=facts.names))
    if what in {"tag", "either"}:
        judged.extend(_signature(f"tag {name}", one, named=facts.names) for name, one in facts.tags or ())
        if facts.tags is None:
            judged.append((Outcome.NOT_ASSESSED, "the tags were not looked at"))
        elif not facts.tags:
            judged.append((Outcome.MISSING, "no tag names the commit"))
    best = next(rank for rank in _BEST_FIRST if any(outcome is rank for outcome, _ in judged))
    return best, _sentence("; ".join(told for outcome, told in judged if outcome is best or best is not Outcome.PASSED))


_BEST_FIRST = (Outcome.PASSED, Outcome.NOT_ASSESSED, Outcome.FAILED, Outcome.MISSING)
"""Of several signatures one that is good is enough, and one that can't be told may be it."""


def _signature(name: str, signature: Signature | None, *, named: bool) -> Judged:
    if signature is None:
        return Outcome.NOT_ASSESSED, f"the signature of {name} was not looked at"
    match signature.outcome:
        case SignatureOutcome.GOOD:
            signer = Person(*signature.signers[0]) if signature.signers and named else NOBODY
            who = "a known key" if signer == NOBODY else signer.words
            return Outcome.PASSED, f"{name} is signed by {who} (key {signature.key[-16:]})"
        case SignatureOutcome.UNSIGNED:
            return Outcome.MISSING, f"{name} is not signed"
        case SignatureOutcome.NOT_ASSESSED:
            return Outcome.NOT_ASSESSED, f"{name} {signature.reason}"
        case SignatureOutcome.BAD | SignatureOutcome.UNKNOWN_KEY:
            return Outcome.FAILED, f"{name} {signature.reason}"


def duration(seconds: int) -> str:
    """Return a duration in its two largest units, such as `2 d 4 h`."""
    parts = []
    left = seconds
    for size, unit in _UNITS:
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number} {unit}")
        elif parts:
            break
    return " ".join(parts[:2]) or "0 s"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _sentence(text: str) -> str:
    return one_line(f"{text[:1].upper()}{text[1:]}.")
