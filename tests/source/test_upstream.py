import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import PATIENCE, Tool, refused

Git = Callable[..., str]


@pytest.fixture
def exabgp(tmp_path: Path, git: Git) -> Path:
    """ExaBGP's repository in small: a commit on each of main, 5.0 and 4.2."""
    folder = tmp_path / "exabgp"
    package = folder / "src" / "exabgp"
    package.mkdir(parents=True)
    git("init", "-q", "-b", "4.2", cwd=folder)
    for branch in ("4.2", "5.0", "main"):
        git("checkout", "-q", "-B", branch, cwd=folder)
        (package / "__init__.py").write_text(f"# {branch}\n")
        git("add", ".", cwd=folder)
        git("commit", "-q", "-m", f"On {branch}", cwd=folder)
    return folder


@pytest.fixture
def bare(tmp_path: Path, exabgp: Path, git: Git) -> Path:
    git("clone", "-q", "--bare", exabgp, "bare.git", cwd=tmp_path)
    return tmp_path / "bare.git"


@pytest.fixture
def on_github(tmp_path: Path, bare: Path) -> Path:
    """A GitHub that can be reached: the fixture's git rewrites its address to this folder."""
    served = tmp_path / "github" / "Exa-Networks" / "exabgp.git"
    served.parent.mkdir(parents=True)
    bare.rename(served)
    return served


def heads(git: Git, repository: Path) -> set[str]:
    return set(git("for-each-ref", "--format=%(refname:short)", "refs/heads", cwd=repository).split())


def commit(git: Git, repository: Path, message: str) -> None:
    git("commit", "-q", "--allow-empty", "-m", message, cwd=repository)


# EXABGP_REPO


def test_contributors_repository_is_linked_and_left_as_it_is(
    workspace: Path, tool: Tool, git: Git, exabgp: Path
) -> None:
    git("checkout", "-q", "-b", "faster", cwd=exabgp)
    commit(git, exabgp, "Faster")
    (exabgp / "src" / "exabgp" / "__init__.py").write_text("# not committed\n")
    before = git("for-each-ref", cwd=exabgp), git("status", "--porcelain", cwd=exabgp)

    done = tool("upstream", EXABGP_REPO=str(exabgp))

    assert done.returncode == 0, done.stderr
    assert (workspace / "upstream").resolve() == exabgp
    assert git("log", "-1", "--format=%s", "HEAD", cwd=workspace / "upstream") == "Faster"
    assert (git("for-each-ref", cwd=exabgp), git("status", "--porcelain", cwd=exabgp)) == before
    first, second = done.stdout.splitlines()
    assert first.startswith(f"upstream: {exabgp}; HEAD ")
    assert first.endswith("Faster; branches main, 5.0, 4.2")
    assert "not committed" in second


def test_missing_local_branches_are_added_and_named(
    workspace: Path, tool: Tool, git: Git, tmp_path: Path, exabgp: Path
) -> None:
    git("clone", "-q", exabgp, "mine", cwd=tmp_path)
    mine = tmp_path / "mine"
    assert heads(git, mine) == {"main"}
    done = tool("upstream", EXABGP_REPO=str(mine))
    assert done.returncode == 0, done.stderr
    assert heads(git, mine) == {"main", "5.0", "4.2"}
    assert git("rev-parse", "5.0", cwd=mine) == git("rev-parse", "5.0", cwd=exabgp)
    assert git("symbolic-ref", "HEAD", cwd=mine) == "refs/heads/main"
    added = [line for line in done.stdout.splitlines() if line.startswith("added")]
    assert added == [f"added the local branch {name} (from origin/{name}) to {mine}" for name in ("5.0", "4.2")]
    assert "added" not in tool("upstream").stdout


def test_branch_that_only_another_remote_has(tool: Tool, git: Git, tmp_path: Path, exabgp: Path) -> None:
    git("clone", "-q", "--single-branch", "--branch=main", exabgp, "mine", cwd=tmp_path)
    mine = tmp_path / "mine"
    git("remote", "add", "-f", "exa", exabgp, cwd=mine)
    assert "(from exa/5.0)" in tool("upstream", EXABGP_REPO=str(mine)).stdout
    assert git("rev-parse", "5.0", cwd=mine) == git("rev-parse", "5.0", cwd=exabgp)


def test_origin_goes_before_another_remote(tool: Tool, git: Git, tmp_path: Path, exabgp: Path) -> None:
    git("clone", "-q", exabgp, "mine", cwd=tmp_path)
    git("clone", "-q", "--branch=5.0", exabgp, "another", cwd=tmp_path)
    commit(git, tmp_path / "another", "Another's")
    git("remote", "add", "-f", "another", tmp_path / "another", cwd=tmp_path / "mine")
    assert "(from origin/5.0)" in tool("upstream", EXABGP_REPO=str(tmp_path / "mine")).stdout


