"""The workflows that count each night and on many machines: what their jobs may do, and their shell text."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import PATIENCE
from tools.paths import ROOT

FOLDER = ROOT / ".github/workflows"
NAMES = ("nightly", "history", "keep-results")
TEXTS = {name: (FOLDER / f"{name}.yml").read_text() for name in NAMES}
WORKFLOWS: dict[str, dict[Any, Any]] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
COMMIT, OTHER = "5" * 40, "6" * 40
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="the stand-in for gh needs jq for --jq")

GH = """
store = here / "issues.json"
issues = json.loads(store.read_text()) if store.exists() else []
arguments = sys.argv[1:]
named = {name: arguments[arguments.index(name) + 1] for name in ("--title", "--body-file", "--jq") if name in arguments}
match arguments[:2]:
    case ["label", "create"] | ["auth", "setup-git"]:
        pass
    case ["issue", "list"]:
        done = subprocess.run(["jq", "-r", named["--jq"]], input=json.dumps(issues), text=True, check=True, stdout=-1)
        print(done.stdout, end="")
    case ["issue", "create"]:
        body = Path(named["--body-file"]).read_text()
        issues.append({"number": len(issues) + 1, "state": "OPEN", "title": named["--title"], "body": body})
    case ["issue", "comment"]:
        issues[int(arguments[2]) - 1]["comment"] = Path(named["--body-file"]).read_text()
    case ["issue", "close"]:
        issues[int(arguments[2]) - 1]["state"] = "CLOSED"
    case other:
        sys.exit(f"gh {other} is unknown")
store.write_text(json.dumps(issues))
"""


def step(workflow: str, job: str, name: str) -> dict[str, Any]:
    named: list[dict[str, Any]] = [
        step for step in WORKFLOWS[workflow]["jobs"][job]["steps"] if step.get("name") == name
    ]
    (found,) = named
    return found


def run(folder: Path, script: str, **values: str) -> subprocess.CompletedProcess[str]:
    """Run a step's text as GitHub does, with stand-ins for programs on PATH."""
    environment = os.environ | values | {"PATH": f"{folder / 'programs'}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A folder in place of a runner, with a stand-in for gh."""
    program = tmp_path / "programs" / "gh"
    program.parent.mkdir()
    head = "import json, subprocess, sys\nfrom pathlib import Path\n"
    program.write_text(f"#!{sys.executable}\n{head}here = Path({str(tmp_path)!r})\n{GH}")
    program.chmod(0o755)
    return tmp_path


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


# What the jobs may do


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_allowed_that_a_job_does_not_name(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}
    assert all("permissions" in job for job in WORKFLOWS[name]["jobs"].values())


def test_what_runs_code_of_exabgp_may_write_nothing() -> None:
    for workflow, job in (("nightly", "measure"), ("nightly", "daemons"), ("history", "sweep")):
        assert WORKFLOWS[workflow]["jobs"][job]["permissions"] == {"contents": "read"}
        assert "github.token" not in json.dumps(WORKFLOWS[workflow]["jobs"][job])


def test_both_wait_for_each_other() -> None:
    for name in ("nightly", "history"):
        assert WORKFLOWS[name]["concurrency"] == {"group": "results", "cancel-in-progress": False}


@pytest.mark.parametrize("name", NAMES)
def test_no_value_gets_into_a_script_and_no_checkout_keeps_the_token(name: str) -> None:
    steps = [step for job in WORKFLOWS[name]["jobs"].values() for step in job.get("steps", [])]
    assert not any("${{" in step["run"] for step in steps if "run" in step)
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize(
    ("name", "job"), [("nightly", "keep"), ("nightly", "site"), ("nightly", "issues"), ("history", "merge")]
)
def test_what_was_counted_is_kept_though_a_tree_failed(name: str, job: str) -> None:
    assert WORKFLOWS[name]["jobs"][job]["if"] == "${{ !cancelled() }}"


def test_every_share_of_the_trees_has_a_machine() -> None:
    shards = WORKFLOWS["history"]["jobs"]["sweep"]["strategy"]["matrix"]["shard"]
    assert shards == list(range(1, int(WORKFLOWS["history"]["env"]["SHARDS"]) + 1))


# Issues


def notice(folder: Path, state: str, commit: str, title: str = "2 counts grew") -> None:
    file = folder / "notices" / state / f"{commit}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{title}\n\nWhat and where.\n\n| number |\n")


