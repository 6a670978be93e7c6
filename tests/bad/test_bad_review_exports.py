"""Paths that must not leave the export, in whatever part of a job they stand."""

from __future__ import annotations

import pytest

from generator.rendering.export import UnsafePathError, exported
from generator.rendering.jobs import Job, Stub


@pytest.mark.parametrize(
    "path", ["../x", "/x", "a/../../x", "a//x", ".git/config", "a/.GIT/config", ".Git/hooks/x", "a\0"]
)
def test_a_file_out_of_the_export_is_refused(path: str) -> None:
    with pytest.raises(UnsafePathError), exported(Job("e", "", ()), {path: b""}):
        pass
    with pytest.raises(UnsafePathError), exported(Job("e", "", (), (Stub(path, "", ""),)), {}):
        pass


@pytest.mark.parametrize("folder", ["..", "a/../../b", "/"])
def test_a_folder_out_of_the_export_is_refused(folder: str) -> None:
    with pytest.raises(UnsafePathError), exported(Job("e", folder, ()), {}):
        pass
