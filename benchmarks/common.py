"""What all benchmark classes share: their version, and counting what their timed methods execute."""

import ast
import hashlib
import inspect
import textwrap
from collections.abc import Callable, Iterable
from typing import Any, ClassVar, NamedTuple

from benchmarks.measure import count_bytecodes
from benchmarks.wire import Message, UpdateTruth

# Raise it when a change in exabgp_compat or measure makes numbers differ from those of earlier runs: asv then keeps
# old and new results apart. (A change in a fixture or in a benchmark does so by itself.)
METHOD = 2


class Size(NamedTuple):
    """Messages, and routes announced or withdrawn in them."""

    messages: int
    routes: int


def size_of(messages: Iterable[Message]) -> Size:
    """Count messages and their routes."""
    messages = list(messages)
    truths = [message.truth for message in messages if isinstance(message.truth, UpdateTruth)]
    return Size(len(messages), sum(len(truth.announced) + len(truth.withdrawn) for truth in truths))


def bytecodes_by_message(call: Callable[[], object], messages: int) -> float:
    """Bytecode instructions that a call executes in ExaBGP, by message of those that it handles."""
    return round(count_bytecodes(call).measured / messages, 3)


class Benchmark:
    """Base of all benchmark classes.

    asv tells results of one version of a benchmark from those of another by ``version``, by default a hash of the
    benchmark's own source. That would miss a change in the messages that it measures with, so the fixture is in it.
    """

    # The rows of the checklist that the class measures, each with the parameters it begins with.
    rows: ClassVar[dict[str, tuple[Any, ...]]] = {}

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

    def size(self, *parameters: Any) -> Size:
        """How much traffic one call of a timed method handles."""
        raise NotImplementedError

    def bytecodes_per_message(self, timed: Callable[..., object], *parameters: Any) -> float:
        """Bytecode instructions that a timed method executes in ExaBGP, by message."""
        return bytecodes_by_message(lambda: timed(*parameters), self.size(*parameters).messages)
