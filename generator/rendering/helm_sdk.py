"""The program that renders charts with the package `helm_python`; started by its path, never imported.

The package is Go inside the process and hundreds of megabytes, so it gets a process of its own. It is called as
`python -I -S helm_sdk.py FOLDER version` or `python -I -S helm_sdk.py FOLDER render RELEASE NAMESPACE COPY...`: FOLDER
holds the package, and each COPY is a folder that is rendered once: the chart in `chart`, in `values` the values files
that are laid over one another in the order of their names. Every rendering is printed as its length in bytes, a line
break, and the text.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

_NOTES = "NOTES.txt"


def main(arguments: list[str]) -> int:
    """Do what the arguments say and return the exit status; what went wrong is printed on standard error."""
    package, task, *rest = arguments
    sys.path.append(package)
    import helm_python  # noqa: PLC0415 - found only by the folder that is named

    if task == "version":
        print(f"{helm_python.helm_sdk_version()} {helm_python.__version__}")  # noqa: T201 - its only way to answer
        return 0
    release, namespace, *copies = rest
    try:
        helm_python.validate_release_name(release)
        for copy in map(Path, copies):
            values = _values(helm_python, copy / "values")
            text = _rendering(helm_python, copy / "chart", values, release, namespace).encode("utf-8", "replace")
            sys.stdout.buffer.write(b"%d\n%b" % (len(text), text))
    except (helm_python.HelmError, OSError, ValueError) as fault:
        print(fault, file=sys.stderr)  # noqa: T201 - its only way to say so
        return 1
    return 0


def _values(helm: Any, folder: Path) -> dict[str, Any]:  # noqa: ANN401 - the package is not there to name its types
    merged: dict[str, Any] = {}
    for layer in sorted(folder.iterdir()):
        try:
            merged = _merged(merged, helm.values_from_yaml(layer.read_text("utf-8")))
        except (helm.HelmError, ValueError) as fault:
            message = f"failed to parse values/{layer.name}: {fault}"
            raise ValueError(message) from fault
    return merged


def _merged(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return `above` laid over `below`; a null stays, since it is the chart's own default that it takes away."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _merged(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _rendering(helm: Any, chart: Path, values: dict[str, Any], release: str, namespace: str) -> str:  # noqa: ANN401 - no types are published
    """Return the stream that `helm template --include-crds` prints, but for its order: that of the files."""
    # A rendering changes the loaded chart (what a condition switches off is gone for good), so each loads its own.
    with helm.Chart.load(chart) as loaded:
        found = [(crd["filename"], crd["data"]) for crd in loaded.crds]
        found += sorted(loaded.render(values, name=release, namespace=namespace).items())
    return "".join(
        f"---\n# Source: {path}\n{text}\n" for path, text in found if text.strip() and not path.endswith(_NOTES)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
