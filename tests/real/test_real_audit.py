"""The audit of a real history, held against the lines of its evidence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from support.audit_sums import check_sums, context_of
from support.replay import gathered

from generator.site.audit.entries import audit_entries

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]


def test_the_audit_of_web_monitoring_adds_up(real_history: Callable[[str], Path], tmp_path: Path) -> None:
    config = ROOT / "examples" / "web-monitoring-ops.yaml"
    found = gathered(real_history("web-monitoring-ops"), tmp_path / "evidence", config)
    context = context_of(found.evidence.folder, tmp_path)
    check_sums(context)
    assert len(context.once(audit_entries)) == 359
