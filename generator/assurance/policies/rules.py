"""Rules that the repository itself brings, as policies in Rego: one rule a file, evaluated per component.

A policy gets one component with where it stands as its input, and says by `deny`, `warn` and `note` what is wrong with
it. What could not be evaluated is told as such; it never passes.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from generator.assurance.findings import ComponentRule, Family, Level
from generator.assurance.policies.engine import SECONDS, Outcome, PolicyEngine
from generator.errors import Place, Unreadable, one_line
from generator.model.component import Aspect
from generator.readers.secrets import mask_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from generator.assurance.findings import Finding, Surroundings
    from generator.model.component import Component

PACKAGE = "assay"
MOST_FILES = 100
MOST_BYTES = 500_000
"""Size of the largest policy."""
KEPT = 16_384
"""Outcomes of one rule that are remembered."""
_LONGEST_FIELD = 80
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_NAMED_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)")
_DECISION = re.compile(r"^(?:default\s+)?(?:deny|warn|note)\b", re.MULTILINE)
_BRACKETS = re.compile(r"""\[\s*(?:"(\w+)"|`(\w+)`)\s*\]""")
_GAP = r"(?:\s|#[^\n]*\n)*+"
"""What may stand between the parts of a name: blanks, ends of lines, comments."""
_OUTSIDE = re.compile(
    rf"\b(http{_GAP}\.{_GAP}send|net{_GAP}\.{_GAP}lookup_ip_addr|opa{_GAP}\.{_GAP}runtime|time{_GAP}\.{_GAP}now_ns"
    rf"|rand{_GAP}\.{_GAP}intn|uuid{_GAP}\.{_GAP}rfc4122)\b"
)
"""Functions whose result depends on the machine or the moment, which no evidence may."""
_IMPORT = re.compile(rf"(?:^|;)[ \t]*import\b{_GAP}(?!rego\b|future\b|data\b|input\b)(\w+)", re.MULTILINE)
"""An import by which such a function could get another name."""
_DATA = re.compile(r"\bdata\.(\w+(?:\.\w+)*)")
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_ORDER = (Level.ERROR, Level.WARNING, Level.NOTE)


class _Policy(NamedTuple):
    id: str
    path: str
    number: int
    """Its place in the engine."""


class Policies:
    """The policies of a repository, and what is wrong with those that can't be read. Close it after the run."""

    def __init__(self, files: Sequence[tuple[str, bytes]], seconds: float = SECONDS) -> None:
        """Read `files`, pairs of path and content; one evaluation may take so many `seconds`."""
        self.problems: tuple[Unreadable, ...] = ()
        """What can't be read, and why; sorted by path."""
        self._policies: tuple[_Policy, ...] = ()
        self._engine: PolicyEngine | None = None
        own = sorted((path, data) for path, data in files if not path.endswith("_test.rego"))
        if not own:
            return
        if find_spec("regopy") is None:
            reason = "policies are not evaluated: their engine is not on this machine"
            self.problems = (
                Unreadable("policy-engine-missing", reason, Place(own[0][0]), "pip install 'assay[policy]'"),
            )
            return
        self._read(own, seconds)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *fault: object) -> None:
        """End what evaluates."""
        self.close()

    def close(self) -> None:
        """End what evaluates; it starts again where a rule is asked once more."""
        if self._engine is not None:
            self._engine.close()

    def rules(self, surroundings: Surroundings) -> tuple[ComponentRule, ...]:
        """Return a rule for each policy that can be read, for one environment."""
        engine = self._engine
        return tuple(_rule(policy, engine, surroundings) for policy in self._policies) if engine is not None else ()

    def _read(self, files: Sequence[tuple[str, bytes]], seconds: float) -> None:
        problems: list[Unreadable] = []
        own: list[tuple[str, str]] = []
        shared: list[tuple[str, str]] = []
        for path, data in files[:MOST_FILES]:
            text = _text(path, data)
            if isinstance(text, Unreadable):
                problems.append(text)
            else:
                (own if _package(text) == PACKAGE else shared).append((path, text))
        for path, _ in files[MOST_FILES:]:
            problems.append(Unreadable("policy-count", f"more than {MOST_FILES} policies", Place(path)))
        engine = PolicyEngine([[one, *shared] for one in own], seconds)
        found: list[_Policy] = []
        taken: set[str] = set()
        packages = {_package(text) for _, text in shared}
        for number, (path, text) in enumerate(own):
            absent = _absent(text, packages)
            outcome = Outcome(fault=absent, broken=True) if absent else engine.load(number)
            if outcome.fault:
                problems.append(_problem(path, text, outcome))
                continue
            found.append(_Policy(_distinct(path, taken), path, number))
        self._engine, self._policies = engine, tuple(found)
        self.problems = tuple(sorted(problems, key=lambda p: (p.place.path, p.place.line, p.reason)))


