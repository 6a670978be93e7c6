"""Whether enough people, other than those who wrote it, said yes to a deployment before it happened."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from generator.assurance.findings import listed
from generator.assurance.gates.facts import Outcome
from generator.assurance.gates.people import NOBODY, among, how_many, machine, one_person
from generator.errors import one_line
from generator.history.commits import rfc3339
from generator.history.signing.signers import SignatureOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from generator.assurance.gates.facts import GateFacts, Yes
    from generator.assurance.gates.people import Person
    from generator.config.gates import ApprovalTerms, Gate, Way

Judged = tuple[Outcome, str]
"""What a condition says, and the sentence that can be checked."""
MOST_YES = 200
"""Approvals of one deployment that are looked at, in their order."""


class Weight(Enum):
    """What one yes is worth."""

    COUNTS = "counts"
    DOUBT = "can't be told"
    OWN = "by an author"
    LATE = "afterwards"
    MACHINE = "by a machine"


_SILENCE: Final[Mapping[Way, str]] = {
    "trailer": "no trailer names anybody",
    "merge": "nobody merged it",
    "tag": "no signed tag names it",
    "commit": "the commit is not signed",
    "file": "no file approves it",
}


def judge_approval(gate: Gate, terms: ApprovalTerms, facts: GateFacts) -> Judged:
    """Return whether `terms` hold, by the approvals among `facts` that are meant for this gate."""
    asked = [yes for yes in facts.approvals[:MOST_YES] if yes.way in terms.by and _meant(yes, gate)]
    weighed: dict[Weight, list[tuple[Yes, str]]] = {}
    for yes in asked:
        weight, why = weigh(yes, facts, four_eyes=terms.four_eyes)
        weighed.setdefault(weight, []).append((yes, why))
    counting = [yes for yes, _ in weighed.get(Weight.COUNTS, [])]
    doubtful = weighed.get(Weight.DOUBT, [])
    number = how_many(_people(counting))
    if number >= terms.count:
        return Outcome.PASSED, f"Approved by {_named(counting, facts)}."
    so_far = f"{number} of {terms.count} approvals{f', by {_named(counting, facts)}' if counting else ''}; "
    begin = so_far if terms.count > 1 or number else ""
    if how_many(_people([*counting, *(yes for yes, _ in doubtful)])) >= terms.count:
        yes, why = doubtful[0]
        return Outcome.NOT_ASSESSED, _sentence(f"{begin}that by {_named([yes], facts)} can't be told: {why}")
    short = _short(weighed, facts)
    if short:
        return Outcome.FAILED, _sentence(begin + short)
    if number:
        return Outcome.FAILED, _sentence(f"{so_far}nobody else approved it")
    return Outcome.MISSING, _sentence(f"{begin}{'; '.join(_silence(way, facts) for way in terms.by)}")


def _people(given: Sequence[Yes]) -> list[Person]:
    """Return who said yes, each of those whom one key knows by several names or addresses as the first of these."""
    return [one_person(yes.person, [(other.person, *other.also) for other in given if other.also]) for yes in given]


def _meant(yes: Yes, gate: Gate) -> bool:
    return not yes.gate or yes.gate.casefold() == gate.name.casefold()


def weigh(yes: Yes, facts: GateFacts, *, four_eyes: bool = True) -> tuple[Weight, str]:
    """Return what a yes is worth, and why where that needs words; `four_eyes` asks for another than the author."""
    if machine(yes.person):
        return Weight.MACHINE, ""
    if four_eyes:
        authors = _authors(yes, facts)
        if any(among(who, authors) for who in (yes.person, *yes.also)):
            return Weight.OWN, ""
        if facts.merged is None:
            return Weight.DOUBT, "the authors of what was merged are not known"
        if all(author == NOBODY for author in authors):
            return Weight.DOUBT, "who the author is, is not known"
    return _when(yes, facts.deployed) if yes.way == "file" else _genuine(yes)


def _when(yes: Yes, deployed: int | None) -> tuple[Weight, str]:
    """Return whether an approval in a file came before the deployment; all others are part of the release."""
    if yes.at is None or deployed is None:
        return Weight.DOUBT, f"{'the approval' if yes.at is None else 'the deployment'} has no usable time"
    return (Weight.LATE, rfc3339(yes.at)) if yes.at > deployed else _genuine(yes)


def _genuine(yes: Yes) -> tuple[Weight, str]:
    return (Weight.DOUBT, yes.doubt) if yes.doubt else (Weight.COUNTS, "")


def _authors(yes: Yes, facts: GateFacts) -> tuple[Person, ...]:
    """Return those from whom an approval must differ.

    Who merges, or signs the merge, approves what others wrote by that very act, so that the author of the merge itself
    does not count then.
    """
    if yes.way in {"merge", "commit"} and (facts.merged or facts.merged is None):
        return facts.merged or ()
    return (facts.author, *(facts.merged or ()))


def _short(weighed: Mapping[Weight, Sequence[tuple[Yes, str]]], facts: GateFacts) -> str:
    """Return why approvals that were given don't count; empty where none was given."""
    parts = []
    if own := [yes for yes, _ in weighed.get(Weight.OWN, [])]:
        many = how_many(_people(own)) > 1
        alone = "" if Weight.COUNTS in weighed else " alone"
        parts.append(f"approved by its author{'s' if many else ''}{alone}: {_named(own, facts)}")
    if late := weighed.get(Weight.LATE):
        parts.append(f"approved only afterwards, at {late[0][1]}: {_named([yes for yes, _ in late], facts)}")
    if machines := weighed.get(Weight.MACHINE):
        parts.append(f"approved by a machine: {_named([yes for yes, _ in machines], facts)}")
    return "; ".join(parts)


def _silence(way: Way, facts: GateFacts) -> str:
    """Return in which way nobody approved."""
    signed = {
        "commit": [("the commit", facts.signature)] if facts.signature is not None else [],
        "tag": [(f"tag {name}", signature) for name, signature in facts.tags or ()],
    }
    for name, signature in signed.get(way, []):
        if signature.outcome is not SignatureOutcome.UNSIGNED:
            return f"{name} {signature.reason}"
    return _SILENCE[way]


def _named(given: Sequence[Yes], facts: GateFacts) -> str:
    """Return who said yes, and where; without names, how many."""
    if not facts.names:
        number = how_many(_people(given))
        return f"{number} {'person' if number == 1 else 'people'} ({listed(sorted({yes.source for yes in given}))})"
    return listed(
        list(dict.fromkeys(f"{facts.called.get(yes.person, yes.person.words)} ({yes.source})" for yes in given))
    )


def _sentence(text: str) -> str:
    return one_line(f"{text[:1].upper()}{text[1:]}.", 400)
