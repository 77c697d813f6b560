"""asv's own data of all numbers, and the two pages that read them: asv-tachyon's and asv's, both as they are.

What `asv publish` makes of 3,400 commits takes many minutes: it looks for steps in numbers that are exact, and starts a
git for each. Here asv's own code writes the same files from the runs of exact numbers, whose ends are their steps, and
looks for steps only in what is noisy. A run has two points, its first and its last commit.
"""

import contextlib
import datetime
import functools
import importlib.metadata
import io
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import asv.util
from asv.config import Config
from asv.graph import Graph, GraphSet, make_summary_graph
from asv.machine import iter_machine_files
from asv.plugins.regressions import Regressions
from asv.plugins.summarygrid import SummaryGrid
from asv.plugins.summarylist import SummaryList
from asv.repo import get_repo
from asv_tachyon.cli import main as tachyon

from tools.errors import ToolError
from tools.report.collected import Collected, Run, Series, Values, runs_of

# What asv calls the machine of what was counted anywhere.
ANY_MACHINE = "any"
type Params = tuple[tuple[str, str], ...]


class ExactGraph(Graph):  # type: ignore[misc]
    """A graph of exact numbers: each commit has one of each, and their steps are known."""

    def __init__(self, name: str, params: dict[str, str | None], points: list[Any], found: list[list[Any]]) -> None:
        super().__init__(name, params)
        self.points = points
        self.found = found
        self.n_series = len(found)

    def get_data(self) -> list[Any]:
        """As asv has them: revision, number or numbers, weight."""
        return self.points

    def get_steps(self) -> list[Any]:
        """As asv has them: the first revision, the one after the last, value, least value, error."""
        return self.found[0] if self.scalar_series else self.found

    def save(self, html_dir: str) -> None:
        """As asv does it, in a tenth of the time."""
        file = Path(html_dir, f"{self.path}.json")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps([point[:2] for point in self.points], separators=(",", ":")), encoding="utf-8")


class KnownRegressions(Regressions):  # type: ignore[misc]
    """asv's list of what is slower than it was. Its feed wants all results read once more, so there is none."""

    @classmethod
    def _save_feed(cls, *_: Any) -> None:
        pass


class FirstGrid(SummaryGrid):  # type: ignore[misc]
    """asv's small pictures, of the first graph of a benchmark: their means of three branches say nothing."""

    @classmethod
    def publish(cls, conf: Config, repo: Any, benchmarks: Any, graphs: GraphSet, revisions: Any) -> None:
        """Write them."""
        for name in benchmarks:
            make_summary_graph(graphs.get_graph_group(name)[:1]).save(conf.html_dir)


PUBLISHERS = (FirstGrid, SummaryList, KnownRegressions)


def write(conf: Config, collected: Collected, html: Path) -> bool:
    """Write asv's pages and data into a folder, and say whether there is anything in them."""
    conf.html_dir = str(html)
    shutil.copytree(Path(asv.__file__).with_name("www"), html)
    repo = get_repo(conf)
    # It would start git for each step, of which there are thousands.
    repo.get_hashes_from_range = functools.partial(
        _between, [{commit.hash: place for place, commit in enumerate(line.commits)} for line in collected.lines]
    )
    commits = {commit.hash for line in collected.lines for commit in line.commits}
    revisions: dict[str, int] = repo.get_revisions(commits | set(collected.tags))
    dates = {commit.hash: commit.date for line in collected.lines for commit in line.commits} | collected.dates

    graphs, params = _graphs(collected, revisions)
    if not len(graphs):
        return False
    known = {name: of.known for name, of in collected.benchmarks.items() if graphs.get_graph_group(name)}
    graphs.save(conf.html_dir)
    for publisher in PUBLISHERS:
        publisher.publish(conf, repo, known, graphs, revisions)
    # It opens with the first series: of the branch named first.
    chosen = [dict(of) for of in dict.fromkeys(tuple(graph.params.items()) for _, graph in graphs)]
    chosen.sort(key=lambda of: conf.branches.index(of["branch"]))
    named = {key: sorted(values, key=str) for key, values in params.items()} | {"branch": conf.branches}
    index = {
        "project": conf.project,
        "project_url": conf.project_url,
        "show_commit_url": conf.show_commit_url,
        "hash_length": conf.hash_length,
        "revision_to_hash": {revision: hash_ for hash_, revision in revisions.items()},
        "revision_to_date": {revision: dates[hash_] * 1000 for hash_, revision in revisions.items()},
        "params": named,
        "graph_param_list": chosen,
        # asv-tachyon guesses that more is better in a track_*; to asv, and in its list of regressions, more is worse.
        "benchmarks": {name: {"less_is_better": True} | dict(of) for name, of in known.items()},
        "machines": _machines(conf),
        "tags": {name: revisions[commit] for commit, name in collected.tags.items() if commit in revisions},
        "pages": [[of.name, of.button_label, of.description] for of in PUBLISHERS],
    }
    subjects = {commit.hash: commit.subject for line in collected.lines for commit in line.commits}
    now = asv.util.datetime_to_js_timestamp(datetime.datetime.now(datetime.UTC))
    for name, content in (
        ("index.json", index),
        ("commits.json", subjects),
        ("info.json", {"asv-version": importlib.metadata.version("asv"), "timestamp": now}),
    ):
        (html / name).write_text(json.dumps(content, separators=(",", ":")), encoding="utf-8")
    _install_tachyon(html)
    return True


