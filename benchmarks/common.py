"""What all benchmark classes share: their version, and counting what their timed methods execute."""

import ast
import hashlib
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from benchmarks.measure import count_bytecodes

# Raise it when a change in exabgp_compat or measure makes numbers differ from those of earlier runs: asv then keeps
# old and new results apart. (A change in a fixture or in a benchmark does so by itself.)
METHOD = 1


class Benchmark:
    """Base of all benchmark classes.

    asv tells results of one version of a benchmark from those of another by ``version``, by default a hash of the
    benchmark's own source. That would miss a change in the messages that it measures with, so the fixture is in it.
    """

    # One round, so that each benchmark is finished when it is reported; "-a rounds=4" asks for more.
    rounds = 1

    def fixture_digest(self) -> str:
        """Fingerprint of all the bytes that the class measures with, for every parameter."""
        raise NotImplementedError

    @property
    def version(self) -> str:
        """Hash of what the numbers depend on: fixture, source of the class without comments, method."""
        sources = [
            ast.dump(ast.parse(textwrap.dedent(inspect.getsource(cls))))
            for cls in type(self).__mro__
            if cls is not object and cls is not Benchmark
        ]
        return hashlib.sha256(repr((METHOD, self.fixture_digest(), sources)).encode()).hexdigest()

    @staticmethod
    def bytecodes_per(unit: int, call: Callable[..., object], *arguments: Any) -> float:
        """Bytecode instructions that a timed method executes in ExaBGP, by message or whatever it has `unit` of."""
        return count_bytecodes(lambda: call(*arguments)).measured / unit
