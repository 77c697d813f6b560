"""The workflow that ExaBGP's repository calls: what its jobs may do, and its shell text, run on stand-ins."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from tests.command import PATIENCE
from tests.gate.made_up import all_changed, compared, key, reasons
from tools.gate.comment import comment
from tools.paths import ROOT

TEXT = (ROOT / ".github/workflows/pull-request.yml").read_text()
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
DOCUMENTATION = (ROOT / "docs/pull-requests.md").read_text()
JOBS = WORKFLOW["jobs"]
MARKER = "<!-- exabgp-benchmarks -->"
HEAD = "5" * 40
BOT = "github-actions[bot]"
TABLE = "## ExaBGP benchmarks\n\n| | benchmark | before |\n|---|---|--:|\n| slower | Traffic.time_track | 4.9ms |\n"
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="the stand-in for gh needs jq for --jq")

PYTHON3 = """
(here / "arguments").write_text(json.dumps(sys.argv[1:]))
(here / "repository").write_text(os.environ["EXABGP_REPO"])
answer = json.loads((here / "gate.json").read_text())
print(answer["output"])
if answer["table"]:
    Path(sys.argv[sys.argv.index("--markdown") + 1]).write_text(answer["table"])
sys.exit(answer["status"])
"""
GH = """
arguments = sys.argv[1:]
assert arguments.pop(0) == "api"
assert os.environ["GH_TOKEN"] == "token"
store = here / "comments.json"
comments = json.loads(store.read_text())
named = {name: arguments[arguments.index(name) + 1] for name in ("--method", "--field", "--jq") if name in arguments}
path = next(argument for argument in arguments if argument.startswith("repos/Exa-Networks/exabgp/issues/"))
with (here / "requests").open("a") as log:
    print(named.get("--method", "GET"), path, file=log)
if "--jq" in named:
    assert path.startswith("repos/Exa-Networks/exabgp/issues/7/comments?") and "--paginate" in arguments
    for page in range(0, len(comments), 2):
        text = json.dumps(comments[page : page + 2])
        print(subprocess.run(["jq", named["--jq"]], input=text, text=True, check=True, stdout=-1).stdout, end="")
    sys.exit()
key, _, file = named["--field"].partition("=@")
body = Path(file).read_text()
assert key == "body"
if len(body) > 65536:
    sys.exit("gh: Body is too long (maximum is 65536 characters) (HTTP 422)")
if named["--method"] == "PATCH":
    (comment,) = [comment for comment in comments if path.endswith(f"/issues/comments/{comment['id']}")]
    comment["body"] = body
else:
    assert named["--method"] == "POST" and path.endswith("/issues/7/comments")
    comments.append({"id": 1000 + len(comments), "user": {"login": "github-actions[bot]"}, "body": body})
