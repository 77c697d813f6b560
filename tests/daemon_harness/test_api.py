"""What the API process notes in files while the harness reads them."""

from pathlib import Path
from struct import pack

from benchmarks.daemon_harness import Api
from benchmarks.daemon_harness.loop import Loop


def test_a_line_that_has_no_time_yet_is_not_there(tmp_path: Path, monkeypatch) -> None:
    # A path that is short enough for a socket, which pytest's may not be.
    monkeypatch.chdir(tmp_path)
    loop = Loop(1.0, lambda: None)
    api = Api(loop, Path())
    Path("lines").write_bytes(b"one\ntwo\nthree\nfo")
    Path("lines_at").write_bytes(pack("=qqqq", 5, 4, 7, 9))
    assert list(api.lines()) == [(5, "one"), (7, "two")]
    loop.close()