def test_branch_to_be_had_nowhere_is_a_warning(tool: Tool, git: Git, exabgp: Path) -> None:
    git("branch", "-q", "-D", "5.0", cwd=exabgp)
    done = tool("upstream", EXABGP_REPO=str(exabgp))
    assert done.returncode == 0
    (warning,) = done.stderr.splitlines()
    assert "no branch 5.0" in warning
    assert "exabgp.git 5.0:5.0" in warning
    assert done.stdout.rstrip().endswith("branches main, 4.2")


@pytest.mark.parametrize("prefix", ["", "file://"])
def test_bare_repository_and_url_are_cloned(workspace: Path, tool: Tool, git: Git, bare: Path, prefix: str) -> None:
    done = tool("upstream", EXABGP_REPO=f"{prefix}{bare}")
    assert done.returncode == 0, done.stderr
    upstream = workspace / "upstream"
    assert not upstream.is_symlink()
    assert heads(git, upstream) == {"main", "5.0", "4.2"}
    assert heads(git, bare) == {"main", "5.0", "4.2"}
    assert tool("upstream", EXABGP_REPO=f"{prefix}{bare}").returncode == 0


def test_link_follows_exabgp_repo(workspace: Path, tool: Tool, git: Git, tmp_path: Path, exabgp: Path) -> None:
    tool("upstream", EXABGP_REPO=str(exabgp))
    shutil.copytree(exabgp, tmp_path / "other")
    assert tool("upstream", EXABGP_REPO=str(tmp_path / "other")).returncode == 0
    assert (workspace / "upstream").resolve() == tmp_path / "other"
    assert tool("upstream").returncode == 0
    assert (workspace / "upstream").resolve() == tmp_path / "other"


def test_clone_is_never_replaced(workspace: Path, tool: Tool, git: Git, bare: Path, exabgp: Path) -> None:
    tool("upstream", EXABGP_REPO=str(bare))
    commit(git, workspace / "upstream", "Work of mine")
    refused(tool("upstream", EXABGP_REPO=str(exabgp)), str(bare), str(exabgp), "remove upstream")
    assert git("log", "-1", "--format=%s", cwd=workspace / "upstream") == "Work of mine"


def test_exabgp_repo_that_is_upstream_itself(workspace: Path, tool: Tool, bare: Path) -> None:
    tool("upstream", EXABGP_REPO=str(bare))
    assert tool("upstream", EXABGP_REPO="upstream").returncode == 0


def test_exabgp_repo_that_is_refused_leaves_no_upstream(workspace: Path, tool: Tool, git: Git, tmp_path: Path) -> None:
    git("init", "-q", "-b", "main", "other", cwd=tmp_path)
    commit(git, tmp_path / "other", "No package")
    for name in (f"{tmp_path}/other", f"file://{tmp_path}/other", f"file://{tmp_path}/none"):
        refused(tool("upstream", EXABGP_REPO=name), Path(name).name)
        assert not os.path.lexists(workspace / "upstream")


def test_variables_of_a_git_hook_do_not_mislead(
    workspace: Path, tool: Tool, git: Git, tmp_path: Path, exabgp: Path
) -> None:
    git("init", "-q", "hooked", cwd=tmp_path)
    done = tool("upstream", EXABGP_REPO=str(exabgp), GIT_DIR=str(tmp_path / "hooked" / ".git"))
    assert done.returncode == 0, done.stderr


# An upstream that is there


def test_existing_clone_is_used_as_it_is(workspace: Path, tool: Tool, git: Git, exabgp: Path) -> None:
    git("clone", "-q", exabgp, "upstream", cwd=workspace)
    upstream = workspace / "upstream"
    git("checkout", "-q", "-b", "mine", cwd=upstream)
    commit(git, upstream, "Mine")
    commit(git, exabgp, "Newer")
    done = tool("upstream")
    assert done.returncode == 0, done.stderr
    assert git("symbolic-ref", "--short", "HEAD", cwd=upstream) == "mine"
    assert git("rev-parse", "main", cwd=upstream) == git("rev-parse", "main^", cwd=exabgp)
    assert heads(git, upstream) == {"mine", "main", "5.0", "4.2"}


def test_upstream_that_is_no_repository(workspace: Path, tool: Tool, git: Git) -> None:
    git("init", "-q", cwd=workspace)
    (workspace / "upstream").mkdir()
    refused(tool("upstream"), "upstream", "no git repository", "remove it")