store.write_text(json.dumps(comments))
"""


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job in JOBS.items():
        for step in job["steps"]:
            yield name, step


def step_named(job: str, name: str) -> dict[str, Any]:
    named: list[dict[str, Any]] = [step for step in JOBS[job]["steps"] if step.get("name") == name]
    (step,) = named
    return step


class Runner:
    """A folder in place of a runner: the text of a step runs there, with stand-ins for programs on PATH."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.result = folder / "result"
        self.output, self.summary = folder / "github-output", folder / "summary.md"
        (folder / "programs").mkdir()

    def program(self, name: str, text: str) -> None:
        path = self.folder / "programs" / name
        head = "import json, os, subprocess, sys\nfrom pathlib import Path\n"
        path.write_text(f"#!{sys.executable}\n{head}here = Path({str(self.folder)!r})\n{text}")
        path.chmod(0o755)

    def run(self, step: dict[str, Any], **values: str) -> subprocess.CompletedProcess[str]:
        """Run a step's text as GitHub does; what its variables take from GitHub has to be among the values."""
        variables = WORKFLOW["env"] | step["env"]
        assert {name for name, value in variables.items() if "${{" in value} == set(values)
        assert "shell" not in step and WORKFLOW["defaults"]["run"]["shell"] == "bash"
        environment = os.environ | variables | values
        environment |= {
            "PATH": f"{self.folder / 'programs'}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_REPOSITORY": "Exa-Networks/exabgp",
        }
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def run_gate(self, status: int, table: str = "", output: str = "") -> subprocess.CompletedProcess[str]:
        (self.folder / "gate.json").write_text(json.dumps({"status": status, "table": table, "output": output}))
        return self.run(
            step_named("gate", "The gate"),
            EXABGP_REPO=str(self.folder / "exabgp"),
            BASE_REF="main",
            HEAD_SHA=HEAD,
            RESULT=str(self.result),
            OUTPUT=str(self.folder / "output.txt"),
        )

    def run_comment(
        self, status: str, event: str = "pull_request", head_repository: str = "Exa-Networks/exabgp"
    ) -> subprocess.CompletedProcess[str]:
        return self.run(
            step_named("comment", "Write the comment"),
            GH_TOKEN="token",
            EVENT=event,
            HEAD_REPOSITORY=head_repository,
            NUMBER="7",
            HEAD_SHA=HEAD,
            RUN_URL="https://github.example/run",
            DOCS="https://github.example/o/benchmarks/blob/1234/docs",
            STATUS=status,
            RESULT=str(self.result),
            BODY=str(self.folder / "comment.md"),
        )

    def comments(self) -> list[tuple[str, str]]:
        found = json.loads((self.folder / "comments.json").read_text())
        return [(comment["user"]["login"], comment["body"]) for comment in found]

    def comment_before(self, *comments: tuple[str, str]) -> None:
        made = [{"id": 100 + n, "user": {"login": user}, "body": body} for n, (user, body) in enumerate(comments)]
        (self.folder / "comments.json").write_text(json.dumps(made))

    def requests(self) -> list[str]:
        file = self.folder / "requests"
        return [line.split()[0] for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def gate(tmp_path: Path) -> Runner:
    """A runner with both checkouts: ExaBGP's has a base branch of one commit."""
    runner = Runner(tmp_path)
    runner.program("python3", PYTHON3)
    (tmp_path / "benchmarks").mkdir()
    git(tmp_path, "init", "--quiet", "exabgp")
    git(tmp_path / "exabgp", "commit", "--quiet", "--allow-empty", "--message", "base")
    git(tmp_path / "exabgp", "update-ref", "refs/remotes/origin/main", "HEAD")
    return runner


@pytest.fixture
def commenter(tmp_path: Path) -> Runner:
    """A runner with a pull request that nobody has commented on, and the gate's table."""
    runner = Runner(tmp_path)
    runner.program("gh", GH)
    runner.comment_before()
    runner.result.mkdir()
    (runner.result / "table.md").write_text(TABLE)
    return runner


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


# What the jobs may do


def test_only_a_caller_starts_it() -> None:
    # YAML 1.1 takes "on" for true.
    assert list(WORKFLOW[True]) == ["workflow_call"]
    assert WORKFLOW[True]["workflow_call"]["inputs"]["label"]["default"] == "benchmark"
    assert "secrets" not in WORKFLOW[True]["workflow_call"]


def test_each_job_may_do_one_thing() -> None:
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "gate": {"contents": "read"},
        "comment": {"pull-requests": "write"},
    }


def test_no_secret_is_named_and_the_token_is_given_to_the_comment_only() -> None:
    assert not re.search(r"\bsecrets\b", TEXT)
    holders = [(job, step["name"]) for job, step in steps() if "github.token" in json.dumps(step)]
    assert holders == [("comment", "Write the comment")]
    assert "github.token" not in json.dumps([WORKFLOW["env"], *({**job, "steps": []} for job in JOBS.values())])


