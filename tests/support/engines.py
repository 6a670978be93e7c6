"""Stand-ins for engines: small programs that render as little as a test needs, and note each call."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_PROGRAM = """#!{python}
import os, pathlib, sys, time
here = pathlib.Path(__file__)
if "version" in sys.argv:
    print({version!r})
    raise SystemExit
with open(here.with_suffix(".calls"), "a") as calls:
    calls.write(" ".join(sys.argv[1:2]) + "\\n")
folder = pathlib.Path(sys.argv[-1])
texts = [file.read_text() for file in sorted(folder.rglob("*.yaml")) if file.name != "kustomization.yaml"]
everything = "\\n---\\n".join(texts)
{fault}
print(everything)
"""

HANGS = "if 'hang' in everything: time.sleep(600)"
FLOODS = "while 'flood' in everything: sys.stdout.write(everything * 1000)"
FAILS = "if 'fail' in everything: sys.exit('cannot render ' + everything)"
DIES = "if 'die' in everything: os.kill(os.getpid(), 9)"


class StandIn:
    """A program that is called like `kustomize`: it prints the manifests of a folder as they are."""

    def __init__(self, folder: Path, *, fault: str = "", version: str = "v9.9.9") -> None:
        """Write the program into `folder`; `fault` is a line of Python on what it read."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "stand-in"
        self.path.write_text(_PROGRAM.format(python=sys.executable, fault=fault, version=version), "utf-8")
        self.path.chmod(0o755)

    @property
    def named(self) -> dict[str, str]:
        """Return it as the engine that a request names."""
        return {"kustomize": str(self.path)}

    @property
    def calls(self) -> int:
        """Return how often it was asked to render."""
        noted = self.path.with_suffix(".calls")
        return len(noted.read_text("utf-8").splitlines()) if noted.exists() else 0
