"""Ways to change a sealed site, from a bit that flips to a forger who holds the right key.

Each changes the site by a random generator, and returns the files of which at least one must be named.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from support.sealed import EVIDENCE, MANIFEST

from generator.evidence.dsse import MANIFEST_NAMESPACE, SITE_NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from support.sealed import Forger

SIG = f"{MANIFEST}.sig"
DEPLOYMENTS = f"{EVIDENCE}/deployments.jsonl"
SUMMARY = f"{EVIDENCE}/summary.json"
CHAIN = f"{EVIDENCE}/chain.jsonl"
REFS = f"{EVIDENCE}/refs.json"
STATEMENTS = f"{EVIDENCE}/statements/production.jsonl"
ENVELOPES = f"{EVIDENCE}/statements/production.intoto.jsonl"
GATES = f"{EVIDENCE}/objects/gates/production.jsonl"
TOPOLOGY = f"{EVIDENCE}/objects/topology/production.jsonl"


class Forgery(NamedTuple):
    """One way to change a site."""

    name: str
    change: Callable[[Forger, Random], set[str]]
    says: str = ""
    """What one of the reasons must hold."""


def _any_file(forger: Forger, random: Random) -> str:
    return random.choice([name for name in forger.files(random.choice(("", EVIDENCE))) if forger.read(name)])


def bit_flipped(forger: Forger, random: Random) -> set[str]:
    name = _any_file(forger, random)
    data = bytearray(forger.read(name))
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    forger.write(name, bytes(data))
    return {name} | _said_by(name)


def _said_by(name: str) -> set[str]:
    """Return the files that may be named in place of one: a signature does not fit what was changed under it."""
    return {f"{name}.sig"} if name in {MANIFEST, "site.json"} else set()


def bit_flipped_in_a_file_of_its_own(forger: Forger, random: Random) -> set[str]:
    name = random.choice([MANIFEST, "site.json", SIG, "site.json.sig", ENVELOPES])
    data = bytearray(forger.read(name))
    data[random.randrange(len(data) - 1)] ^= 1 << random.randrange(7)
    forger.write(name, bytes(data))
    return {name} | _said_by(name)


def files_swapped(forger: Forger, random: Random) -> set[str]:
    one, other = random.sample(forger.files(random.choice((EVIDENCE, "releases", "topologies"))), 2)
    kept = forger.read(one), forger.read(other)
    forger.write(one, kept[1])
    forger.write(other, kept[0])
    return {one, other}


def bytes_inserted(forger: Forger, random: Random) -> set[str]:
    name = _any_file(forger, random)
    data = forger.read(name)
    at = random.randrange(len(data))
    forger.write(name, data[:at] + random.randbytes(random.randrange(1, 9)) + data[at:])
    return {name} | _said_by(name)


def line_removed(forger: Forger, random: Random) -> set[str]:
    name = random.choice(forger.files(EVIDENCE, ".jsonl"))
    lines = forger.lines(name)
    del lines[random.randrange(len(lines))]
    forger.write(name, b"".join(lines))
    return {name}


def line_doubled(forger: Forger, random: Random) -> set[str]:
    name = random.choice(forger.files(EVIDENCE, ".jsonl"))
    lines = forger.lines(name)
    at = random.randrange(len(lines))
    forger.write(name, b"".join([*lines[:at], lines[at], *lines[at:]]))
    return {name}


def lines_swapped(forger: Forger, random: Random) -> set[str]:
    name = random.choice([DEPLOYMENTS, TOPOLOGY, GATES, STATEMENTS, ENVELOPES, CHAIN])
    lines = forger.lines(name)
    one, other = random.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    forger.write(name, b"".join(lines))
    return {name}


def file_removed(forger: Forger, random: Random) -> set[str]:
    name = _any_file(forger, random)
    (forger.site / name).unlink()
    return {name}


def signature_removed(forger: Forger, random: Random) -> set[str]:
    name = random.choice([SIG, "site.json.sig", ENVELOPES])
    (forger.site / name).unlink()
    return {name}


def file_cut(forger: Forger, random: Random) -> set[str]:
    name = _any_file(forger, random)
    data = forger.read(name)
    forger.write(name, data[: random.randrange(len(data))])
    return {name} | _said_by(name)


def file_added(forger: Forger, random: Random) -> set[str]:
    below = random.choice(
        ["", f"{EVIDENCE}/", f"{EVIDENCE}/objects/", "releases/", f"{EVIDENCE}/statements/", ".well/"]
    )
    name = f"{below}{random.choice(['added', '.hidden', 'manifest.json', 'x.sig', 'x.intoto.jsonl'])}{random.random()}"
    forger.write(name, random.randbytes(random.randrange(40)))
    return {name}


def file_renamed_in_case(forger: Forger, random: Random) -> set[str]:
    name = random.choice([n for n in forger.files(EVIDENCE, ".jsonl") if "intoto" not in n])
    upper = name.replace(".jsonl", ".JSONL")
    (forger.site / name).rename(forger.site / upper)
    return {name, upper}


def link_in_place_of_a_file(forger: Forger, random: Random) -> set[str]:
    name = _any_file(forger, random)
    (forger.site / name).unlink()
    (forger.site / name).symlink_to(forger.sealed.site / name)
    return {name}


def page_edited(forger: Forger, random: Random) -> set[str]:
    name = random.choice(forger.files("releases", ".html"))
    forger.write(name, forger.read(name).replace(b"rollback", b"forward").replace(b"</body>", b"<!-- --></body>"))
    return {name}


def manifest_made_anew(forger: Forger, random: Random) -> set[str]:
    """Hide a change in the manifest, without any key."""
    name = random.choice([name for name in forger.files(EVIDENCE, ".jsonl") if "intoto" not in name])
    forger.write(name, forger.read(name).replace(b"a", b"b"))
    forger.digests_anew()
    return {SIG}


def everything_made_anew(forger: Forger, random: Random) -> set[str]:
    line_removed(forger, random)
    forger.digests_anew()
    forger.site_anew()
    return {SIG, "site.json.sig"}


def signed_by_another_key(forger: Forger, random: Random) -> set[str]:
    line_removed(forger, random)
    forger.hide(forger.sealed.foreign)
    return {SIG}


def signed_for_something_else(forger: Forger, random: Random) -> set[str]:
    spaces = random.choice([(SITE_NAMESPACE, SITE_NAMESPACE), (MANIFEST_NAMESPACE, MANIFEST_NAMESPACE), ("git", "git")])
    forger.sign_anew(forger.sealed.key, spaces)
    return {SIG, "site.json.sig"}


def signatures_exchanged(forger: Forger, random: Random) -> set[str]:
    del random
    one, other = forger.read(SIG), forger.read("site.json.sig")
    forger.write(SIG, other)
    forger.write("site.json.sig", one)
    return {SIG, "site.json.sig"}


def older_evidence(forger: Forger, random: Random) -> set[str]:
    """Put back a file of an older bundle, or all that are signed."""
    older = random.choice(forger.sealed.older)
    names = random.choice([["manifest.json", "manifest.json.sig"], ["deployments.jsonl"], ["summary.json"]])
    for name in names:
        forger.write(f"{EVIDENCE}/{name}", (older / name).read_bytes())
    return {f"{EVIDENCE}/{names[0]}"}


def envelopes_exchanged(forger: Forger, random: Random) -> set[str]:
    lines = forger.lines(ENVELOPES)
    one, other = random.sample(range(len(lines)), 2)
    record, taken = json.loads(lines[one]), json.loads(lines[other])
    record["signatures"] = taken["signatures"]
    lines[one] = json.dumps(record, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    forger.write(ENVELOPES, b"".join(lines))
    return {ENVELOPES}


def envelopes_by_another_key(forger: Forger, random: Random) -> set[str]:
    del random
    forger.statements_signed_anew(forger.sealed.foreign, STATEMENTS)
    return {ENVELOPES}


# From here on the forger holds the right key, and makes everything fit but what is changed.


def counts_edited(forger: Forger, random: Random) -> set[str]:
    part, field = random.choice(["commits", "files", "deployments"]), random.choice(["all", "read", "unreadable"])

    def edit(manifest: dict[str, Any]) -> None:
        manifest["counts"][part][field] += random.randrange(1, 100)

    forger.edit_manifest(edit)
    forger.site_anew()
    forger.sign_anew(forger.sealed.key)
    return {MANIFEST}


def counts_of_deployments_edited(forger: Forger, random: Random) -> set[str]:
    more = random.randrange(1, 100)

    def edit(manifest: dict[str, Any]) -> None:
        counted = manifest["counts"]["deployments"]
        counted["all"], counted["read"] = counted["all"] + more, counted["read"] + more

    forger.edit_manifest(edit)
    forger.site_anew()
    forger.sign_anew(forger.sealed.key)
    return {MANIFEST}


def name_that_leads_out(forger: Forger, random: Random) -> set[str]:
    name = random.choice(
        ["../x", "/etc/passwd", "a/../../x", "objects//x", "./x", "a\\b", "C:x", "a\u202eb", "e\u0301"]
    )
    forger.edit_manifest(lambda manifest: manifest["files"].update({name: "0" * 64}))
    forger.site_anew()
    forger.sign_anew(forger.sealed.key)
    return {MANIFEST}


def deployment_taken_away(forger: Forger, random: Random) -> set[str]:
    lines = forger.lines(DEPLOYMENTS)
    del lines[random.randrange(len(lines))]
    forger.write(DEPLOYMENTS, b"".join(lines))
    forger.hide()
    return {DEPLOYMENTS, TOPOLOGY, SUMMARY}


def deployment_edited(forger: Forger, random: Random) -> set[str]:
    number = random.randrange(len(forger.lines(DEPLOYMENTS)))
    edits: list[Callable[[dict[str, Any]], object]] = [
        lambda line: line.update(digest="0" * 64),
        lambda line: line.update(sequence=line["sequence"] + 1),
        lambda line: line.update(previous_digest="1" * 64),
        lambda line: line["findings"].update(error=line["findings"].get("error", 0) + 1),
        lambda line: line.update(id="production-99"),
        lambda line: line.update(kind="hotfix"),
        lambda line: line["findings"].update(object="0" * 32),
        lambda line: line.update(triage="0" * 32),
    ]
    forger.edit_line(DEPLOYMENTS, number, edits[random.randrange(len(edits))])
    forger.hide()
    folder = f"{EVIDENCE}/objects"
    lists = {f"{folder}/{kind}/{env}.jsonl" for kind in ("topology", "findings", "triage") for env in _ENVIRONMENTS}
    return {DEPLOYMENTS, SUMMARY} | lists


_ENVIRONMENTS = ("integration", "staging", "production")


def list_edited(forger: Forger, random: Random) -> set[str]:
    name = random.choice(
        [n for kind in ("topology", "findings", "drift") for n in forger.files(f"{EVIDENCE}/objects/{kind}")]
    )
    numbers = [number for number, line in enumerate(forger.lines(name)) if b'"set"' in line]

    def edit(line: dict[str, Any]) -> None:
        key = random.choice(sorted(line["set"]))
        if random.random() < 0.5:
            line["set"][f"{key} x"] = line["set"].pop(key)
        else:
            entry = line["set"][key]
            field = next(field for field in ("component", "message", "value", "source") if field in entry)
            entry[field] = f"{entry[field]}0"

    number = random.choice([n for n in numbers if not _only_edges(json.loads(forger.lines(name)[n]))])
    forger.edit_line(name, number, edit)
    forger.hide()
    return {name}


def _only_edges(line: dict[str, Any]) -> bool:
    """Return whether a line holds connections, which follow from components and are no part of a topology's digest."""
    return any(key.startswith(("e ", "x ")) for key in line["set"])