def issues(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((folder / "issues.json").read_text())
    return found


def open_and_close(folder: Path) -> None:
    done = run(folder, step("nightly", "issues", "Open and close issues")["run"], GH_TOKEN="token")
    assert done.returncode == 0, done.stderr


@needs_jq
def test_each_new_step_has_one_issue(runner: Path) -> None:
    notice(runner, "open", COMMIT)
    open_and_close(runner)
    notice(runner, "open", OTHER, "it's $(touch created) `x`")
    open_and_close(runner)
    open_and_close(runner)
    first, second = issues(runner)
    assert first["title"] == "2 counts grew"
    assert first["body"] == f"<!-- exabgp-step {COMMIT} -->\nWhat and where.\n\n| number |\n"
    assert second["title"] == "it's $(touch created) `x`"
    assert not (runner / "created").exists()


@needs_jq
def test_an_issue_is_closed_once_its_step_is_mended(runner: Path) -> None:
    notice(runner, "open", COMMIT)
    notice(runner, "open", OTHER)
    open_and_close(runner)
    shutil.rmtree(runner / "notices")
    notice(runner, "mended", COMMIT)
    open_and_close(runner)
    assert [issue["state"] for issue in issues(runner)] == ["CLOSED", "OPEN"]
    assert issues(runner)[0]["comment"] == "What and where.\n"
    # What is closed is not commented on again.
    before = (runner / "issues.json").read_text()
    open_and_close(runner)
    assert (runner / "issues.json").read_text() == before


@needs_jq
def test_what_somebody_has_closed_stays_closed(runner: Path) -> None:
    notice(runner, "open", COMMIT)
    open_and_close(runner)
    (runner / "issues.json").write_text(json.dumps([issues(runner)[0] | {"state": "CLOSED"}]))
    open_and_close(runner)
    assert [issue["state"] for issue in issues(runner)] == ["CLOSED"]


@needs_jq
def test_where_nothing_is_new_nothing_is_made(runner: Path) -> None:
    open_and_close(runner)
    assert issues(runner) == []


# The branch of results


def keep(folder: Path) -> subprocess.CompletedProcess[str]:
    script = step("keep-results", "keep", "Commit and push")["run"]
    done = run(folder, script, REMOTE=str(folder / "remote"), GH_TOKEN="token", HOME=str(folder))
    shutil.rmtree(folder / "kept", ignore_errors=True)
    shutil.rmtree(folder / "new", ignore_errors=True)
    return done


def results(folder: Path, **files: str) -> None:
    for name, text in files.items():
        file = folder / "new/3.12.1/trees" / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@pytest.fixture
def remote(runner: Path) -> Path:
    """A repository in place of GitHub's."""
    git(runner, "init", "--quiet", "--bare", "remote")
    return runner / "remote"


def test_the_branch_begins_with_the_first_results_and_grows(runner: Path, remote: Path) -> None:
    results(runner, a="1")
    assert keep(runner).returncode == 0
    results(runner, b="2")
    assert keep(runner).returncode == 0
    listed = git(remote, "ls-tree", "-r", "--name-only", "results").splitlines()
    assert listed == ["results/3.12.1/trees/a.json", "results/3.12.1/trees/b.json"]
    assert git(remote, "rev-list", "--count", "results") == "2"


def test_where_nothing_is_new_nothing_is_committed(runner: Path, remote: Path) -> None:
    for _ in range(2):
        results(runner, a="1")
        done = keep(runner)
        assert done.returncode == 0, done.stderr
    assert "nothing is new" in done.stdout
    assert git(remote, "rev-list", "--count", "results") == "1"


def test_only_numbers_are_kept(runner: Path, remote: Path) -> None:
    results(runner, a="1")
    (runner / "new/run.sh").write_text("touch created")
    (runner / "new/link.json").symlink_to("/etc/passwd")
    assert keep(runner).returncode == 0
    assert git(remote, "ls-tree", "-r", "--name-only", "results") == "results/3.12.1/trees/a.json"


def test_a_repository_that_is_out_of_reach_is_not_taken_for_an_empty_one(runner: Path) -> None:
    results(runner, a="1")
    assert keep(runner).returncode != 0


def test_what_is_kept_comes_back(runner: Path, remote: Path) -> None:
    results(runner, a="1")
    assert keep(runner).returncode == 0
    checkout = runner / "checkout"
    (checkout / ".github").mkdir(parents=True)
    shutil.copy(ROOT / ".github/kept-results", checkout / ".github")
    (checkout / "bootstrap.py").write_text("import sys\nprint(sys.argv[1:])\n")
    done = run(checkout, f".github/kept-results {remote}")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "['history', '--', '--merge', '.cache/kept/results']\n"
    assert (checkout / ".cache/kept/results/3.12.1/trees/a.json").read_text() == "1"


def test_where_nothing_was_kept_yet_nothing_comes_back(runner: Path, remote: Path) -> None:
    checkout = runner / "checkout"
    (checkout / ".github").mkdir(parents=True)
    shutil.copy(ROOT / ".github/kept-results", checkout / ".github")
    assert run(checkout, f".github/kept-results {remote}").returncode == 0
    assert run(checkout, f".github/kept-results {runner / 'nowhere'}").returncode != 0
