"""Who is asked for a message next."""

from collections import Counter

from benchmarks.work.schedules import by_priority, interleaved, one_after_another, round_robin, weighted


def test_schedules() -> None:
    assert one_after_another([2, 1]) == [0, 0, 1]
    assert round_robin([2, 1, 3]) == [0, 1, 2, 0, 2, 2]
    assert weighted([2, 4], [1, 2]) == [0, 1, 1, 0, 1, 1]
    assert weighted([3, 1], [2, 2]) == [0, 0, 1, 0]
    assert by_priority([2, 1, 1, 2], [1, 0, 1, 0]) == [1, 3, 3, 0, 2, 0]
    assert Counter(interleaved([3, 4])) == {0: 3, 1: 4}
    assert interleaved([3, 4]) == interleaved([3, 4]) != one_after_another([3, 4])