@pytest.mark.parametrize("checked_out", ["main", "4.2"])
def test_update_moves_branches_forward_only(
    workspace: Path, tool: Tool, git: Git, exabgp: Path, on_github: Path, checked_out: str
) -> None:
    tool("upstream")
    upstream = workspace / "upstream"
    git("checkout", "-q", "4.2", cwd=upstream)
    commit(git, upstream, "Mine")
    mine = git("rev-parse", "4.2", cwd=upstream)
    for branch in ("main", "5.0", "4.2"):
        git("checkout", "-q", branch, cwd=exabgp)
        commit(git, exabgp, f"Newer on {branch}")
        git("push", "-q", on_github, branch, cwd=exabgp)
    git("checkout", "-q", checked_out, cwd=upstream)
    done = tool("upstream", "--update")
    assert done.returncode == 0, done.stderr
    for branch in ("main", "5.0"):
        assert git("rev-parse", branch, cwd=upstream) == git("rev-parse", branch, cwd=exabgp)
    assert git("rev-parse", "4.2", cwd=upstream) == mine
    assert "branch 4.2 is left as it is" in done.stderr


def test_update_without_network_is_a_warning(workspace: Path, tool: Tool, on_github: Path) -> None:
    tool("upstream")
    shutil.rmtree(on_github)
    done = tool("upstream", "--update")
    assert done.returncode == 0
    assert "not updated" in done.stderr


def test_update_leaves_a_linked_repository_alone(
    workspace: Path, tool: Tool, git: Git, tmp_path: Path, exabgp: Path
) -> None:
    git("clone", "-q", exabgp, "mine", cwd=tmp_path)
    tool("upstream", EXABGP_REPO=str(tmp_path / "mine"))
    commit(git, exabgp, "Newer")
    before = git("for-each-ref", cwd=tmp_path / "mine")
    assert "update it there" in tool("upstream", "--update").stdout
    assert git("for-each-ref", cwd=tmp_path / "mine") == before


# GitHub


def test_clone_from_github(workspace: Path, tool: Tool, git: Git, on_github: Path) -> None:
    done = tool("upstream")
    assert done.returncode == 0, done.stderr
    assert heads(git, workspace / "upstream") == {"main", "5.0", "4.2"}
    assert git("config", "remote.origin.url", cwd=workspace / "upstream").startswith("https://github.com/")


def test_nothing_can_be_reached(workspace: Path, tool: Tool) -> None:
    (workspace.parent / "index").mkdir()
    done = tool("upstream")
    refused(done, "GitHub can't be reached", "package index", "EXABGP_REPO")
    assert not os.path.lexists(workspace / "upstream")


@pytest.mark.usefixtures("on_github")
def test_releases_that_are_asked_for_go_before_github(workspace: Path, tool: Tool) -> None:
    (workspace.parent / "index").mkdir()
    done = tool("upstream", "--releases", "all")
    refused(done, "no ExaBGP: ", "package index")
    assert "GitHub" not in done.stdout + done.stderr
    assert not os.path.lexists(workspace / "upstream")


def test_server_that_never_answers_costs_ten_seconds(workspace: Path, tool: Tool) -> None:
    (workspace.parent / "index").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"url.http://127.0.0.1:{silent.getsockname()[1]}/.insteadOf"
        start = time.monotonic()
        done = tool("upstream", GIT_CONFIG_KEY_0=address)
        assert time.monotonic() - start >= 10
        # nothing that git started is left waiting
        connection, _ = silent.accept()
        connection.settimeout(PATIENCE)
        while connection.recv(4096):
            pass
    assert "no answer in 10 s" in done.stdout
    refused(done, "EXABGP_REPO")


def test_interrupted_clone_is_not_taken_for_a_whole_one(
    workspace: Path, tool: Tool, git: Git, tmp_path: Path, environment: dict[str, str], on_github: Path
) -> None:
    """The clone is stopped between what it has fetched and its checkout, by a filter that waits."""
    marker = tmp_path / "reached"
    (tmp_path / "home" / "attributes").write_text("* filter=wait\n")
    (tmp_path / "home" / ".gitconfig").write_text(
        f"[core]\n attributesFile = {tmp_path}/home/attributes\n"
        f'[filter "wait"]\n smudge = "touch {marker}; sleep 30; cat"\n required\n'
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.source.upstream"],
        cwd=workspace,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not marker.exists():
        assert process.poll() is None
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, message = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert message == "interrupted\n"
    assert not os.path.lexists(workspace / "upstream")

    (tmp_path / "home" / ".gitconfig").unlink()
    assert tool("upstream").returncode == 0
    assert git("status", "--porcelain", cwd=workspace / "upstream") == ""


# The machine


def test_two_at_a_time(workspace: Path, tool: Tool, environment: dict[str, str], on_github: Path) -> None:
    command = [sys.executable, "-m", "tools.source.upstream"]
    both = [subprocess.Popen(command, cwd=workspace, env=environment) for _ in range(2)]
    assert [process.wait(timeout=PATIENCE) for process in both] == [0, 0]


def test_help(tool: Tool) -> None:
    done = tool("upstream", "--help")
    assert done.returncode == 0
    assert "--releases" in done.stdout
