"""Two commits of ExaBGP, measured by asv as the gate needs it."""

import shutil
from pathlib import Path

from asv.config import Config
from asv.machine import Machine

from tools.asv_command import check_writable, run_asv
from tools.asv_plugin import use_machine_file
from tools.errors import INTERRUPTED, ToolError
from tools.results import load
from tools.suite import BENCHMARKS, Suite, fingerprint
from tools.verdict import Change, changes

RESULTS = Path(".asv/gate")


class Gate:
    """One comparison: the two commits, where their results are, which benchmarks."""

    def __init__(self, base: str, branch: str, selected: list[str]) -> None:
        self.base, self.branch, self.selected = base, branch, selected
        self.folder = RESULTS / f"{base[:9]}-{branch[:9]}"
        use_machine_file()
        self.machine: str = Machine.load().machine

    def measure(self, kind: str, expressions: list[str], *options: str) -> list[Change]:
        """Have asv measure what matches, of both commits; not what a comparison that was stopped has measured.

        Only a measurement that is whole counts: one that was stopped may have a part of the rounds. Raises ToolError
        where nothing could be measured, SystemExit where somebody stopped it.
        """
        folder = self.folder / kind
        asked = "\n".join([fingerprint(BENCHMARKS.rglob("*.py")), *options, *expressions])
        complete = folder / "complete"
        if not complete.exists() or complete.read_text() != asked:
            shutil.rmtree(folder, ignore_errors=True)
            self._run(folder, expressions, options)
            complete.write_text(asked)
        conf = Config.load("asv.conf.json")
        conf.results_dir = str(folder)
        before, after = (load(conf, self.machine, commit, expressions) for commit in (self.base, self.branch))
        return changes(before, after)

    def _run(self, folder: Path, expressions: list[str], options: tuple[str, ...]) -> None:
        check_writable(folder)
        commits = folder / "commits"
        commits.write_text(f"{self.base}\n{self.branch}\n")
        bench = [argument for expression in expressions for argument in ("--bench", expression)]
        status = run_asv("run", "--show-stderr", *options, *bench, f"HASHFILE:{commits}", results=folder)
        if status == INTERRUPTED:
            raise SystemExit(status)
        if status == 1:
            raise ToolError("nothing was measured: asv says why above")

    def selects(self, expressions: list[str]) -> bool:
        """Whether a benchmark matches."""
        suite = Suite()
        return any(True for expression in expressions for _ in suite.cases(expression))

    def selection(self, kind: str, but: str = "") -> list[str]:
        """Expressions for the benchmarks of a kind, of those selected; of all but some where none are selected."""
        if not self.selected:
            return [f"^(?!.*(?:{but}))(?=.*(?:{kind}))" if but else kind]
        return [f"^(?=.*(?:{expression}))(?=.*(?:{kind}))" for expression in self.selected]

    def clear(self) -> None:
        """Forget what was measured: only a comparison that was stopped goes on where it was."""
        shutil.rmtree(self.folder)