def policy_rules(files: Sequence[tuple[str, bytes]], surroundings: Surroundings) -> tuple[ComponentRule, ...]:
    """Return a rule for each policy of `files`; for several environments, or to learn of problems, keep `Policies`."""
    return Policies(files).rules(surroundings)


def policy_input(component: Component, surroundings: Surroundings) -> dict[str, Any]:
    """Return what a policy gets to see: no secret is in it, since readers leave fingerprints of them."""
    return {
        "environment": {
            "name": surroundings.environment,
            "production": surroundings.production,
            "upstream": surroundings.upstream,
            "kubernetes": surroundings.kubernetes,
        },
        "component": {
            "id": _sound(component.id),
            "role": component.role.value,
            "kind": _sound(component.kind),
            "api": _sound(component.api),
            "namespace": _sound(component.namespace),
            "labels": {_sound(name): _sound(value) for name, value in component.labels},
            "fields": {_sound(field.name): _sound(field.value) for field in component.fields},
            "artifacts": {
                _sound(field.name): _sound(field.value) for field in component.fields if field.aspect is Aspect.ARTIFACT
            },
        },
    }


def _sound(text: str) -> str:
    """Return a text that the engine takes: it ends at the first NUL, and knows no half pairs."""
    return text.replace("\0", " ") if text.isascii() else text.replace("\0", " ").encode("utf-8", "replace").decode()


def _text(path: str, data: bytes) -> str | Unreadable:
    """Return the text of a policy or of a part that several share, or why it is none."""
    if len(data) > MOST_BYTES:
        return Unreadable("policy-size", f"{len(data)} bytes, more than the {MOST_BYTES} of a policy", Place(path))
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        return Unreadable("policy-text", "is no text in UTF-8", Place(path, line), "save it as UTF-8")
    return _fault(path, text) or text


def _fault(path: str, text: str) -> Unreadable | None:
    """Return why a text is no policy that can be evaluated; `None` where nothing tells against it."""
    if "\0" in text:
        return Unreadable("policy-text", "holds a NUL", Place(path, text.count("\n", 0, text.index("\0")) + 1))
    code = _code(text)
    # In a text over several lines, what looks like a comment may be its end, with code behind it.
    plain = _BRACKETS.sub(lambda found: f".{found[1] or found[2]}", text if "`" in text else code)
    outside = _OUTSIDE.search(plain) or _IMPORT.search(plain)
    if outside is not None:
        asked = one_line(re.sub(_GAP, "", outside[1]), 80)
        reason = f"asks for {asked}, whose answer may depend on the machine or the moment"
        return Unreadable("policy-outside", reason, Place(path), "judge by the input alone")
    package = _package(text)
    if package != PACKAGE and not package.startswith(f"{PACKAGE}."):
        reason = f"is of package {one_line(package, 80)}" if package else "begins with no `package`"
        fix = f"write `package {PACKAGE}`; `package {PACKAGE}.NAME` for what several policies share"
        return Unreadable("policy-package", reason, Place(path, 1), fix)
    if package == PACKAGE and not _DECISION.search(code):
        fix = "give it `deny contains msg if { … }`, or `warn` or `note`"
        return Unreadable("policy-decision", "has no rule `deny`, `warn` or `note`", Place(path), fix)
    return None


