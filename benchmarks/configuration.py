"""Configuration: rows X06, X07 and X30.

ExaBGP's reactor, made as the daemon makes it, loads a file with neighbours and their static routes, and loads it again;
or ExaBGP's command line checks such a file. Every route has attributes of its own. No peer is connected.
"""

from typing import NamedTuple

from benchmarks.common import InSizes, OnceASample, Size, bytecodes, bytecodes_per, on
from benchmarks.measure import kept_bytes
from benchmarks.work.configuration import CHANGES, Loading, Reloading, Validating


class ConfigurationBenchmark(OnceASample):
    """Base of the benchmarks of configurations: what a load leaves behind is put back before the next."""

    repeat = (1, 4, 0.5)


class Shape(NamedTuple):
    """How many neighbours a configuration has, how many routes each, and whether a template has these."""

    neighbors: int
    routes: int
    template: bool = False

    def load(self) -> Loading:
        """The load of it."""
        return Loading(*self)


_TIMED = {
    "500 routes": Shape(1, 500),
    "5000 routes": Shape(1, 5000),
    "64 neighbours of 5 routes": Shape(64, 5),
    "16 neighbours of 400 routes": Shape(16, 400),
    "64 neighbours of a template of 5 routes": Shape(64, 5, template=True),
}


def _timed(shape: str) -> Loading:
    return _TIMED[shape].load()


class Load(ConfigurationBenchmark):
    """A configuration is loaded by a daemon that has just started (X06, X07)."""

    rows = {"X06": (), "X07": ("64 neighbours of 5 routes",)}
    long = (("5000 routes",), ("16 neighbours of 400 routes",))
    params = (list(_TIMED),)
    param_names = ("configuration",)

    def size(self, shape: str) -> Size:
        routes = _TIMED[shape].neighbors * _TIMED[shape].routes
        return Size(routes, routes)

    @on(_timed)
    def time_load(self, work: Loading) -> None:
        work.load()


# A small one and a larger one of each kind.
_COUNTED = {
    "routes": (Shape(1, 8), Shape(1, 40)),
    "neighbours": (Shape(2, 2), Shape(16, 2)),
    "neighbours of a template": (Shape(2, 2, template=True), Shape(16, 2, template=True)),
}


def _counted(more: str) -> Loading:
    return _COUNTED[more][-1].load()


def _growing(more: str) -> InSizes:
    return InSizes([shape.load() for shape in _COUNTED[more]])


def _cost(work: Loading | Reloading) -> int:
    return bytecodes(work.load, work)


class LoadCost(ConfigurationBenchmark):
    """What each route of a configuration costs to load and to keep, and how that grows (X06, X07).

    The counts and the kept bytes are per route of a configuration with one neighbour of 40 routes, or with 16
    neighbours of 2: routes of their own, or the same ones by a template. The bytes are all that the daemon keeps of it.
    Growth is the exponent of the instructions over 8 and 40 routes of a neighbour, and over 2 and 16 neighbours; it is
    below 1 by what a file costs that has nothing in it.
    """

    rows = {"X06": (), "X07": ("neighbours",)}
    params = (list(_COUNTED),)
    param_names = ("more",)

    @on(_counted, unit="bytecodes/route")
    def track_load_bytecodes(self, work: Loading) -> float:
        return bytecodes_per(work.messages, work.load, work)

    @on(_growing, unit="exponent")
    def track_load_growth(self, work: InSizes) -> float:
        return work.exponent(_cost, 4)

    @on(_counted, unit="kept bytes/route")
    def track_kept_bytes(self, work: Loading) -> float:
        return round(kept_bytes(work.load, release=work.prepare) / work.messages, 1)


def _validated() -> Validating:
    return Validating(100)


def _small_validated() -> Validating:
    return Validating(4)


class Validate(ConfigurationBenchmark):
    """A configuration is checked by ExaBGP's command line, with its neighbour and its routes (X06).

    Each route is encoded, decoded and compared with what it was. The time is of 100 routes, the count per route of 4.
    """

    rows = {"X06": ()}

    def size(self) -> Size:
        return Size(100, 100)

    @on(_validated)
    def time_validate(self, work: Validating) -> None:
        work.validate()

    @on(_small_validated, unit="bytecodes/route")
    def track_validate_bytecodes(self, work: Validating) -> float:
        return bytecodes_per(work.messages, work.validate, work)


def _reload(change: str) -> Reloading:
    return Reloading(4, 100, change)


def _small_reload(change: str) -> Reloading:
    return Reloading(3, 8, change)


class Reload(ConfigurationBenchmark):
    """A configuration is loaded again, with one change or with none (X30).

    The times are of 4 neighbours of 100 routes; what is counted is per route of 3 neighbours of 8. The UPDATEs are
    those that ExaBGP's main loops then write on established sessions with these three. 0 is what one hopes for where
    nothing has changed, 1 where one route has; a neighbour whose hold time has changed has its session closed, and the
    others should hear nothing of it.
    """

    rows = {"X30": ()}
    params = (list(CHANGES),)
    param_names = ("change",)

    def size(self, _change: str) -> Size:
        return Size(400, 400)

    @on(_reload)
    def time_reload(self, work: Reloading) -> None:
        work.load()

    @on(_small_reload, unit="bytecodes/route")
    def track_reload_bytecodes(self, work: Reloading) -> float:
        return bytecodes_per(work.messages, work.load, work)

    @on(_small_reload, unit="UPDATEs")
    def track_reload_updates(self, work: Reloading) -> int:
        return work.updates


def _reloads() -> InSizes:
    return InSizes([Reloading(1, routes, "nothing") for routes in (16, 96)])


class ReloadGrowth(ConfigurationBenchmark):
    """How the cost of loading again, with nothing changed, grows from 16 to 96 routes of a neighbour (X06, X30)."""

    rows = {"X06": (), "X30": ()}

    @on(_reloads, unit="exponent")
    def track_reload_growth(self, work: InSizes) -> float:
        return work.exponent(_cost, 4)


def _large_reload() -> Reloading:
    return Reloading(1, 1000, "nothing")


class LargeReload(ConfigurationBenchmark):
    """A configuration with 1,000 routes is loaded again, with nothing changed (X30)."""

    rows = {"X30": ()}
    long = ((),)

    def size(self) -> Size:
        return Size(1000, 1000)

    @on(_large_reload)
    def time_reload(self, work: Reloading) -> None:
        work.load()
