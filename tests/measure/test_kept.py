"""What stays after a call: bytes, and objects that the garbage collector walks."""

from benchmarks.measure import kept_bytes, kept_objects


def test_kept_bytes_are_those_of_the_result_and_of_what_is_kept_elsewhere() -> None:
    elsewhere: list[bytes] = []

    def call() -> bytes:
        elsewhere.append(bytes(5000))
        return bytes(1000)

    assert 6000 < kept_bytes(call, elsewhere.clear) < 6300


def test_kept_objects_are_those_that_a_collection_walks() -> None:
    # Lists are walked; numbers are not, nor tuples of them, however deep, once they were met.
    assert kept_objects(lambda: [[number] for number in range(100)]) == 101
    assert kept_objects(lambda: [((number, (number,)),) for number in range(100)]) == 1


def test_what_is_released_was_not_kept() -> None:
    kept: list[list[int]] = []
    assert kept_objects(lambda: kept.extend([number] for number in range(10)), kept.clear) == 10