def record_edited(forger: Forger, random: Random) -> set[str]:
    name = random.choice(
        [n for kind in ("gates", "results", "triage") for n in forger.files(f"{EVIDENCE}/objects/{kind}")]
    )
    number = random.randrange(len(forger.lines(name)))

    def edit(line: dict[str, Any]) -> None:
        record = line["record"]
        if "rows" in record:
            record["rows"][0]["outcome"] = "passed " if random.random() < 0.5 else "missing "
        else:
            record["reason"] = "otherwise"

    forger.edit_line(name, number, edit)
    forger.hide()
    return {name}


def record_taken_away(forger: Forger, random: Random) -> set[str]:
    name = random.choice(
        [n for kind in ("gates", "results", "triage") for n in forger.files(f"{EVIDENCE}/objects/{kind}")]
    )
    lines = forger.lines(name)
    del lines[random.randrange(len(lines))]
    forger.write(name, b"".join(lines))
    forger.hide()
    return {name}


def key_doubled(forger: Forger, random: Random) -> set[str]:
    name = random.choice([DEPLOYMENTS, GATES, TOPOLOGY, f"{EVIDENCE}/metrics.jsonl", REFS, SUMMARY])
    lines = forger.lines(name)
    at = 0 if name in {REFS, SUMMARY} else random.randrange(len(lines))
    lines[at] = lines[at].replace(b"{", b'{"digest":"' + b"0" * 64 + b'",', 1)
    if name in {REFS, SUMMARY}:
        lines[at] = lines[at].replace(b'"digest":"' + b"0" * 64 + b'",', b'"a":{},"a":{},')
    forger.write(name, b"".join(lines))
    forger.hide()
    return {name}


