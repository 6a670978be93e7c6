"""An example of a package that adds a reader: lines of `NAME IMAGE [REPLICAS]` in a file `*.listing`.

Installing a package with the entry point below is all it takes; `assay.yaml` then takes `listing` as a reader::

    [project.entry-points."assay.readers"]
    listing = "assay_listing:ListingReader"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.errors import Place, Unreadable
from generator.model.component import Aspect, Component, Field, Role, component
from generator.readers.reader import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.readers.reader import Mask, SourceFile, Unit


class ListingReader:
    """Reads what a file lists, a line a component."""

    name = "listing"
    whole_environment = False

    def accepts(self, path: str) -> bool:
        """Return whether the file is a listing."""
        return path.endswith(".listing")

    def read(self, unit: Unit, files: Sequence[SourceFile], mask: Mask) -> Reading:
        """Return a component for each line; a line that is none costs that line alone."""
        del unit, mask  # a listing holds no secret, and names its components
        components: list[Component] = []
        problems: list[Unreadable] = []
        for file in files:
            for line, text in enumerate(file.data.decode("utf-8", "replace").splitlines(), 1):
                parts = text.split()
                if not parts:
                    continue
                if len(parts) not in {2, 3}:
                    fix = "write NAME IMAGE, and REPLICAS where they count"
                    problems.append(Unreadable("listing", "neither two words nor three", Place(file.path, line), fix))
                    continue
                fields = [Field(Aspect.ARTIFACT, "image", parts[1], line)]
                fields += [Field(Aspect.SCALE, "replicas", count, line) for count in parts[2:]]
                one = component(parts[0], Role.COMPONENT, "listing", fields=fields, path=file.path, line=line)
                components.append(one)
        return Reading(tuple(components), tuple(problems), None if problems else ())
