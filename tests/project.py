"""A scratch copy of this repository with a small ExaBGP history, on which tests run what people type."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from tests import trees
from tests.command import PATIENCE, wait_until
from tools.git import git, git_output
from tools.paths import ROOT


def copy_repository(folder: Path, *names: str) -> Path:
    """Copy these files and folders of this repository, or all of it, into a folder; nothing that a tool has made."""
    listed = git_output("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *names, cwd=ROOT)
    for name in filter(None, listed.decode().split("\0")):
        source, target = ROOT / name, folder / name
        if source.exists():  # not what is deleted and not committed yet
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return folder


class Project:
    """A copy of this repository, and an ExaBGP whose history is one commit of release 5.0.1, tagged "good"."""

    def __init__(self, folder: Path) -> None:
        self.folder = copy_repository(folder / "project")
        self.exabgp = folder / "exabgp"
        self.home = folder / "home"
        self.home.mkdir()
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("EXABGP_", "GIT_"))} | {
            "HOME": str(self.home),
            "EXABGP_REPO": str(self.exabgp),
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "safe.directory",
            "GIT_CONFIG_VALUE_0": "*",
            "COLUMNS": "130",
        }
        self._make_history()
        self.update()

    def _make_history(self) -> None:
        git("init", "--quiet", "--initial-branch=main", self.exabgp)
        git("config", "user.email", "a@example.org", cwd=self.exabgp)
        git("config", "user.name", "A", cwd=self.exabgp)
        for path, (_, content) in trees.release_files("5.0.1").items():
            if path.startswith("src/"):
                file = self.exabgp / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        self.commit("good")
        for branch in ("5.0", "4.2"):
            git("branch", branch, "good", cwd=self.exabgp)

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that is there once in a file of ExaBGP."""
        file = self.exabgp / "src" / "exabgp" / path
        text = file.read_text()
        assert text.count(old) == 1, f"{old!r} in {path}"
        file.write_text(text.replace(old, new))

    def commit(self, name: str, subject: str = "") -> None:
        """Commit what is edited, and tag it."""
        git("add", "--all", cwd=self.exabgp)
        git("commit", "--quiet", "--allow-empty", "--message", subject or name, cwd=self.exabgp)
        git("tag", name, cwd=self.exabgp)

    def update(self) -> None:
        """Have the project's upstream know the commits."""
        self.run("tools.source.upstream").check_returncode()

    def run(self, module: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self._run("-m", module, *arguments, **variables)

    def run_code(self, code: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run some lines of Python as a tool would be run."""
        return self._run("-c", code, *arguments, **variables)

    def _run(self, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def start(self, module: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env=self.environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def stop(self, process: subprocess.Popen[str], when: Callable[[], object]) -> str:
        """Interrupt a tool, as ^C does, once something is so. Return what it printed to standard error."""
        wait_until(lambda: when() or process.poll() is not None)
        os.killpg(process.pid, signal.SIGINT)
        return process.communicate(timeout=PATIENCE)[1]

    def processes(self) -> list[psutil.Process]:
        """All that was started in this project and has not ended, however it hangs together."""
        found = []
        for process in psutil.process_iter():
            # It may end meanwhile, or be somebody else's.
            with suppress(psutil.Error):
                if process.environ().get("HOME") == str(self.home):
                    found.append(process)
        return found

    def results(self, where: str = "results") -> dict[str, dict[str, list]]:
        """Results by the tag of their commit and the name of the benchmark."""
        found = {}
        for file in self.folder.glob(f".asv/{where}/*/*-*.json"):
            content = json.loads(file.read_text())
            tag = git("tag", "--points-at", content["commit_hash"], cwd=self.exabgp)
            found[tag] = content["results"]
        return found