def text_not_canonical(forger: Forger, random: Random) -> set[str]:
    name = random.choice([MANIFEST, "site.json"])
    data = forger.read(name)
    changes = (data.replace(b'":"', b'": "', 1), data + b"\n", data.replace(b"{", b'{"version":"0",', 1))
    forger.write(name, random.choice(changes))
    if name == MANIFEST:
        forger.site_anew()
    forger.sign_anew(forger.sealed.key)
    return {name}


def chain_edited(forger: Forger, random: Random) -> set[str]:
    number = random.randrange(2)
    edits: list[Callable[[dict[str, Any]], object]] = [
        lambda link: link.update(digest="0" * 64),
        lambda link: link.update(sequence=link["sequence"] + 1),
        lambda link: link["manifest"].update(config_digest="0" * 64),
        lambda link: link["manifest"].update(predecessor="0" * 64),
        lambda link: link["manifest"]["files"].update({"added": "0" * 64}),
    ]
    forger.edit_line(CHAIN, number, edits[random.randrange(len(edits))])
    forger.hide()
    return {CHAIN}


def chain_line_taken_away(forger: Forger, random: Random) -> set[str]:
    lines = forger.lines(CHAIN)
    del lines[random.randrange(len(lines))]
    forger.write(CHAIN, b"".join(lines))
    forger.hide()
    return {CHAIN}


