"""What each page of the site shows, and the files of them all."""

import ast
import importlib.resources
import inspect
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup
from mdit_py_plugins.anchors import anchors_plugin

from benchmarks.common import UNITS, Exactness
from tools.history.lines import Commit, Line
from tools.numbers.kinds import Kind
from tools.numbers.stored import Key, State
from tools.numbers.summary import rows_of
from tools.paths import ROOT
from tools.report.collected import Collected, Described, Release, Series, Values
from tools.report.headlines import HEADLINES
from tools.report.scenarios import CHECKLIST, first_sentence
from tools.report.site.charts import chart, commits_script
from tools.report.site.html import amount, anchor, breakable, change, coded, day, file_of, page
from tools.report.steps import Change, Step, effect_first

STATIC = Path(__file__).with_name("static")
FINDINGS = ROOT / "docs" / "findings.md"
_LINK_TO_A_PAGE = re.compile(r"\[([^]]+)\]\((?!#|https?:)[^)]*\)")
DAYS = 30 * 86_400
# How many rows a list on the front page has, and a list of steps on the page of a benchmark.
ROWS = 10
STEPS = 40
# How many steps are shown at first: a telephone takes seconds to lay out a thousand.
SHOWN = 100


class Column(NamedTuple):
    """A commit whose numbers are a column of a table."""

    name: str
    date: int
    values: Values
    failed: set[str]

    def of(self, series: Series) -> float | str:
        """Its number, or in a word why there is none."""
        if series.name not in self.values:
            return str(State.NEVER_MEASURED.value)
        value: float | None = self.values[series.name]
        if value is None:
            return str((State.FAILED if series.name in self.failed else State.NOT_APPLICABLE).value)
        return value

    def shown(self, series: Series) -> str:
        """The same as people read it."""
        found = self.of(series)
        return found if isinstance(found, str) else amount(found, series.unit)


def column_of(release: Release) -> Column:
    """A release as a column."""
    return Column(release.name, release.date, release.values, release.failed)


@dataclass
class Site:
    """All that the pages have in common."""

    collected: Collected
    steps: list[Step]
    project_url: str
    commit_url: str

    @property
    def compare_url(self) -> str:
        """What two commits, joined by three dots, are added to."""
        return f"{self.project_url}/compare/"

    @cached_property
    def subject(self) -> Column | None:
        """What the site is about: the newest commit with numbers of the branch that is named first and has any."""
        return self.newest[0] if self.newest else None

    @cached_property
    def last(self) -> Column | None:
        """The last release of the newest series, that has numbers."""
        releases = self.collected.releases[-1:]
        return column_of(releases[0]) if releases else None

    @cached_property
    def columns(self) -> list[Column]:
        """The first and last release of the series before the newest, the last of the newest, and the newest commit."""
        series: defaultdict[tuple[int, ...], list[Release]] = defaultdict(list)
        for of in self.collected.releases:
            series[of.version[:2]].append(of)
        # The two that people run.
        running = list(series.values())[-2:]
        releases = [*(running[0][:1] if running else []), *(of[-1] for of in running)]
        chosen = {of.name: column_of(of) for of in releases}
        return [*chosen.values(), *([self.subject] if self.subject else [])]

    @cached_property
    def newest(self) -> list[Column]:
        """The newest commit of each branch that has numbers."""
        return [
            self._newest(line, *found)
            for line in self.collected.lines
            for found in [self.collected.newest(line.branch)]
            if found
        ]

    def _newest(self, line: Line, place: int, values: Values) -> Column:
        commit = line.commits[place]
        return Column(line.branch, commit.date, values, self.collected.failed(commit.hash, commit.tree))

    @cached_property
    def context(self) -> "Context":
        """What templates call."""
        return Context(self, "")

    def render(self, template: str, file: str, **values: Any) -> str:
        """A page, with what all of them have."""
        collected = self.collected
        python = collected.python or "3.12"
        return page(
            template,
            root="../" * file.count("/"),
            here=file,
            menu=self.menu,
            measured_with=f"Exact counts are of CPython {python}"
            + (f", times of the machine {collected.machine}." if collected.machine else "."),
            commit_url=self.commit_url,
            compare_url=self.compare_url,
            subject=self.subject.name if self.subject else "",
            last=self.last.name if self.last else "",
            context=Context(self, "../" * file.count("/")),
            **values,
        )

    @cached_property
    def menu(self) -> list[tuple[str, str]]:
        """The pages, and what leads to them."""
        pages = [
            ("index.html", "Overview"),
            ("steps.html", "Steps"),
            ("releases.html", "Releases"),
            ("benchmarks.html", "Benchmarks"),
            ("status.html", "Status"),
        ]
        if FINDINGS.exists():
            pages.append(("findings.html", "Findings"))
        return [*pages, ("explorer/index.html", "Explorer")]

    def series_of(self, benchmark: str) -> list[Series]:
        """Those of a benchmark that have numbers."""
        return self._by_benchmark[benchmark]

    @cached_property
    def _by_benchmark(self) -> dict[str, list[Series]]:
        found: defaultdict[str, list[Series]] = defaultdict(list)
        for series in self.collected.series.values():
            found[series.benchmark].append(series)
        return found


