"""`assay` with a fault planted in it, so that it can be seen that the comparison finds one: `clock` or `order`."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from generator.cli import main
from generator.site import build

if TYPE_CHECKING:
    from pathlib import Path

FILE = "404.html"
"""File that the fault is written into."""


def _plant(fault: str) -> None:
    sound = build.write_site_manifest

    def with_fault(site: Path, *arguments: Any) -> str:  # noqa: ANN401 - handed on
        said = str(time.time_ns()) if fault == "clock" else " ".join({"alpha", "beta", "gamma", "delta", "epsilon"})
        with (site / FILE).open("a") as file:
            file.write(f"<!-- {said} -->")
        return sound(site, *arguments)

    vars(build)["write_site_manifest"] = with_fault


if __name__ == "__main__":
    _plant(sys.argv.pop(1))
    main()
