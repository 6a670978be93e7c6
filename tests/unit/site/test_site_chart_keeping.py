"""A picture that was drawn for the report before is not drawn again, and one of other numbers is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generator.evidence.memo import Memo
from generator.site import chart_keeping
from generator.site.chart_keeping import keeping, picture
from generator.site.sources import text_folders
from generator.site.texts import speaking

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_only_what_is_not_kept_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []

    def render(spec: dict[str, Any], *, chart_id: str, title: str, description: str) -> str:
        drawn.append((spec["data"], title))
        return f"<svg>{chart_id} {title} {description} Ä {spec['data']}</svg>"

    monkeypatch.setattr(chart_keeping, "render_chart", render)

    def draw(data: int, title: str = "t") -> str:
        return picture({"data": data}, chart_id="x", title=title, description="d")

    path = tmp_path / "charts.memo"
    memo = Memo(path)
    with keeping(memo):
        first = draw(1)
        assert draw(1) == first
    memo.keep()
    with keeping(Memo(path)):
        assert draw(1) == first
        assert drawn == [(1, "t")]
        assert draw(2) != first
        assert draw(1, "other") != first
        with speaking("de", text_folders(())):
            draw(1)
    assert drawn == [(1, "t"), (2, "t"), (1, "other"), (1, "t")]
    assert draw(1) == first
    assert len(drawn) == 5
