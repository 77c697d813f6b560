"""Who used the processors while a daemon was measured."""

import time

from benchmarks.daemon_harness.usage import Usage, everything_ns

S = 10**9


def test_what_is_neither_the_daemons_nor_the_testers_is_of_others() -> None:
    used = Usage(20 * S, 30 * S, 5 * S, 50 * S).since(Usage(10 * S, 22 * S, 2 * S, 37 * S))
    assert used == Usage(10 * S, 8 * S, 3 * S, 13 * S)
    assert used.tester_share == 0.3
    # Of the two seconds the system may have counted a little too much.
    assert used.others_share == 0.198


def test_what_the_system_counts_too_much_is_nobodys() -> None:
    assert Usage(S, S // 2, S // 4, S * 3 // 4 + 10_000_000).others_share == 0
    assert Usage(S, S // 2, S // 4, S // 2).others_share == 0


def test_what_this_process_does_is_in_everything() -> None:
    before, began = everything_ns(), time.process_time_ns()
    while time.process_time_ns() - began < S // 2:
        pass
    assert everything_ns() - before >= S // 2 - 20_000_000