@dataclass(frozen=True)
class Context:
    """What templates call on a page that is so far below the first."""

    site: Site
    root: str

    @property
    def commit_url(self) -> str:
        """What the hash of a commit is added to."""
        return self.site.commit_url

    @property
    def compare_url(self) -> str:
        """What two commits, joined by three dots, are added to."""
        return self.site.compare_url

    def name(self, series: Series) -> Markup:
        """A series, as a link to its chart."""
        parameters = parameters_of(series)
        return Markup('<a href="{}benchmarks/{}#{}">{}</a>{}').format(
            self.root,
            file_of(series.benchmark),
            anchor(series),
            breakable(series.benchmark.partition(".")[2]),
            Markup(' <span class="parameters">{}</span>').format(parameters) if parameters else "",
        )

    def functions(self, step: Step) -> Markup:
        """The functions that make the largest change of a step, where somebody has asked for them."""
        return Markup("<br>").join(
            Markup('<code title="{}:{}">{}</code> {}').format(
                of.module, of.line, breakable(of.name), change(of.before, of.after)
            )
            for of in step.functions
        )

    def today(self, step: Step) -> Markup | str:
        """Whether what a step made worse is still so."""
        mended = step.event.mended_by
        if mended is None:
            return step.today
        return Markup('mended by <a class="hash" href="{}{}">{}</a>').format(
            self.commit_url, mended.hash, mended.hash[:9]
        )


def files(site: Site) -> Iterator[tuple[str, str]]:
    """Every file of the site that is text, with its path."""
    yield "index.html", _front(site)
    yield "steps.html", _steps(site)
    yield "releases.html", site.render("releases.html.j2", "releases.html")
    yield "data/releases.js", _releases_script(site)
    yield "data/commits.js", commits_script(site.collected)
    yield "benchmarks.html", _benchmarks(site)
    yield "status.html", _status(site)
    if FINDINGS.exists():
        # It is of this repository: its HTML is ours. The pages beside it are no part of the site.
        source = _LINK_TO_A_PAGE.sub(r"\1", FINDINGS.read_text(encoding="utf-8"))
        text = MarkdownIt("commonmark").enable("table").use(anchors_plugin, max_level=4).render(source)
        yield "findings.html", site.render("findings.html.j2", "findings.html", text=Markup(text))
    of_benchmark: defaultdict[str, list[tuple[Step, Change]]] = defaultdict(list)
    for step in site.steps:
        for of in step.changes:
            of_benchmark[of.series.benchmark].append((step, of))
    texts = _checklist()
    for name, known in site.collected.benchmarks.items():
        if site.series_of(name):
            file = f"benchmarks/{file_of(name)}"
            yield file, _benchmark(site, known, file, of_benchmark[name], texts)


