"""What `assay.yaml` says of records: where they are found, and how an export is to be read."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from generator.config.cleaning import clean_path, clean_text, refuse
from generator.config.closed import Closed

RecordFormat = Literal["auto", "cdevents", "csv", "yaml", "json"]
"""How records are written; `auto` goes by the file's name and content."""
NOTES = "refs/notes/"


def _notes(value: str) -> str:
    text = clean_text(value)
    if text and not text.startswith(NOTES):
        refuse(f"`{text}` is no ref of notes", f"the whole name, as in `{NOTES}deployments`")
    return text


def _pattern(value: str) -> str:
    return clean_path(value) if value else ""


class RecordSource(Closed):
    """Files with records: of the repository, of the folder named by `--records`, or git notes."""

    path: Annotated[str, AfterValidator(_pattern)] = ""
    """Pattern of files of the repository at the newest commit, `**` for any folders."""
    folder: Annotated[str, AfterValidator(_pattern)] = ""
    """Pattern of files below the folder that `--records` names."""
    notes: Annotated[str, AfterValidator(_notes)] = ""
    """Ref of notes, such as `refs/notes/deployments`; each note tells of the commit that it is on."""
    format: RecordFormat = "auto"
    """How they are written."""
    mapping: Annotated[str, AfterValidator(_pattern)] = ""
    """File of the repository that says which key of an export means what; empty where records are in our own forms."""

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        places = [name for name in ("path", "folder", "notes") if getattr(self, name)]
        if len(places) != 1:
            refuse("records stand in one of `path`, `folder` and `notes`", "give each place an entry of its own")
        return self


RecordSources = Annotated[tuple[RecordSource, ...], Field(max_length=100)]
RECORD_FILES = (RecordSource(path=".assay/records/**"),)
"""What is read where nothing is said."""