def _install_tachyon(html: Path) -> None:
    """Make asv-tachyon's page the one that opens."""
    try:
        # It says what it does.
        with contextlib.redirect_stdout(io.StringIO()):
            tachyon(["install", str(html)])
    except OSError as error:
        # It names a full disk once for each file.
        refused = re.search(r"\[Errno \d+\] ([\w -]+)", str(error))
        why = refused[1] if refused else error
        raise ToolError(f"asv_tachyon install failed, the site is as it was: {why}") from None


def _between(places: Sequence[Mapping[str, int]], range_: str) -> list[str]:
    """The commits after the first of a range up to the second, on a branch; asv names ranges with two dots."""
    since, _, until = range_.partition("..")
    for of_branch in places:
        if since in of_branch and until in of_branch:
            return list(of_branch)[of_branch[since] + 1 : of_branch[until] + 1]
    # Of a release that is on no branch.
    return [since, until]


def _graphs(collected: Collected, revisions: Mapping[str, int]) -> tuple[GraphSet, dict[str, set[str | None]]]:
    sources = dict(_sources(collected))
    keys = dict.fromkeys(key for source in sources for key, _ in source)
    params: dict[str, set[str | None]] = {key: set() for key in keys}
    graphs = GraphSet()
    for source, values in sources.items():
        of_source = {key: dict(source).get(key) for key in keys}
        for key, value in of_source.items():
            params[key].add(value)
        for line in collected.lines:
            found = runs_of(line, values)
            places = [revisions[commit.hash] for commit in line.commits]
            for known in collected.benchmarks.values():
                series = list(known.series())
                of_series = [found.get(of.name, []) for of in series]
                if any(of_series):
                    graph = _graph(series, of_source | {"branch": line.branch}, of_series, places)
                    graphs._graphs[graph.path] = graph
                    graphs._groups.setdefault(known.name, []).append(graph)
    return graphs, params


def _sources(collected: Collected) -> Iterator[tuple[Params, Callable[[str, str | None], Values | None]]]:
    """Where numbers come from, as asv tells series apart: machines and environments of its results, and the store."""
    by_source: defaultdict[Params, dict[str, dict[str, float | None]]] = defaultdict(dict)
    for of in collected.stored:
        by_source[tuple(sorted(of.params.items()))].setdefault(of.commit, {}).update(of.values)
    for source, by_commit in by_source.items():
        yield source, lambda commit, _, by_commit=by_commit: by_commit.get(commit)  # type: ignore[misc]
    if collected.by_tree:
        yield (
            (("machine", ANY_MACHINE), ("python", collected.python)),
            lambda _, tree: collected.by_tree.get(tree or "") or None,
        )


def _graph(series: list[Series], params: dict[str, str | None], of_series: list[list[Run]], places: list[int]) -> Graph:
    """The graph of a benchmark: at the ends of each run of any of its series, the numbers of all of them."""
    at: defaultdict[int, list[float | None]] = defaultdict(lambda: [None] * len(of_series))
    ends = sorted({end for runs in of_series for run in runs for end in (run.first, run.last)})
    for index, runs in enumerate(of_series):
        remaining = iter(ends)
        end = next(remaining, None)
        for run in runs:
            while end is not None and end < run.first:
                end = next(remaining, None)
            while end is not None and end <= run.last:
                at[end][index] = run.value
                end = next(remaining, None)
    name, parameters = series[0].benchmark, series[0].parameters
    if series[0].exact:
        steps = [
            [
                (places[run.first], places[run.last] + 1, run.value, run.value, 0.0)
                for run in runs
                if run.value is not None
            ]
            for runs in of_series
        ]
        points = [(places[end], at[end] if parameters else at[end][0], None) for end in ends]
        graph = ExactGraph(name, params, points, steps)
        graph.scalar_series = not parameters
        return graph
    graph = Graph(name, params)
    for end in ends:
        graph.add_data_point(places[end], at[end] if parameters else at[end][0])
    return graph


def _machines(conf: Config) -> dict[str, Any]:
    found = [asv.util.load_json(path) for path in iter_machine_files(conf.results_dir)]
    return {machine["machine"]: machine for machine in found}
