"""What `assay.yaml` says of imported results: where each is found, in which format, and what deployment it is of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from generator.config.cleaning import clean_name, clean_path, clean_text, distinct, flag, one_or_many, refuse
from generator.config.closed import Closed
from generator.config.suggestions import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

Format = Literal["junit", "sarif", "tap", "kubeconform", "kube-linter", "conftest", "trivy", "terraform-plan"]
"""Formats of reports that are read."""
Written = Literal["junit", "sarif", "tap", "kubeconform", "kube-linter", "conftest", "trivy", "terraform-plan", "auto"]
FORMATS: tuple[Format, ...] = get_args(Format)
FailsAt = Literal["error", "warning", "note"]
"""Level of a finding from which on a result has failed."""
NOTES = "refs/notes/"
PLACEHOLDERS = ("commit", "tag", "digest", "environment", "version")
KEYS = ("commit", "digest", "tag", "version")
"""Placeholders that say which deployment a file is about, those that say it best first."""
SHORTEST_COMMIT = 7
SHORTEST_DIGEST = 12

_LONGEST = 300
_MOST_STARS = 4
_ANY_FOLDERS = "(?:[^/]+/)*"
_PART = re.compile(r"\{([^{}/]*)\}")
_PIECE = re.compile(r"\{([^{}/]*)\}|(\*)")
_FREE = re.compile(r"\{(?:tag|version)\}|\*")
"""What stands for any text within a folder's or file's name."""
_REGEX = {
    "commit": rf"[0-9a-f]{{{SHORTEST_COMMIT},64}}",
    "digest": rf"(?:sha256[-_:])?[0-9a-f]{{{SHORTEST_DIGEST},64}}",
    "tag": "[^/]+",
    "version": "[^/]+",
    "environment": "[^/]+",
}


def placeholders(template: str) -> frozenset[str]:
    """Return the names of the placeholders in a template."""
    return frozenset(_PART.findall(template))


def compiled(template: str, environments: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of the paths that fit, with a group a placeholder; `environments` are all there are."""
    names = sorted(set(environments), key=lambda name: (-len(name), name))
    parts = _REGEX | ({"environment": "|".join(map(re.escape, names))} if names else {})
    seen: set[str] = set()
    pattern = ""
    for segment in template.split("/"):
        if segment == "**":
            pattern += _ANY_FOLDERS
            continue
        place = 0
        for piece in _PIECE.finditer(segment):
            pattern += re.escape(segment[place : piece.start()])
            name, place = piece[1], piece.end()
            if piece[2]:
                pattern += "[^/]*"
            else:
                pattern += f"(?P={name})" if name in seen else f"(?P<{name}>{parts[name]})"
                seen.add(name)
        pattern += re.escape(segment[place:]) + "/"
    return re.compile(f"{pattern}[^/]+" if pattern.endswith(_ANY_FOLDERS) else pattern.removesuffix("/"))


def clean_result_path(value: str) -> str:
    """Return the template of a report's path; raises where no deployment could be told by it."""
    cleaned = clean_path(value)
    if len(cleaned) > _LONGEST:
        refuse(f"is longer than {_LONGEST} characters")
    names = _PART.findall(cleaned)
    for name in names:
        if name not in PLACEHOLDERS:
            refuse(f"`{{{name}}}` is no placeholder here", suggestion(name, PLACEHOLDERS, "placeholders"))
    if re.search(r"[{}]", _PART.sub("", cleaned)):
        refuse("a brace that belongs to no placeholder", f"placeholders: {_listed(PLACEHOLDERS)}")
    if not set(names) & set(KEYS):
        fix = f"put one of {_listed(KEYS)} into it, such as `reports/{{commit}}/junit.xml`"
        refuse(f"`{cleaned}` does not say which deployment a file is about", fix)
    _refuse_ambiguous(cleaned)
    return cleaned


def clean_notes(value: str) -> str:
    """Return a ref of git notes; raises where it is none."""
    if not clean_text(value).startswith(NOTES) or value == NOTES or re.search(r"[\s~^:?*\[\\]|\.\.|@\{|//", value):
        refuse(f"`{value}` is no ref of git notes", "write it whole, such as `refs/notes/smoke`")
    return value


def _refuse_ambiguous(template: str) -> None:
    for segment in template.split("/"):
        if segment != "**" and "**" in segment:
            refuse("`**` stands for whole folders", "put it between two `/`")
        if len(_FREE.findall(segment)) > 1 and segment != "**":
            fix = "put a `/` between them, so that nobody has to guess where one ends"
            refuse(f"`{segment}` holds several of {{tag}}, {{version}} and *", fix)
        if "}{" in segment or "}*" in segment or "*{" in segment:
            refuse(f"`{segment}` has nothing between two placeholders", "put a character between them")
    if template.count("*") > _MOST_STARS or template.count("**") > 1:
        refuse(f"`{template}` holds too many `*`", f"{_MOST_STARS} at most, and one `**`")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


_TEXT_OR_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
_Template = Annotated[str, AfterValidator(clean_result_path)]


class ResultSource(Closed):
    """One result that other tools write for deployments."""

    name: Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=80)]
    """What it is called on pages and in gates."""
    format: Written = "auto"
    """Format of the report; `auto` tells it by the content."""
    path: _Template | None = None
    """Files of the repository, as the newest commit has them."""
    folder: _Template | None = None
    """Files below the folder that `--results` names."""
    notes: Annotated[str, AfterValidator(clean_notes)] | None = None
    """Ref of git notes, each of which is a report on its commit."""
    environments: Annotated[
        tuple[Annotated[str, AfterValidator(clean_name)], ...],
        Field(max_length=200),
        BeforeValidator(one_or_many),
        AfterValidator(distinct),
        WithJsonSchema(_TEXT_OR_TEXTS),
    ] = ()
    """Environments whose deployments it is about; empty for all."""
    expected: Annotated[bool, BeforeValidator(flag)] = False
    """Whether a deployment without it is one where it is missing."""
    fails_at: FailsAt = "error"
    """Level of a finding from which on it has failed; a test that failed always counts."""

    @property
    def template(self) -> str:
        """Return the path template; empty for notes."""
        return self.path or self.folder or ""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        places = [key for key in ("path", "folder", "notes") if getattr(self, key) is not None]
        if not places:
            fix = "add `path` (in the repository), `folder` (below --results) or `notes` (a ref of git notes)"
            refuse(f"`{self.name}` says nowhere where it is found", fix)
        if len(places) > 1:
            refuse(f"`{places[0]}` and `{places[1]}` both say where it is found", "keep one, or write two results")
        return self


def distinct_names(results: tuple[ResultSource, ...]) -> tuple[ResultSource, ...]:
    """Return `results`; raises where a name stands twice and the two could not be told apart."""
    names = [result.name for result in results]
    for name in names:
        if names.count(name) > 1:
            refuse(f"the result `{name}` stands twice", "give each its own name")
    return results


Results = Annotated[tuple[ResultSource, ...], Field(max_length=100), AfterValidator(distinct_names)]
"""The value of `results:`."""