def write(site: Site, folder: Path) -> None:
    """Write the pages into a folder."""
    for name in ("benchmarks", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for file in STATIC.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    library = importlib.resources.files("dygraphs") / "assets" / "dygraph-combined.js"
    (folder / "dygraph.js").write_bytes(library.read_bytes())
    for name, text in files(site):
        (folder / name).write_text(text, encoding="utf-8")


def _front(site: Site) -> str:
    collected, subject, last = site.collected, site.subject, site.last
    known = [headline for headline in HEADLINES if headline.series in collected.series]
    rows = []
    for headline in known:
        series = collected.series[headline.series]
        rows.append(
            {
                "headline": headline,
                "page": f"{file_of(series.benchmark)}#{anchor(series)}",
                "unit": series.unit,
                "values": [column.values.get(series.name) for column in site.columns],
                "shown": [column.shown(series) for column in site.columns],
                "before": last.values.get(series.name) if last else None,
                "after": subject.values.get(series.name) if subject else None,
            }
        )
    figures = [
        {
            "title": headline.title,
            "page": f"{file_of(series.benchmark)}#{anchor(series)}",
            "chart": chart(collected, series),
        }
        for headline in known
        if headline.front
        for series in [collected.series[headline.series]]
    ]
    until = max((line.commits[-1].date for line in collected.lines if line.commits), default=0)
    lately = [step for step in site.steps if step.date > until - DAYS]
    return site.render(
        "index.html.j2",
        "index.html",
        verdict=_verdict(site, rows),
        columns=site.columns,
        headlines=rows,
        figures=figures,
        not_measured="None of the numbers that tell it was measured: python3 bootstrap.py bench measures a commit.",
        release=_since(site),
        lately=effect_first(lately)[:ROWS],
        until=until,
        largest=effect_first(site.steps)[:ROWS],
        all_steps=len(site.steps),
    )


def _verdict(site: Site, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answer: against each release, newest first, which headline numbers have grown and which have fallen."""
    if not site.subject:
        return []
    said = []
    for index, column in reversed(list(enumerate(site.columns[:-1]))):
        kinds: dict[str, list[Markup]] = {"worse": [], "better": [], "same": []}
        for row in rows:
            before, after = row["values"][index], row["values"][-1]
            if before is not None and after is not None:
                kind = "same" if before == after else "worse" if after > before else "better"
                title = row["headline"].title[0].lower() + row["headline"].title[1:]
                kinds[kind].append(Markup("{} ({})").format(title, change(before, after)) if kind != "same" else title)
        words = {"worse": "more", "better": "less", "same": "the same"}
        lines = [(kind, words[kind], Markup(", ").join(names)) for kind, names in kinds.items() if names]
        if lines:
            said.append({"name": column.name, "day": day(site.subject.date), "said": lines})
    return said


def _since(site: Site) -> dict[str, Any] | None:
    """What differs between the last release and the newest commit."""
    if not site.subject or not site.last:
        return None
    before, after = site.last.values, site.subject.values
    both = [
        Change(series, one, two)
        for series in site.collected.series.values()
        if series.kind is Kind.COUNT
        and (one := before.get(series.name)) is not None
        and (two := after.get(series.name)) is not None
    ]
    changed = [of for of in both if of.after != of.before]
    more = sum(of.after > of.before for of in changed)
    known = {headline.series for headline in HEADLINES}
    # A few of each kind say more than ten of the same work.
    largest = sorted(changed, key=lambda of: (of.series.name in known, of.size), reverse=True)
    rows: list[Change] = []
    for of in largest:
        if all(of.series.benchmark.rpartition(".")[0] != row.series.benchmark.rpartition(".")[0] for row in rows):
            rows.append(of)
    return {
        "text": f"{site.last.name} is of {day(site.last.date)}. Of {len(both)} exact numbers that both have,"
        f" {site.subject.name} needs more in {more} and less in {len(changed) - more};"
        f" {len(both) - len(changed)} are equal."
        " Here are the headline numbers, then the largest changes, one for each class of benchmarks.",
        "caption": f"{site.last.name} and {site.subject.name}",
        "rows": rows[: ROWS + 5],
    }


def _steps(site: Site) -> str:
    return site.render(
        "steps.html.j2",
        "steps.html",
        steps=site.steps,
        shown=SHOWN,
        located=sum(step.located for step in site.steps),
        branches=[line.branch for line in site.collected.lines],
    )


def _releases_script(site: Site) -> str:
    """The numbers of all releases and of the newest commits, by series."""
    columns = [*map(column_of, site.collected.releases), *site.newest]
    series = [
        [
            of.benchmark,
            parameters_of(of),
            of.unit,
            anchor(of),
            int(of.exact),
            [column.of(of) for column in columns],
        ]
        for of in site.collected.series.values()
        if any(column.values.get(of.name) is not None for column in columns)
    ]
    data = {
        "columns": [[column.name, day(column.date)] for column in columns],
        "from": site.columns[-2].name if len(site.columns) > 1 else "",
        "to": site.columns[-1].name if site.columns else "",
        "series": series,
    }
    return f"const NUMBERS = {json.dumps(data, separators=(',', ':'), ensure_ascii=False)};\n"


def _benchmarks(site: Site) -> str:
    families = []
    for module, known in _families(site).items():
        rows = []
        for of in known:
            series = site.series_of(of.name)
            if not series:
                continue
            sentence = first_sentence(of.cls) if of.cls else ""
            name = of.name.partition(".")[2]
            value = site.subject.values.get(series[0].name) if site.subject and len(series) == 1 else None
            before = site.last.values.get(series[0].name) if site.last and len(series) == 1 else None
            rows.append(
                {
                    "name": breakable(name),
                    "page": file_of(of.name),
                    "sets": len(series),
                    "sentence": coded(sentence),
                    "unit": of.unit,
                    "value": amount(value, of.unit) if value is not None else "",
                    "change": change(before, value) if before is not None and value is not None else "",
                    "text": " ".join(
                        [of.name, of.unit, sentence, *(getattr(of.cls, "rows", {}) or {}), *map(parameters_of, series)]
                    ).lower(),
                }
            )
        if rows:
            families.append({"module": module, "title": _title(module), "rows": rows})
    return site.render("benchmarks.html.j2", "benchmarks.html", families=families)


def _benchmark(
    site: Site,
    known: Described,
    file: str,
    steps: list[tuple[Step, Change]],
    texts: dict[str, str],
) -> str:
    series = site.series_of(known.name)
    table = []
    for of in series:
        before, after = (column.values.get(of.name) if column else None for column in (site.last, site.subject))
        table.append(
            {
                "anchor": anchor(of),
                "text": parameters_of(of) or "no parameters",
                "values": [column.shown(of) for column in site.columns],
                "change": change(before, after),
            }
        )
    shown = sorted(sorted(steps, key=lambda pair: -pair[1].size)[:STEPS], key=lambda pair: -pair[0].date)
    rows = {row for of in series for row in rows_of(Key(of.benchmark, _values(of), of.kind, of.unit))}
    cls = known.name.rpartition(".")[0]
    siblings = [
        {"name": name.rpartition(".")[2], "page": file_of(name)}
        for name in site.collected.benchmarks
        if name.rpartition(".")[0] == cls and name != known.name and site.series_of(name)
    ]
    exact = UNITS.get(known.unit) in (Exactness.COUNT, Exactness.EXPONENT)
    return site.render(
        "benchmark.html.j2",
        file,
        name=known.name,
        unit=known.unit,
        exactness="exact: the same in each run" if exact else "differs from run to run",
        param_names=known.param_names,
        about=inspect.cleandoc(known.cls.__doc__ or "") if known.cls else "",
        rows=[(row, texts[row]) for row in sorted(rows) if row in texts],
        siblings=siblings,
        columns=site.columns,
        table=table,
        figures=[
            {"anchor": anchor(of), "text": parameters_of(of) or known.name, "chart": chart(site.collected, of)}
            for of in series
        ],
        steps=shown,
        more_steps=len(steps) - len(shown),
    )


def _status(site: Site) -> str:
    collected = site.collected
    branches = []
    broken: defaultdict[str, list[str]] = defaultdict(list)
    faults = []
    for known in collected.store.values():
        if known.broken is not None:
            broken[known.broken].append(known.commit)
        if known.fault:
            faults.append(known.commit)
    for line in collected.lines:
        trees = {commit.tree for commit in line.commits if commit.tree}
        newest = collected.newest(line.branch)
        place = newest[0] if newest else None
        branches.append(
            {
                "branch": line.branch,
                "commits": len(line.commits),
                "trees": len(trees),
                "measured": sum(bool(collected.store[tree].results) for tree in trees if tree in collected.store),
                "broken": sum(collected.store[tree].broken is not None for tree in trees if tree in collected.store),
                "covered": sum(bool(collected.values(commit.hash, commit.tree)) for commit in line.commits),
                "newest": line.commits[place] if place is not None else None,
                "behind": len(line.commits) - 1 - place if place is not None else 0,
            }
        )
    return site.render(
        "status.html.j2",
        "status.html",
        branches=branches,
        faults=faults,
        broken=sorted(broken.items(), key=lambda item: -len(item[1])),
        families=_counted(site),
        reasons=_reasons(site),
    )


def _counted(site: Site) -> list[dict[str, Any]]:
    """How many numbers of each family the newest commit has."""
    values: Values = site.subject.values if site.subject else {}
    failed = site.subject.failed if site.subject else set()
    found = []
    for module, known in _families(site).items():
        names = [of.name for benchmark in known for of in benchmark.series()]
        none = [name for name in names if name in values and values[name] is None]
        found.append(
            {
                "module": module,
                "title": _title(module),
                "measured": sum(values.get(name) is not None for name in names),
                "not_applicable": len({*none} - failed),
                "failed": len(failed.intersection(none)),
                "missing": sum(name not in values for name in names),
            }
        )
    return found


def _reasons(site: Site) -> list[tuple[Markup, str]]:
    series = site.collected.series
    return [
        (site.context.name(series[name]) if name in series else Markup.escape(name), why)
        for name, why in sorted(_why(site).items())
    ]


def _why(site: Site) -> dict[str, str]:
    """Why the newest commit lacks numbers, by the name of the series."""
    commit = _newest(site)
    known = site.collected.store.get(commit.tree or "") if commit else None
    if known is None:
        return {}
    return {series.name: result.reason for series, result in known.results.items() if result.reason is not None}


def _newest(site: Site) -> Commit | None:
    for line in site.collected.lines:
        if found := site.collected.newest(line.branch):
            return line.commits[found[0]]
    return None


def _families(site: Site) -> dict[str, list[Described]]:
    found: dict[str, list[Described]] = {}
    for known in site.collected.benchmarks.values():
        found.setdefault(known.name.partition(".")[0], []).append(known)
    return found


def _title(module: str) -> str:
    titles = {family.get("module"): family["title"] for family in _checklist_families()}
    return titles.get(module) or module.replace("_", " ").capitalize()


def _checklist() -> dict[str, str]:
    """The texts of the rows of the checklist."""
    return {row: text for family in _checklist_families() for row, text in family["rows"].items()}


@cache
def _checklist_families() -> list[dict[str, Any]]:
    families: list[dict[str, Any]] = tomllib.loads(CHECKLIST.read_text())["family"] if CHECKLIST.exists() else []
    return families


def parameters_of(series: Series) -> str:
    """The parameters of a series, without the quotes of Python."""
    return ", ".join(value.strip("'\"") for value in series.parameters)


def _values(series: Series) -> tuple[Any, ...]:
    """The parameters of a series as values."""
    return tuple(map(ast.literal_eval, series.parameters))


def in_words(series: Series) -> str:
    """A series without its module and the quotes of Python."""
    parameters = parameters_of(series)
    name = series.benchmark.partition(".")[2]
    return f"{name}({parameters})" if parameters else name
