import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.command import refused
from tests.report.conftest import BENCHMARKS, COUNT, TIME, Publish


def index_of(site: Path) -> dict[str, Any]:
    index: dict[str, Any] = json.loads((site / "explorer" / "index.json").read_text())
    return index


def nothing_is_left_over(workspace: Path) -> None:
    assert {path.name for path in (workspace / ".asv").iterdir()} <= {"results", "html", "machines.json"}


def test_it_says_where_the_site_is_and_how_to_look_at_it(workspace: Path, publish: Publish) -> None:
    done = publish(workspace)
    assert done.returncode == 0, done.stderr
    site = workspace / ".asv" / "html"
    where, how = done.stdout.splitlines()[-2:]
    assert str(site) in where
    assert how == f"python3 -m http.server --bind 127.0.0.1 --directory {site} 0"
    nothing_is_left_over(workspace)


def test_all_that_pages_name_is_there(site: Path) -> None:
    """But for commits. What else scripts ask for, in_browser.py sees."""
    pages = [*site.glob("*.html"), *site.glob("benchmarks/*.html")]
    assert {page.name for page in pages} >= {"index.html", "steps.html", "status.html", f"{COUNT}.html", f"{TIME}.html"}
    for page in pages:
        named = re.findall(r'(?:src|href)="([^"]+)"', page.read_text())
        elsewhere = [name for name in named if "//" in name]
        assert all(name.startswith("https://github.com/Exa-Networks/exabgp/") for name in elsewhere)
        here = {name.partition("#")[0].partition("?")[0] for name in named if name not in elsewhere} - {"", "data:,"}
        assert len(here) > 5
        assert [name for name in here if not (page.parent / name).is_file()] == []


def test_page_of_asv_is_kept(site: Path) -> None:
    assert "jquery" in (site / "explorer" / "index.legacy.html").read_text()


def test_branches_are_series_of_their_own(site: Path) -> None:
    branches = [graph["branch"] for graph in index_of(site)["graph_param_list"]]
    assert branches == ["main", "5.0", "4.2"]
    points = {
        path.parts[path.parts.index("graphs") + 2]: json.loads(path.read_text())
        for path in site.glob(f"explorer/graphs/arch-x86_64/branch-*/**/{COUNT}.json")
    }
    # The first and the last commit before a number changed, and after. 4.2 and 5.0 have the commits of main before they
    # left it, with main's numbers.
    assert {name: len(series) for name, series in points.items()} == dict.fromkeys(points, 4)
    assert len(points) == 3
    assert points["branch-4.2"][-1][1] == [5000, 10_000]


def test_names_of_commits(site: Path) -> None:
    index = index_of(site)
    assert set(index["tags"]) == {"4.2.0", "5.0.0"}
    assert index["show_commit_url"] == "https://github.com/Exa-Networks/exabgp/commit/"
    assert index["project_url"] == "https://github.com/Exa-Networks/exabgp"
    subjects = json.loads((site / "explorer" / "commits.json").read_text())
    assert subjects[index["revision_to_hash"][str(index["tags"]["5.0.0"])]] == "main 3"
    assert len(subjects) == 12 + 5 + 5


def test_less_is_better_in_counts_too(site: Path) -> None:
    benchmarks = index_of(site)["benchmarks"]
    assert {name: benchmarks[name]["less_is_better"] for name in (TIME, COUNT)} == {TIME: True, COUNT: True}
    assert benchmarks[COUNT]["unit"] == "bytecodes/message"


def test_regressions_over_the_threshold_of_their_kind(site: Path) -> None:
    """2 % of a count is one, 5 % of a time is none."""
    (regression,) = json.loads((site / "explorer" / "regressions.json").read_text())["regressions"]
    name, _, environment, parameter, latest, best, _ = regression
    assert name == f"{COUNT}(1000)"
    assert (environment, parameter) == ({"branch": "main"}, 1)
    assert latest / best == pytest.approx(1.02)


def test_range(workspace: Path, publish: Publish) -> None:
    assert publish(workspace, "main~3..main").returncode == 0
    (graph,) = (workspace / ".asv" / "html").glob(f"explorer/graphs/arch-x86_64/branch-main/**/{TIME}.json")
    # The first and the last of three commits with one number.
    assert len(json.loads(graph.read_text())) == 2


def test_another_folder(workspace: Path, publish: Publish, tmp_path: Path) -> None:
    site = tmp_path / "a" / "b c"
    for _ in range(2):  # the second replaces the first
        done = publish(workspace, "--html-dir", str(site))
        assert done.returncode == 0, done.stderr
        assert f"--directory '{site}' 0" in done.stdout
        assert len(index_of(site)["benchmarks"]) == 2
    assert [path.name for path in site.parent.iterdir()] == ["b c"]


def test_results_of_benchmarks_that_have_changed(workspace: Path, publish: Publish) -> None:
    """The site that was there stays."""
    assert publish(workspace).returncode == 0
    changed = {name: benchmark | {"version": "2"} for name, benchmark in BENCHMARKS.items()}
    (workspace / ".asv" / "results" / "benchmarks.json").write_text(json.dumps(changed | {"version": 2}))
    refused(publish(workspace), "nothing to publish", "today's benchmarks")
    assert index_of(workspace / ".asv" / "html")["benchmarks"][TIME]["version"] == "1"
    nothing_is_left_over(workspace)


def test_damaged_results(workspace: Path, publish: Publish) -> None:
    results = workspace / ".asv" / "results"
    for file in (next(iter((results / "bench").glob("*-*.json"))), results / "benchmarks.json"):
        whole = file.read_text()
        file.write_text("{")
        refused(publish(workspace), str(file.name), "is damaged")
        file.write_text(whole)
    assert publish(workspace).returncode == 0
    nothing_is_left_over(workspace)


def test_folder_that_holds_something_else(workspace: Path, publish: Publish, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis").touch()
    refused(publish(workspace, "-o", str(precious)), str(precious), "something else than a site")
    assert (precious / "thesis").exists()


def test_folder_that_can_not_be_made(workspace: Path, publish: Publish, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(publish(workspace, "-o", str(tmp_path / "file")), "Not a directory", str(tmp_path / "file"))
    refused(publish(workspace, "-o", str(tmp_path / "file" / "site")), str(tmp_path / "file"))


@pytest.mark.parametrize(("kilobytes", "who"), [(8, ""), (200, "asv_tachyon install")])
def test_no_room_for_a_file(workspace: Path, publish: Publish, kilobytes: int, who: str) -> None:
    """As when the disk is full."""
    done = publish(workspace, prefix=("bash", "-c", f'ulimit -f {kilobytes}; exec "$@"', "bash"))
    refused(done, who, "File too large")
    nothing_is_left_over(workspace)
