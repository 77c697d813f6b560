"""Start-up: row X19 of the checklist, what ExaBGP's daemon imports before it does anything.

An interpreter of its own, which has imported nothing but what Python itself loads, imports the daemon's modules in the
daemon's order: those of ExaBGP, and those of the standard library that they need. Python has compiled all of them
before.
"""

from benchmarks.common import Benchmark, Size, on
from benchmarks.work.importing import Importing


class Import(Benchmark):
    """What the daemon imports, in a fresh interpreter: its time and bytecodes, modules and memory (X19).

    The bytecodes are those of ExaBGP's modules, of the standard library's and of Python's own importing. Modules are
    all that are imported, ExaBGP's and others. Resident memory is by how many bytes the import makes it grow.
    """

    rows = {"X19": ()}
    # An interpreter imports once.
    number, repeat, warmup_time = 1, (5, 10, 3.0), 0

    def size(self) -> Size:
        return Size(1, 0)

    @on(Importing)
    def time_import(self, work: Importing) -> None:
        work.run()

    @on(Importing, unit="bytecodes")
    def track_import_bytecodes(self, work: Importing) -> int:
        return work.count().measured

    @on(Importing, unit="modules")
    def track_modules(self, work: Importing) -> int:
        return work.modules

    @on(Importing, unit="resident bytes")
    def track_resident(self, work: Importing) -> int:
        return work.resident()
