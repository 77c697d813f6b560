"""The fingerprint by which the tools know whether what they kept was measured with the same benchmarks."""

from pathlib import Path

from tools.suite import fingerprint


def _of(path: Path, text: str) -> str:
    path.write_text(text)
    return fingerprint([path])


def test_code_changes_it_comments_and_layout_do_not(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    first = _of(file, "# Why.\nsize = 10\n")
    assert _of(file, "size = (\n    10  # Another reason.\n)\n") == first
    assert _of(file, "size = 11\n") != first