def chain_gone(forger: Forger, random: Random) -> set[str]:
    del random
    (forger.site / CHAIN).unlink()
    forger.hide()
    return {MANIFEST}


def place_in_chain_edited(forger: Forger, random: Random) -> set[str]:
    places: list[dict[str, Any]] = [{"sequence": 2}, {"sequence": 9}, {"predecessor": "0" * 64}, {"predecessor": ""}]
    told = random.choice(places)
    forger.edit_manifest(lambda manifest: manifest.update(told))
    forger.site_anew()
    forger.sign_anew(forger.sealed.key)
    return {CHAIN}


def ref_moved(forger: Forger, random: Random) -> set[str]:
    refs = json.loads(forger.read(REFS))
    name = random.choice(sorted(refs))
    commit = f"{random.getrandbits(160):040x}"
    refs[name] = {"commit": commit, "object": commit}
    forger.write(REFS, json.dumps(refs, sort_keys=True, separators=(",", ":")).encode() + b"\n")
    forger.hide()
    return {REFS}


def statement_edited(forger: Forger, random: Random) -> set[str]:
    number = random.randrange(len(forger.lines(STATEMENTS)))

    def edit(line: dict[str, Any]) -> None:
        line["subject"][0]["digest"] = {"sha256": f"{random.getrandbits(256):064x}"}

    forger.edit_line(STATEMENTS, number, edit)
    forger.statements_signed_anew(forger.sealed.key, STATEMENTS)
    forger.hide()
    return {STATEMENTS}


