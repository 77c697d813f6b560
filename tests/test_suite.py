"""The benchmarks as the tools know them: which are selected, and whether they are still those of a result kept."""

import re
from pathlib import Path

import pytest

from tools.children.jobs import is_count
from tools.paths import BENCHMARKS
from tools.suite import Suite, fingerprint, is_by_default, is_long


def _of(path: Path, text: str) -> str:
    path.write_text(text)
    return fingerprint([path])


def test_code_changes_it_comments_docstrings_and_layout_do_not(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    first = _of(file, "# Why.\nsize = 10\n")
    assert _of(file, '"""Why."""\nsize = (\n    10  # Another reason.\n)\n') == first
    assert _of(file, "size = 11\n") != first
    documented = _of(file, 'class A:\n    """Why."""\n    def b(self):\n        """How."""\n        return "c"\n')
    assert _of(file, 'class A:\n    def b(self):\n        return "c"\n') == documented
    assert _of(file, 'class A:\n    def b(self):\n        return "d"\n') != documented


@pytest.mark.parametrize(
    "page",
    ["README.md", "docs/commands.md", "docs/findings.md", "docs/gate.md", "docs/results.md", "docs/upstream-issues.md"],
)
def test_what_the_documentation_selects_is_there(page: str) -> None:
    suite = Suite()
    # In a table the bar of an expression is escaped.
    text = (BENCHMARKS.parent / page).read_text().replace(r"\|", "|")
    expressions = set(re.findall(r"""--bench ('[^']+'|"[^"]+"|[^\s`]+)""", text)) - {"no_such_benchmark"}
    assert expressions
    for expression in expressions:
        unquoted = expression[1:-1] if expression[0] in "'\"" else expression
        assert list(suite.cases(unquoted)), f"{page}: --bench {expression}"


def test_counts_are_exact_and_of_no_daemon() -> None:
    counts = {name for name, benchmark in Suite().named("track_") if is_count(benchmark)}
    assert "announcing.FirstAnnouncement.track_announce_bytecodes('ipv4', 'shared')" in counts
    assert not [name for name in counts if "daemon" in name or "FullTable" in name or "track_resident" in name]


def test_daemons_and_full_tables_are_measured_only_when_they_are_asked_for() -> None:
    modules: dict[bool, set[str]] = {True: set(), False: set()}
    for (name, _), benchmark in Suite().cases(""):
        modules[is_by_default(benchmark)].add(name.partition(".")[0])
    assert modules[False] == {"daemon", "daemon_backpressure", "daemon_counts", "daemon_sessions", "full_table"}
    assert not modules[True] & modules[False]
    assert {"backlog_saturation", "controls", "startup"} <= modules[True]


def test_what_is_long_is_said_by_the_class() -> None:
    suite = Suite()
    long = {name for name, benchmark in suite.named(r"(BacklogSize|KeepaliveDecoding)\.time_") if is_long(benchmark)}
    assert "message_parsing.KeepaliveDecoding.time_decode(10000)" not in long
    assert "backlog_saturation.BacklogSize.time_drain(1000, 'received')" not in long
    assert "backlog_saturation.BacklogSize.time_drain(15000, 'received')" in long
    stress = [benchmark for _, benchmark in suite.named(r"ProtocolStress\.time_")]
    assert stress
    assert all(map(is_long, stress)), "an empty tuple is all of them"
