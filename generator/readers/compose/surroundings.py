"""What components of a compose model are made with, beside the model itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from generator.readers.compose.lines import Lines
    from generator.readers.compose.taint import Taint
    from generator.readers.reader import Mask


class Surroundings(NamedTuple):
    """What components are made with, beside the model."""

    values: Mapping[str, str]
    """Variables that have a value in git."""
    contents: Mapping[str, bytes]
    """Content of the files that the model names, by their path in the repository."""
    env_files: Callable[[str], Mapping[str, str]]
    """Variables of the env file at a path, from the project's folder."""
    locate: Callable[[str], str]
    """Path in the repository of a path in the model; empty where it leads out."""
    lines: Lines
    mask: Mask
    taint: Taint
    artifact: frozenset[str] = frozenset()
    """Fields that name an artifact beside the image, such as `build.args.BASE_IMAGE`."""