def statement_taken_away(forger: Forger, random: Random) -> set[str]:
    lines = forger.lines(STATEMENTS)
    del lines[random.randrange(len(lines))]
    forger.write(STATEMENTS, b"".join(lines))
    forger.statements_signed_anew(forger.sealed.key, STATEMENTS)
    forger.hide()
    return {STATEMENTS}


def summary_edited(forger: Forger, random: Random) -> set[str]:
    summary = json.loads(forger.read(SUMMARY))
    environment = random.choice(summary["environments"])
    field = random.choice(["deployments", "changes"])
    environment[field] += random.randrange(1, 9)
    _write_summary(forger, summary)
    forger.hide()
    return {SUMMARY}


def key_of_the_summary_edited(forger: Forger, random: Random) -> set[str]:
    del random
    summary = json.loads(forger.read(SUMMARY))
    summary["integrity"] = f"signed by {forger.sealed.foreign.fingerprint}"
    _write_summary(forger, summary)
    forger.hide()
    return {SIG, ENVELOPES}


def _write_summary(forger: Forger, summary: dict[str, Any]) -> None:
    text = json.dumps(summary, sort_keys=True, indent=1, ensure_ascii=False)
    forger.write(SUMMARY, text.encode() + b"\n")


def erasure_made_up(forger: Forger, random: Random) -> set[str]:
    """Tell of an erasure that is none, so as to explain what is not there."""
    line = {
        "basis": "",
        "bundle": 2,
        "fingerprint": f"bundle:2:{random.getrandbits(128):032x}",
        "id": "redaction-1",
        "places": {"deployments.jsonl": random.randrange(1, 9)},
        "reason": "asked to",
        "what": "person",
    }
    forger.write(
        f"{EVIDENCE}/redactions.jsonl", json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    )
    forger.hide()
    return {f"{EVIDENCE}/redactions.jsonl"}


def nested_deep(forger: Forger, random: Random) -> set[str]:
    name = random.choice([DEPLOYMENTS, f"{EVIDENCE}/metrics.jsonl", GATES, CHAIN])
    deep = random.choice([b"[" * 200_000, b'{"a":' * 200_000])
    forger.write(name, forger.read(name) + deep + b"\n")
    forger.hide()
    return {name}


FORGERIES = tuple(
    Forgery(change.__name__, change, says)
    for change, says in (
        (bit_flipped, ""),
        (bit_flipped_in_a_file_of_its_own, ""),
        (files_swapped, "changed"),
        (bytes_inserted, ""),
        (line_removed, ""),
        (line_doubled, ""),
        (lines_swapped, ""),
        (file_removed, ""),
        (signature_removed, "removed: the evidence says that it is signed"),
        (file_cut, ""),
        (file_added, "added"),
        (file_renamed_in_case, "differs in upper and lower case alone"),
        (link_in_place_of_a_file, ""),
        (page_edited, "changed"),
        (manifest_made_anew, "did not make over this content"),
        (everything_made_anew, "did not make over this content"),
        (signed_by_another_key, "whom the evidence names"),
        (signed_for_something_else, ""),
        (signatures_exchanged, ""),
        (older_evidence, ""),
        (envelopes_exchanged, "did not make over this content"),
        (envelopes_by_another_key, "whom the evidence names"),
        (counts_edited, "do not add up"),
        (counts_of_deployments_edited, "lines of them"),
        (name_that_leads_out, "the name"),
        (deployment_taken_away, ""),
        (deployment_edited, ""),
        (list_edited, ""),
        (record_edited, "whose digest is"),
        (record_taken_away, "has no record"),
        (key_doubled, ""),
        (text_not_canonical, "canonical form"),
        (chain_edited, ""),
        (chain_line_taken_away, ""),
        (chain_gone, "of the chain"),
        (place_in_chain_edited, ""),
        (ref_moved, "the manifest says"),
        (statement_edited, "not the statement that the evidence makes"),
        (statement_taken_away, "statement"),
        (summary_edited, "the deployments add up to"),
        (key_of_the_summary_edited, "whom the evidence names"),
        (erasure_made_up, "is told to be"),
        (nested_deep, ""),
    )
)
"""Every kind, with what one of the reasons must hold."""
