"""Reports of a check for tests, with any text wherever a repository can put one."""

from __future__ import annotations

from generator.evidence.packs import ExemptRecord, FindingEntry
from generator.evidence.records import ChangeRecord
from generator.evidence.summary import RuleRecord
from generator.pipeline.checking.cases import fingerprint
from generator.pipeline.checking.report import (
    FORMAT,
    Ahead,
    Began,
    Brought,
    Case,
    Ended,
    Item,
    Level,
    Policy,
    Report,
    Scope,
)

HOSTILE = (
    "::error::x",
    "a\n::set-output name=x::y",
    "##[add-mask]x",
    "see ##vso[task.setvariable variable=a]b",
    "]]>",
    "</failure><script>alert(1)</script>",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "\ud800",
    "\ufffe\x00\x0b",
    "a|b`c`|[x](javascript:alert(1))",
    "<img src=x onerror=alert(1)>",
    "%0A::error::x",
    "a,line=3,title=b::c",
    "\u2028::warning::x",
    "https://example.org/@somebody #1",
    "\\|",
)
"""Texts that steer a terminal, a runner, a parser or a page where nobody stops them."""


def finding(text: str, level: Level = "error", *, waived: bool = False, number: int = 0) -> Item:
    """Return something that a rule found, in which everything that a repository says is `text`."""
    exempt = ExemptRecord(text, text, "2030-01-02T00:00:00Z", f"{text}:3") if waived else None
    entry = FindingEntry("some-rule", level, text, text, text, text, 7, "a" * 40, "2024-01-01T00:00:00Z", "", exempt)
    fails = level == "error" and not waived
    name = fingerprint(str(number), level, str(waived))
    return Item(level, text, name, text, text, 7, "a" * 40, fails=fails, finding=entry)


def report(text: str, items: tuple[Item, ...] | None = None) -> Report:
    """Return a report in which everything that a repository says is `text`."""
    if items is None:
        items = (finding(text), finding(text, "warning"), finding(text, "note", waived=True))
    gate = Item("error", text, fingerprint("gate"), text, commit="b" * 40, fails=True)
    lost = Item("error", text, fingerprint("lost"), path=text, fails=True)
    change = ChangeRecord(text, "artifact", text, text, None, "forward", None)
    cases = (
        Case("staging", "rule", "other-rule", "Fine", "passed", fix=text),
        Case("production", "rule", "some-rule", text, "failed" if items else "passed", items, fix=text),
        Case("production", "rule", "third-rule", "Waived", "waived", (finding(text, waived=True, number=3),)),
        Case("production", "gate", text, text, "failed", (gate,), "", text, text),
        Case("production", "gate", f"{text} later", text, "skipped", reason=text),
        Case("", "unreadable", "unreadable", "Everything can be read", "failed", (lost,), fix=text),
    )
    rules = tuple(RuleRecord(name, "error", text, text, text, text) for name in ("other-rule", "some-rule"))
    return Report(
        format=FORMAT,
        version="0.1.0",
        title=text,
        as_of="2024-01-01T00:00:00Z",
        commit="a" * 40,
        scope=Scope("change", text, "b" * 40, "a" * 40, 1),
        policy=Policy("error", gates=True, new_only=True, unreadable="fail", source="assay.yaml"),
        environments=("staging", "production"),
        failed=True,
        cases=cases,
        brought=(Brought("production", "production-1", "forward", "a" * 40, "d", (change,)),),
        began=(Began("production", "pending", text),),
        ended=(Ended("production", "rule", "some-rule", text),),
        ahead=(Ahead("production", "no-go", 1, 0, ((text, "failed", text),)),),
        standing=2,
        notes=(text,),
        rules=rules,
        source="assay.yaml",
        exit_code=1,
    )
