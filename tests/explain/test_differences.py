"""What a difference is put down to: on two releases, with something more put into one function of ExaBGP."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import trees
from tests.explain.injected import injected
from tools.children import Interpreter
from tools.children.jobs import counts
from tools.explain import Explanation, differences
from tools.explain.calls import Calls, compared
from tools.explain.differences import made_on
from tools.explain.report import explained_share
from tools.suite import exactly

TRAFFIC = "message_parsing.Traffic.track_read_message_bytecodes"
DECODING = "message_parsing.UpdateDecoding.track_decode_bytecodes(1, 'cold')"
# A number of each shape: undivided and of another process, of a difference of counts, of routes, an exponent.
SHAPES = (
    TRAFFIC,
    DECODING,
    "backlog_saturation.BacklogCost.track_drain_growth('received')",
    "startup.Import.track_import_bytecodes",
    "api_commands.Commands.track_handle_bytecodes('announce eor')",
    "reactor.ReactorTurns.track_turns_bytecodes(1)",
    "reactor.UpdatesOfManyRoutes.track_handle_bytecodes('announced with other attributes', 'IPv4')",
)
KEPT = "resource_monitoring.HeldMemory.track_kept_bytes('1000 UPDATEs decoded')"
HOLD = "__import__('sys').__dict__.setdefault('held', []).append(bytes(64))"

type Inject = Callable[[str], Path]


@pytest.fixture(scope="module", params=["4.2.25", "5.0.15"])
def tree(request: pytest.FixtureRequest) -> Path:
    return trees.release(request.param)


@pytest.fixture
def inject(tree: Path, tmp_path: Path) -> Inject:
    return lambda statement: injected(tree, tmp_path, statement)


def published(tree: Path, *names: str) -> dict[str, float | None]:
    """The numbers as they are measured when nobody wants to know why."""
    return {line["name"]: line["value"] for line in Interpreter(tree).run(counts, exactly(names))}


def sums(explanation: Explanation, digits: int) -> tuple[float, float]:
    return (
        round(sum(function.before for function in explanation.functions), digits),
        round(sum(function.after for function in explanation.functions), digits),
    )


def test_the_functions_sum_up_to_the_number_that_is_measured(tree: Path, inject: Inject) -> None:
    slower = inject("for _ in range(7): pass")
    before, after = published(tree, TRAFFIC, DECODING), published(slower, TRAFFIC, DECODING)
    explained = differences(tree, slower, [TRAFFIC, DECODING])
    assert {one.name for one in explained} == {TRAFFIC, DECODING}
    for one in explained:
        assert (one.before, one.after) == (before[one.name], after[one.name])
        assert sums(one, 3) == (one.before, one.after)
        # The difference is that of one function, and exactly.
        (changed,) = one.changed
        assert changed == one.cause
        assert (changed.module, changed.name) == ("exabgp.bgp.message.update", "Update.unpack_message")
        assert round(changed.difference, 3) == round(one.after - one.before, 3) > 7
        assert explained_share(one) == 1
        assert changed.note is changed.was is None


def test_every_shape_of_number_is_that_which_is_measured(tree: Path) -> None:
    measured = {name: value for name, value in published(tree, *SHAPES).items() if value is not None}
    assert len(measured) > 3, measured
    explained = {one.name: one for one in differences(tree, tree, SHAPES)}
    assert {name: one.before for name, one in explained.items()} == measured
    for one in explained.values():
        assert one.after == one.before
        assert one.changed == []
        assert one.cause is None
        if one.unit != "exponent":
            assert sums(one, 3) == (one.before, one.after)


def test_python_s_library_is_put_down_to_the_function_that_calls_it(tree: Path, inject: Inject) -> None:
    (one,) = differences(tree, inject("__import__('textwrap').dedent('  a')"), [DECODING])
    (changed,) = one.changed
    assert changed.name == "Update.unpack_message"
    assert changed.difference > 20
    assert {function.module.partition(".")[0] for function in one.functions} <= {"exabgp", "benchmark"}
    stacks = [[frame.module for frame in frames] for frames, _ in one.stacks.after.shares]
    assert any(modules[-2:] == ["exabgp.bgp.message.update", "textwrap"] for modules in stacks)
    assert all(modules[0] == "benchmark" and "benchmark" not in modules[1:] for modules in stacks)


def test_what_runs_in_a_function_without_a_name_is_the_function_s(tree: Path, inject: Inject) -> None:
    (one,) = differences(tree, inject("sum(number for number in range(9))"), [DECODING])
    (changed,) = one.changed
    assert changed.name == "Update.unpack_message"


def test_kept_bytes_are_told_by_the_line_that_has_allocated_them(tree: Path, inject: Inject) -> None:
    heavier = inject(HOLD)
    (one,) = differences(tree, heavier, [KEPT])
    assert {KEPT: one.before} == published(tree, KEPT)
    assert {KEPT: one.after} == published(heavier, KEPT)
    assert sums(one, 1) == (one.before, one.after)
    for side in ("before", "after"):
        located = sum(getattr(function, side) for function in one.functions if function.module != "benchmark")
        assert 0.95 < located / getattr(one, side) < 1.05
    assert one.cause
    assert one.cause.name == HOLD
    assert one.cause.difference >= 97


def test_calls_into_c_are_those_of_the_function_that_makes_them(tree: Path, inject: Inject) -> None:
    slower = inject("sorted(range(150), key=str)")
    old, new = (made_on(of, [TRAFFIC], calls=True)[TRAFFIC] for of in (tree, slower))
    again = made_on(slower, [TRAFFIC], calls=True)[TRAFFIC]
    found = {calls.callable: calls for calls in compared(old, new) if calls.function.name == "Update.unpack_message"}
    assert found["sorted"].numbers == [0, 1]
    assert found["sorted"].shown
    assert found["sorted"].times[1] > found["sorted"].times[0] == 0

    def exact(calls: list[Calls]) -> set[tuple[str, str, float]]:
        return {(str(one.function), one.callable, one.numbers[1]) for one in calls}

    assert exact(compared(old, new)) == exact(compared(old, again))


def test_what_is_no_count_has_no_functions(tree: Path) -> None:
    names = ["message_parsing.Traffic.time_read_message", "resource_monitoring.Leak.track_leak('received')"]
    assert differences(tree, tree, names) == []
