"""What the tests of the calibration share: nothing that they find is kept."""

from pathlib import Path

import pytest

from tools.calibrate import kept


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a calibration keeps what it has found."""
    monkeypatch.setattr(kept, "DONE", tmp_path)
    return tmp_path
