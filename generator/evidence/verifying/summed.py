"""Whether what is told as numbers is what the lines add up to: the manifest's counts, and the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from generator.evidence.reading import MANIFEST, SUMMARY
from generator.evidence.summary import Summary
from generator.evidence.verifying.listing import read_bounded
from generator.evidence.verifying.texts import MOST_DOCUMENT_BYTES, Canon, TextError, decoded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from generator.evidence.manifest import Counted, Manifest
    from generator.evidence.summary import EnvironmentSummary
    from generator.evidence.verifying.structure import Totals
    from generator.evidence.verifying.verdict import Report

DEPLOYED = "deployments"
_NONE = "no deployment"


def read_summary(folder: Path, report: Report) -> Summary | None:
    """Return the summary of a folder; `None`, with the mismatch in `report`, where it can't be taken."""
    try:
        data = read_bounded(folder / SUMMARY, MOST_DOCUMENT_BYTES)
        if data is None:
            report.wrong(SUMMARY, f"has more than {MOST_DOCUMENT_BYTES} bytes")
            return None
        if fault := Canon().fault(data, spaced=True):
            report.wrong(SUMMARY, fault)
            return None
        summary: Summary = decoded(msgspec.json.Decoder(Summary), data)
    except FileNotFoundError:
        report.wrong(SUMMARY, "is gone, and the manifest does not list it")
    except OSError as fault:
        report.wrong(SUMMARY, f"can't be read: {fault.strerror}")
    except TextError as error:
        report.wrong(SUMMARY, str(error))
    else:
        return summary
    return None


def check_counts(manifest: Manifest, totals: Mapping[str, Totals], report: Report) -> None:
    """See that what was read, left out and unreadable is all there was, and that deployments are as many as told."""
    before = report.count
    for name, counted in sorted(manifest.counts.items()):
        numbers = (counted.all, counted.read, counted.unreadable, *counted.skipped.values())
        if min(numbers) < 0:
            report.wrong(MANIFEST, f"counts of {name}: one of them is below zero")
        if not counted.adds_up:
            report.wrong(MANIFEST, f"counts of {name} do not add up: {_sum(counted)}")
    told, found = manifest.counts.get(DEPLOYED), sum(total.deployments for total in totals.values())
    if told is not None and told.all != found:
        report.wrong(MANIFEST, f"counts {told.all} deployments, and there are {found} lines of them")
    stale = sum(total.stale for total in totals.values())
    if told is not None and told.unreadable != stale:
        reason = f"counts {told.unreadable} deployments with files that can't be read, and {stale} lines have such"
        report.wrong(MANIFEST, reason)
    if report.count == before and manifest.counts:
        report.checked("The counts add up: " + "; ".join(f"{n}: {_sum(c)}" for n, c in sorted(manifest.counts.items())))


def _sum(counted: Counted) -> str:
    skipped = "".join(f" + {number} {rule}" for rule, number in sorted(counted.skipped.items()))
    return f"{counted.all} of all, {counted.read} read{skipped} + {counted.unreadable} unreadable"


def check_summary(summary: Summary, manifest: Manifest, totals: Mapping[str, Totals], report: Report) -> None:
    """See that the summary is of this manifest, and that its environments have as many deployments as there are."""
    before = report.count
    told = (
        ("version", summary.version, manifest.version),
        ("config_digest", summary.config_digest, manifest.config_digest),
        ("format", summary.format, manifest.format),
        ("as_of", summary.as_of, manifest.inputs.as_of),
        ("engines", summary.coverage.engines, manifest.engines),
    )
    for field, here, there in told:
        if here != there:
            report.wrong(SUMMARY, f"{field} is {here!r}, and the manifest says {there!r}")
    names = {environment.name for environment in summary.environments}
    for name in sorted(totals.keys() - names):
        report.wrong(SUMMARY, f"does not have the environment {name!r}, which has deployments")
    for environment in summary.environments:
        _check_environment(environment, totals.get(environment.name), report)
    if report.count == before:
        report.checked("The summary has as many deployments, changes and kinds as the lines add up to.")


def _check_environment(told: EnvironmentSummary, found: Totals | None, report: Report) -> None:
    if found is None:
        if told.deployments:
            report.wrong(SUMMARY, f"{told.name}: tells of {told.deployments} deployments, and there is none")
        return
    kinds = {name: count for name, count in msgspec.to_builtins(told.kinds).items() if count}
    numbers = (
        ("deployments", told.deployments, found.deployments),
        ("changes", told.changes, found.changes),
        ("newest", told.newest or _NONE, found.newest or _NONE),
        ("kinds", kinds, dict(found.kinds)),
    )
    for field, here, there in numbers:
        if here != there:
            report.wrong(SUMMARY, f"{told.name}: {field} is {here!r}, and the deployments add up to {there!r}")