def test_each_action_is_pinned_by_commit_with_its_version() -> None:
    used = re.findall(r"^ *(?:- )?uses: (.*)$", TEXT, re.MULTILINE)
    assert len(used) == sum("uses" in step for _, step in steps()) > 0
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_no_checkout_keeps_the_token_and_only_the_gate_checks_out() -> None:
    checkouts = [(job, step["with"]) for job, step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert [job for job, _ in checkouts] == ["gate", "gate"]
    assert all(options["persist-credentials"] is False for _, options in checkouts)
    benchmarks, exabgp = (options for _, options in checkouts)
    assert (benchmarks["repository"], benchmarks["ref"]) == (
        "${{ job.workflow_repository }}",
        "${{ job.workflow_sha }}",
    )
    assert "repository" not in exabgp
    assert (exabgp["ref"], exabgp["fetch-depth"]) == ("${{ github.event.pull_request.head.sha }}", 0)


def test_nothing_is_put_into_a_script_and_nothing_cached() -> None:
    scripts = [step["run"] for _, step in steps() if "run" in step]
    assert len(scripts) == 3
    assert not any("${{" in script for script in scripts)
    assert "actions/cache" not in TEXT
    assert not any("cache" in option for _, step in steps() for option in step.get("with", {}))


def test_a_label_starts_it_and_a_newer_one_ends_the_older() -> None:
    condition = JOBS["gate"]["if"]
    assert "github.event.action == 'labeled'" in condition and "github.event.label.name == inputs.label" in condition
    assert "needs.gate.result != 'skipped'" in JOBS["comment"]["if"]
    assert WORKFLOW["concurrency"]["cancel-in-progress"] is True
    assert "github.event.pull_request.number" in WORKFLOW["concurrency"]["group"]
    assert "github.event.label.name" in WORKFLOW["concurrency"]["group"]
    assert all(0 < job["timeout-minutes"] <= 75 for job in JOBS.values())
    assert step_named("gate", "The gate")["timeout-minutes"] < JOBS["gate"]["timeout-minutes"]


def test_the_documentation_has_a_caller_that_grants_what_the_jobs_ask_for() -> None:
    (block,) = re.findall(r"^```yaml\n(.*?)^```$", DOCUMENTATION, re.MULTILINE | re.DOTALL)
    caller = yaml.safe_load(block)
    assert caller[True] == {"pull_request": {"types": ["labeled"]}}
    assert caller["permissions"] == {}
    (job,) = caller["jobs"].values()
    assert job["uses"].partition("/.github/")[2].partition("@")[0] == "workflows/pull-request.yml"
    asked = {name: level for called in JOBS.values() for name, level in called["permissions"].items()}
    assert job["permissions"] == asked
    assert set(job) <= {"permissions", "uses", "with"}
    assert set(job.get("with", {})) <= set(WORKFLOW[True]["workflow_call"]["inputs"])


# The gate


@pytest.mark.parametrize("status", [0, 1, 3])
def test_the_gate_is_run_as_people_run_it_and_its_status_kept(gate: Runner, status: int) -> None:
    done = gate.run_gate(status, TABLE, "1 number became worse")
    assert done.returncode == 0, done.stderr
    base = git(gate.folder / "exabgp", "rev-parse", "HEAD")
    wanted = ["bootstrap.py", "continuous", "--", "--all-times", "--merge-base", base, HEAD, "--markdown"]
    assert json.loads((gate.folder / "arguments").read_text()) == [*wanted, str(gate.result / "table.md")]
    assert (gate.folder / "repository").read_text() == str(gate.folder / "exabgp")
    assert gate.output.read_text() == f"status={status}\n"
    assert "1 number became worse" in done.stdout
    assert {path.name for path in gate.result.iterdir()} == {"table.md"}


@pytest.mark.parametrize(
    ("status", "output", "reason"),
    [
        (
            2,
            "error: nothing was measured\n  continuous: FAIL code 2\n  evaluation failed :( (1.00 seconds)",
            "error: no",
        ),
        (
            1,
            "ERROR: No matching distribution found for asv\n  evaluation failed :( (1.00 seconds)",
            "ERROR: No matching",
        ),
        (2, "something else went wrong\n\n  continuous: FAIL code 2\n  evaluation failed :(", "something else went"),
        (2, "error: of a benchmark\nerror: nothing was measured\nevaluation failed :(", "error: nothing was measured"),
        (2, "", ""),
    ],
)
def test_without_a_table_nothing_was_measured_and_the_reason_is_kept(
    gate: Runner, status: int, output: str, reason: str
) -> None:
    assert gate.run_gate(status, output=output).returncode == 0
    assert gate.output.read_text() == "status=2\n"
    kept = (gate.result / "reason.txt").read_text()
    assert kept.startswith(reason)
    assert kept.count("\n") == (1 if reason else 0)


def test_a_base_branch_that_is_not_there_stops_the_gate(gate: Runner) -> None:
    git(gate.folder / "exabgp", "update-ref", "-d", "refs/remotes/origin/main")
    assert gate.run_gate(0, TABLE).returncode != 0
    assert not gate.output.exists()
    assert not (gate.folder / "arguments").exists()


@pytest.mark.parametrize(
    ("status", "exit_status", "words"),
    [
        ("0", 0, "nothing became slower"),
        ("1", 1, "::error::something became slower"),
        ("2", 2, "::error::nothing could be measured"),
        ("3", 3, "::error::inconclusive"),
        ("", 2, "::error::the benchmarks did not run to their end"),
        ("0; true", 2, "::error::the benchmarks did not run to their end"),
    ],
)
def test_the_run_ends_with_the_gates_status_in_words(tmp_path: Path, status: str, exit_status: int, words: str) -> None:
    last = JOBS["gate"]["steps"][-1]
    done = Runner(tmp_path).run(last, STATUS=status)
    assert done.returncode == exit_status
    assert done.stdout.startswith(words)


# The comment


@needs_jq
def test_the_first_table_is_a_new_comment(commenter: Runner) -> None:
    commenter.comment_before(("someone", "What does it cost?"), ("someone", f"> {MARKER}"), (BOT, "Thank you!"))
    done = commenter.run_comment("1")
    assert done.returncode == 0, done.stderr
    assert commenter.requests() == ["GET", "POST"]
    user, body = commenter.comments()[-1]
    assert user == BOT
    assert body.startswith(f"{MARKER}\nBenchmarks of {HEAD}: **something became slower, or fails that worked before** ")
    assert "(status 1, [the run](https://github.example/run), [how to read it](https://github.example/o/" in body
    assert "/blob/1234/docs/gate.md)).\n" in body
    assert body.endswith(f"\n\n{TABLE}")
    assert commenter.summary.read_text() == body


@needs_jq
def test_the_next_table_takes_the_place_of_the_first(commenter: Runner) -> None:
    others = [("a", "1"), ("b", f"{MARKER}\nnot by the workflow"), (BOT, f"about {MARKER}")]
    commenter.comment_before(*others, (BOT, f"{MARKER}\nold table"), ("c", "2"))
    assert commenter.run_comment("0").returncode == 0
    assert commenter.requests() == ["GET", "PATCH"]
    comments = commenter.comments()
    assert [*comments[:3], comments[4]] == [*others, ("c", "2")]
    assert comments[3][0] == BOT
    assert "nothing became slower" in comments[3][1] and "old table" not in comments[3][1]
    # Whatever has doubled it once, the oldest is the one.
    commenter.comment_before(("a", "1"), (BOT, f"{MARKER}\nfirst"), ("b", "2"), (BOT, f"{MARKER}\nsecond"))
    assert commenter.run_comment("1").returncode == 0
    first, second = (body for user, body in commenter.comments() if user == BOT)
    assert "something became slower" in first
    assert second == f"{MARKER}\nsecond"


@needs_jq
@pytest.mark.parametrize("row", ["| slower | Traffic.time_track | 4.9ms |\n", "| é | [@<`] |\n"])
def test_a_huge_table_is_shortened_to_whole_lines(commenter: Runner, row: str) -> None:
    (commenter.result / "table.md").write_text(TABLE + row * 20_000)
    done = commenter.run_comment("1")
    assert done.returncode == 0, done.stderr
    ((_, body),) = commenter.comments()
    assert 55_000 < len(body.encode()) < 65_536
    assert "The table is shortened here" in body
    assert len(set(body.splitlines()[-50:])) == 1


@needs_jq
def test_one_endless_line_is_no_table(commenter: Runner) -> None:
    (commenter.result / "table.md").write_text("x" * 3_000_000)
    assert commenter.run_comment("0").returncode == 0
    ((_, body),) = commenter.comments()
    assert len(body) < 1000


@needs_jq
def test_where_there_is_no_table_the_comment_says_why(commenter: Runner) -> None:
    (commenter.result / "table.md").unlink()
    # It may end in the middle of a character.
    (commenter.result / "reason.txt").write_bytes(b"error: nothing was measured: ask @everyone\nand more \xc3")
    assert commenter.run_comment("2").returncode == 0
    ((_, body),) = commenter.comments()
    assert "**nothing could be measured** (status 2," in body
    assert body.endswith("\n\n> error: nothing was measured: ask @\N{ZERO WIDTH SPACE}everyone\n")


@needs_jq
@pytest.mark.parametrize("status", ["", "9", "$(touch made)", "0\n1"])
def test_where_there_is_nothing_the_comment_says_so(commenter: Runner, status: str) -> None:
    shutil.rmtree(commenter.result)
    assert commenter.run_comment(status).returncode == 0
    ((_, body),) = commenter.comments()
    assert "**the benchmarks did not run to their end** (status none," in body
    assert body.endswith("There is no table: the run says why.\n")
    assert not (commenter.folder / "made").exists()


@needs_jq
def test_what_the_pull_request_made_of_the_table_is_text(commenter: Runner) -> None:
    hostile = (
        b"## T\n\n@maintainer <img src=x> ![p](http://a) https://b WWW.c &commat;d `$(touch made)` ${GH_TOKEN} <!-- "
        b"\x1b[31m\x00\xff\r\n| a |\n"
    )
    (commenter.result / "table.md").write_bytes(hostile)
    done = commenter.run_comment("0")
    assert done.returncode == 0, done.stderr
    ((_, body),) = commenter.comments()
    table = body.partition("## T")[2]
    assert not set(table) & {"<", "[", "`", "\x1b", "\0", "\r", "\N{REPLACEMENT CHARACTER}"}
    assert not any(live in table for live in ("@maintainer", "://", "WWW.", "&commat;"))
    assert "&grave;$(touch made)&grave; ${GH_TOKEN} &lt;!--" in table
    assert table.endswith("\n| a |\n")
    assert not (commenter.folder / "made").exists()


@needs_jq
def test_what_the_gate_writes_is_shown_as_it_is_however_much_changed(commenter: Runner) -> None:
    changes = all_changed(1.3) + compared({key("a.B.track_c", "<x> [y](z) `w`"): (1000.0, None)})
    page = comment(changes, "#1 became worse", "4" * 40, "9" * 40, reasons(changes, "A.<locals>.__b__"))
    (commenter.result / "table.md").write_text(page)
    assert commenter.run_comment("1").returncode == 0
    ((_, body),) = commenter.comments()
    assert "shortened" not in body
    assert body.endswith("\n</details>\n")
    renderer = MarkdownIt("gfm-like", {"linkify": False})
    shown = renderer.render(body.partition("\n\n")[2])
    assert shown.count("<table>") == 3
    assert shown.count("<details>") == shown.count("</details>") == shown.count("<summary>") == 2
    text = html.unescape(re.sub(r"<[a-z/][^>]*>", "", shown))
    assert "Newly failing: a.B.track_c(<x> [y](z) `w`)." in text
    assert "A.<locals>.__b__ +" in text
    assert "#\N{ZERO WIDTH SPACE}1 became worse" in text


@needs_jq
@pytest.mark.parametrize(
    "line",
    [
        "<details open>",
        "x <details>",
        "<details><img src=x>",
        "<details>x</details>",
        "<Details>",
        "<summary>open",
        "</summary>",
        "<summary onclick=x>a</summary>",
    ],
)
def test_what_the_pull_request_made_of_the_table_only_folds(commenter: Runner, line: str) -> None:
    fold = "<details>\n<summary>one <img src=x> [p](q) @all #1</summary>\n\n{}\n</details>\n"
    (commenter.result / "table.md").write_text(fold.format(line))
    assert commenter.run_comment("0").returncode == 0
    ((_, body),) = commenter.comments()
    space = "\N{ZERO WIDTH SPACE}"
    summary = f"<summary>one &lt;img src=x> &lsqb;p](q) @{space}all #{space}1</summary>"
    assert body.endswith(f"\n\n<details>\n{summary}\n\n{line.replace('<', '&lt;')}\n</details>\n")


def as_github_shows(markdown: str) -> str:
    """The text of Markdown, in which GitHub looks for references once escapes and entities are resolved."""
    return re.sub(r"\\([!-/:-@[-`{-~])|&#?\w+;", lambda found: found[1] or html.unescape(found[0]), markdown)


# What GitHub makes a link of, and notes in the issue or commit that is meant.
REFERENCE = re.compile(r"#\d|\bGH-\d|\w@[0-9a-f]{7}", re.IGNORECASE)


@needs_jq
@pytest.mark.parametrize(
    "text",
    [
        "#123",
        "fixes #1, closes: #2",
        "Exa-Networks/exabgp#7",
        "someone#8",
        "GH-9",
        "gh-10",
        r"GH\-11",
        r"\#12",
        r"#\#13",
        "(#14)",
        "&#35;15",
        "[#16][GH-17]",
        r"\[#18 \`#19 \\[#20 \&#35;21",
        f"Exa-Networks/exabgp@{'c' * 40}",
        f"someone@{'d' * 40}",
    ],
)
def test_what_the_pull_request_made_of_the_table_refers_to_nothing(commenter: Runner, text: str) -> None:
    assert REFERENCE.search(as_github_shows(text)), "this is what has to be made text"
    for name in ("table.md", "reason.txt"):
        shutil.rmtree(commenter.result)
        commenter.result.mkdir()
        (commenter.result / name).write_text(f"## ExaBGP benchmarks {text}\n")
        done = commenter.run_comment("0")
        assert done.returncode == 0, done.stderr
        _, body = commenter.comments()[-1]
        assert "## ExaBGP benchmarks" in body, "a heading stays one"
        assert not REFERENCE.search(as_github_shows(body)), body


@needs_jq
def test_a_link_in_place_of_the_table_is_not_followed(commenter: Runner, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("of the runner")
    (commenter.result / "table.md").unlink()
    (commenter.result / "table.md").symlink_to(tmp_path / "file")
    assert commenter.run_comment("0").returncode == 0
    ((_, body),) = commenter.comments()
    assert "of the runner" not in body


@needs_jq
def test_a_fork_gets_its_table_as_the_event_allows(commenter: Runner) -> None:
    done = commenter.run_comment("1", head_repository="someone/exabgp")
    assert done.returncode == 0
    assert "::notice::" in done.stdout
    assert commenter.requests() == []
    assert TABLE in commenter.summary.read_text()
    assert commenter.run_comment("1", "pull_request_target", "someone/exabgp").returncode == 0
    assert commenter.requests() == ["GET", "POST"]


def test_a_comment_that_is_refused_is_not_passed_over(commenter: Runner) -> None:
    commenter.program("gh", "sys.exit('gh: Resource not accessible by integration (HTTP 403)')")
    done = commenter.run_comment("0")
    assert done.returncode != 0
    assert "HTTP 403" in done.stderr
