"""Who is asked for a message next: schedules over peers, worked out before anything is timed.

A schedule is a list of peers, by number. Each is made for the number of messages that every peer has, and asks every
peer exactly that often.
"""

import random
from collections.abc import Sequence


def one_after_another(messages: Sequence[int]) -> list[int]:
    """All messages of the first peer, then all of the second."""
    return [peer for peer, count in enumerate(messages) for _ in range(count)]


def round_robin(messages: Sequence[int]) -> list[int]:
    """One message of each peer that has one left, again and again."""
    return [peer for turn in range(max(messages)) for peer, count in enumerate(messages) if turn < count]


def weighted(messages: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Round-robin in which a peer is asked for as many messages in a turn as its weight says."""
    left = list(messages)
    order: list[int] = []
    while any(left):
        for peer, weight in enumerate(weights):
            taken = min(weight, left[peer])
            order += [peer] * taken
            left[peer] -= taken
    return order


def by_priority(messages: Sequence[int], levels: Sequence[int]) -> list[int]:
    """All messages of the peers of the lowest level, round-robin among them, before any of the next level."""
    order: list[int] = []
    for level in sorted(set(levels)):
        order += round_robin([count if own == level else 0 for count, own in zip(messages, levels, strict=True)])
    return order


def interleaved(messages: Sequence[int]) -> list[int]:
    """The messages of all peers shuffled, as they come in over a network; the same on every call."""
    order = one_after_another(messages)
    random.Random(len(order)).shuffle(order)
    return order