def _code(text: str) -> str:
    return _COMMENT.sub("", text)


def _package(text: str) -> str:
    found = _NAMED_PACKAGE.match(_code(text))
    return found[1] if found else ""


def _absent(text: str, packages: set[str]) -> str:
    """Return what a policy takes from data that nobody gives, which it would read as nothing; empty where all is."""
    code = _code(text)
    for name in _DATA.findall(code):
        inside = name.removeprefix(f"{PACKAGE}.")
        given = any(name == package or name.startswith(f"{package}.") for package in packages)
        own = inside != name and re.search(rf"^(?:default\s+)?{inside.split('.')[0]}\b", code, re.MULTILINE)
        if not given and not own and name != PACKAGE:
            return f"it asks for data.{one_line(name, 80)}, and no file of the policies has that package"
    return ""


def _problem(path: str, text: str, outcome: Outcome) -> Unreadable:
    line = text.encode()[: outcome.at].count(b"\n") + 1 if outcome.at >= 0 else 0
    reason = f"a policy that can't be read: {one_line(_masked(outcome.fault))}"
    return Unreadable("policy-syntax", reason, Place(path, line), "try it with an engine for Rego")


def _distinct(path: str, taken: set[str]) -> str:
    stem = path.rpartition("/")[2].removesuffix(".rego")
    slug = _NO_SLUG.sub("-", stem.lower()).strip("-") or "policy"
    name, number = f"policy/{slug}", 2
    while name in taken:
        name, number = f"policy/{slug}-{number}", number + 1
    taken.add(name)
    return name


def _rule(policy: _Policy, engine: PolicyEngine, surroundings: Surroundings) -> ComponentRule:
    known: OrderedDict[tuple[str, str, str], Outcome] = OrderedDict()

    def outcome_of(component: Component) -> Outcome:
        key = (component.digest, component.namespace, component.api)
        found = known.get(key)
        if found is None:
            found = known[key] = engine.evaluate(policy.number, policy_input(component, surroundings))
            if len(known) > KEPT:
                known.popitem(last=False)
        return found

    def check(component: Component) -> Iterator[Finding]:
        """Tell what the policy says of a component, or that it could not be evaluated."""
        outcome = outcome_of(component)
        if outcome.fault:
            message = f"policy could not be evaluated: {one_line(_masked(outcome.fault))}"
            yield made.about(component, message, level=Level.WARNING)
            return
        for field, (level, message) in sorted(_by_field(outcome.results).items()):
            yield made.about(component, message, field=field, level=level)

    made = ComponentRule(
        id=policy.id,
        level=Level.ERROR,
        family=Family.CONFIGURATION,
        title=one_line(f"Policy {policy.path}"),
        why=(
            "The repository brings this rule itself: what its `deny` gives is an error, its `warn` a warning, its "
            "`note` a note. Where it can't be evaluated, that is a warning, since nothing has been shown to pass."
        ),
        fix="Do what the message says, or change the policy with those who own it.",
        example='package assay\n\ndeny contains "no team" if not input.component.labels.team',
        source=one_line(policy.path),
        check=check,
    )
    return made


def _masked(text: str) -> str:
    """Return what a policy says without the secrets that its own text may hold; an input has none."""
    return mask_within(text, lambda _: "secret")


def _by_field(results: Sequence[tuple[str, str, str]]) -> dict[str, tuple[Level, str]]:
    """Return worst level and messages by field; one that names no field goes by its message."""
    grouped: dict[str, list[tuple[Level, str]]] = {}
    for level, message, field in results:
        shown = _masked(message)
        name = one_line(_masked(field) or shown, _LONGEST_FIELD)
        grouped.setdefault(name, []).append((Level(level), shown))
    return {
        field: (min((level for level, _ in said), key=_ORDER.index), "; ".join(sorted({m for _, m in said})))
        for field, said in grouped.items()
    }
