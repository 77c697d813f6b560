"""What real BGP traffic looks like, as counts: what `stream` is fitted to.

Source: RIPE RIS, updates recorded by a route collector on 2019-01-01 from 00:00 UTC, five minutes: 54,107 UPDATEs
(52,966 of them announce 159,948 prefixes) of 63 peers, IPv4 and IPv6 unicast, four-octet AS numbers, no ADD-PATH.
Where something recurs it recurs within one peer: no two peers share an attribute set.
Attributes are meant by type code, address families by AFI. All numbers are UPDATEs unless said otherwise.
"""

from typing import Final

# fmt: off

ANNOUNCED_UP_TO: Final = (1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32, 48, 64, 96, 140, 257, 715)
"""Upper ends of the classes by which numbers of announced prefixes are counted; 715 is the most that was seen."""

RECURRENCE_KINDS: Final = ((False, False), (False, True), (True, False), (True, True))
"""Order of the columns of `RECURRENCE`: (attribute set known, list of prefixes known)."""

KINDS: Final[dict[tuple[int, bool, bool], int]] = {
    (1, True, False): 44900, (2, True, False): 7912, (1, False, True): 824, (2, False, True): 317,
    (1, True, True): 124, (2, True, True): 30,
}
"""UPDATEs by (AFI, whether they announce, whether they withdraw)."""

ATTRIBUTE_TYPES: Final[dict[int, dict[tuple[int, ...], int]]] = {
    1: {
        (1, 2, 3, 8): 19494, (1, 2, 3): 15317, (1, 2, 3, 8, 32): 2460, (1, 2, 3, 4, 8, 32): 1854,
        (1, 2, 3, 4, 8): 1297, (1, 2, 3, 7, 8): 843, (1, 2, 3, 7): 730, (1, 2, 3, 6, 7, 8): 530,
        (1, 2, 3, 6, 7): 516, (1, 2, 3, 8, 16): 342, (1, 2, 3, 4): 330, (1, 2, 3, 32): 235,
        (1, 2, 3, 4, 7, 8, 32): 168, (1, 2, 3, 7, 8, 32): 154, (1, 2, 3, 4, 7): 154,
        (1, 2, 3, 4, 7, 8): 115, (1, 2, 3, 4, 7, 8, 16, 32): 95, (1, 2, 3, 6, 7, 8, 32): 65,
        (1, 2, 3, 4, 6, 7, 8, 32): 64, (1, 2, 3, 7, 32): 56, (1, 2, 3, 4, 6, 7, 8): 51,
        (1, 2, 3, 4, 7, 32): 35, (1, 2, 3, 6, 8): 28, (1, 2, 3, 4, 32): 17, (1, 2, 3, 8, 16, 32): 15,
        (1, 2, 3, 6): 14, (1, 2, 3, 4, 6, 7): 12, (1, 2, 3, 4, 7, 8, 16): 10, (1, 2, 3, 6, 7, 8, 16): 7,
        (1, 2, 3, 7, 8, 16): 5, (1, 2, 3, 4, 8, 16): 5, (1, 2, 3, 4, 8, 16, 32): 3,
        (1, 2, 3, 7, 8, 16, 32): 2, (1, 2, 3, 16): 1,
    },
    2: {
        (1, 2, 8): 2764, (1, 2): 1036, (1, 2, 4, 8, 32): 835, (1, 2, 7, 8): 421, (1, 2, 7): 345,
        (1, 2, 8, 32): 343, (1, 2, 4, 8): 324, (1, 2, 32): 204, (1, 2, 6, 7, 8): 195,
        (1, 2, 4, 7, 8, 32): 182, (1, 2, 4, 6, 7, 8, 32): 138, (1, 2, 4, 7, 8): 137, (1, 2, 6, 7): 115,
        (1, 2, 4): 109, (1, 2, 7, 32): 103, (1, 2, 8, 16, 32): 95, (1, 2, 7, 8, 32): 89, (1, 2, 4, 7): 82,
        (1, 2, 7, 8, 16, 32): 75, (1, 2, 4, 32): 66, (1, 2, 4, 7, 32): 48, (1, 2, 6, 7, 8, 32): 42,
        (1, 2, 4, 6, 7, 8): 34, (1, 2, 4, 7, 8, 16): 30, (1, 2, 16, 32): 29, (1, 2, 6, 7, 8, 16, 32): 25,
        (1, 2, 6, 7, 32): 16, (1, 2, 4, 6, 7): 13, (1, 2, 4, 8, 16): 11, (1, 2, 4, 8, 16, 32): 11,
        (1, 2, 4, 7, 8, 16, 32): 7, (1, 2, 4, 6, 7, 32): 6, (1, 2, 7, 16, 32): 4, (1, 2, 6, 7, 16, 32): 3,
        (1, 2, 8, 16): 2, (1, 2, 7, 8, 16): 1, (1, 2, 4, 6, 7, 8, 16, 32): 1, (1, 2, 4, 16, 32): 1,
    },
}
"""By AFI: announcing UPDATEs by the type codes of their attributes, MP_REACH_NLRI left out."""

PREFIX_LENGTHS: Final[dict[int, dict[int, int]]] = {
    1: {
        12: 59, 13: 102, 14: 166, 15: 476, 16: 999, 17: 548, 18: 1517, 19: 3265, 20: 5445, 21: 8140,
        22: 28606, 23: 17365, 24: 83678, 25: 1, 32: 22,
    },
    2: {
        20: 2, 24: 2, 29: 13, 30: 10, 31: 268, 32: 3074, 33: 65, 34: 21, 35: 21, 36: 288, 39: 598, 40: 94,
        42: 216, 44: 4, 47: 1, 48: 4882,
    },
}
"""By AFI: announced prefixes by their length in bits."""

ANNOUNCED_PER_UPDATE: Final[dict[int, dict[int, int]]] = {
    1: {
        1: 27858, 2: 6457, 3: 3392, 4: 1960, 5: 1224, 6: 512, 7: 705, 8: 523, 10: 576, 12: 260, 16: 465,
        24: 357, 32: 171, 48: 228, 64: 117, 96: 116, 140: 55, 257: 30, 715: 18,
    },
    2: {1: 7054, 2: 472, 3: 214, 4: 179, 5: 3, 6: 18, 48: 2},
}
"""By AFI: announcing UPDATEs by the number of their prefixes, rounded up to `ANNOUNCED_UP_TO`."""

WITHDRAWN_PER_UPDATE: Final[dict[int, dict[int, int]]] = {
    1: {
        1: 509, 2: 183, 3: 106, 4: 56, 5: 20, 6: 19, 7: 10, 8: 19, 9: 5, 10: 4, 11: 3, 12: 3, 13: 4, 14: 1,
        15: 2, 17: 2, 18: 2,
    },
    2: {1: 275, 2: 52, 3: 10, 4: 6, 5: 4},
}
"""By AFI: withdrawing UPDATEs by the number of prefixes they withdraw."""

PATH_LENGTHS: Final[dict[int, dict[int, int]]] = {
    1: {
        2: 864, 3: 1404, 4: 5738, 5: 13676, 6: 10542, 7: 5158, 8: 3010, 9: 1767, 10: 926, 11: 617, 12: 359,
        13: 342, 14: 181, 15: 92, 16: 62, 17: 68, 18: 81, 19: 49, 20: 49, 21: 10, 22: 18, 23: 6, 24: 5,
    },
    2: {
        2: 234, 3: 1200, 4: 2238, 5: 2165, 6: 1060, 7: 493, 8: 428, 9: 89, 10: 20, 11: 12, 12: 2, 13: 1,
    },
}
"""By AFI: announcing UPDATEs by the number of AS numbers in AS_PATH, prepended ones counted."""

ORIGINS: Final[dict[int, int]] = {0: 49973, 1: 28, 2: 2965}
"""Announcing UPDATEs by ORIGIN."""

MEDS: Final[dict[int | None, int]] = {0: 4521, 10: 164, 11: 69, 12: 15, 50: 1366, None: 110}
"""Announcing UPDATEs with MULTI_EXIT_DISC by its value; None is any other value."""

COMMUNITIES: Final[dict[int, int]] = {
    1: 7009, 2: 9315, 3: 1507, 4: 4283, 5: 2401, 6: 3110, 7: 1166, 8: 823, 9: 970, 10: 590, 11: 279,
    12: 314, 13: 320, 14: 290, 15: 168, 16: 333, 17: 48, 18: 129, 19: 27, 20: 46, 21: 36, 22: 28, 23: 10,
    24: 10, 26: 13, 27: 9, 28: 1, 30: 4, 31: 1, 32: 6, 33: 47, 34: 54, 38: 1, 39: 4, 40: 2, 41: 3, 42: 1,
    43: 1, 44: 1, 45: 1, 46: 1, 47: 2, 49: 1, 52: 1, 54: 1, 56: 2,
}
"""Announcing UPDATEs with COMMUNITIES by the number of them."""

LARGE_COMMUNITIES: Final[dict[int, int]] = {1: 2434, 2: 4150, 3: 106, 4: 707, 5: 136, 6: 10, 7: 3}
"""Announcing UPDATEs with LARGE_COMMUNITIES by the number of them."""

EXTENDED_COMMUNITIES: Final[dict[int, int]] = {1: 157, 2: 262, 3: 16, 7: 327, 8: 1, 9: 3, 16: 9, 23: 3, 24: 2}
"""Announcing UPDATEs with EXTENDED_COMMUNITIES by the number of them."""

EXTENDED_COMMUNITY_TYPES: Final[dict[bytes, int]] = {
    b'\x00\x02': 253, b'\x00\x03': 56, b'\x02\x02': 570, b'\x02\x03': 2435,
}
"""Extended communities by their two type octets (RFC 4360; AS specific targets and origins)."""

AGGREGATOR_IS_FOUR_OCTET: Final[dict[bool, int]] = {False: 5399, True: 325}
"""Announcing UPDATEs with AGGREGATOR by whether its AS number needs four octets."""

TRANSIT_AS: Final[dict[int, tuple[int, float]]] = {
    1: (17366, 0.0), 3: (24160, 0.4454), 10: (44323, 0.111), 30: (26764, 0.2582), 100: (36745, 0.1887),
    300: (31492, 0.2048), 1000: (19841, 0.1574), 1733: (3290, 0.1532),
}
"""AS numbers between the first and the last of a path, in bands by how frequent they are: the rank at which
a band ends, occurrences in the band, share of four-octet numbers among these."""

ORIGIN_AS: Final[dict[int, tuple[int, float]]] = {
    1: (2350, 0.0), 3: (1476, 0.0), 10: (3376, 0.1132), 30: (5196, 0.2246), 100: (8937, 0.6465),
    300: (11902, 0.6075), 1000: (8072, 0.224), 3294: (11657, 0.2629),
}
"""The last AS numbers of paths, in the same bands."""

PREPENDED: Final[float] = 0.1595
"""Share of AS numbers, from the third of a path on, that repeat the one before."""

RECURRENCE: Final[dict[int, tuple[int, int, int, int]]] = {
    1: (6208, 8275, 1266, 19163), 2: (1602, 880, 1029, 3418), 3: (857, 284, 857, 1608),
    4: (622, 178, 583, 756), 5: (361, 81, 356, 429), 6: (159, 18, 207, 146), 7: (203, 28, 256, 218),
    8: (181, 33, 191, 118), 10: (151, 14, 259, 152), 12: (89, 2, 142, 27), 16: (146, 24, 235, 60),
    24: (133, 0, 205, 19), 32: (49, 1, 117, 4), 48: (78, 0, 143, 9), 64: (32, 0, 83, 2), 96: (37, 0, 78, 1),
    140: (18, 0, 37, 0), 257: (9, 0, 21, 0), 715: (4, 0, 14, 0),
}
"""By number of prefixes (as `ANNOUNCED_PER_UPDATE`): announcing UPDATEs by whether the peer sent their attribute
set and their list of prefixes before, in the order of `RECURRENCE_KINDS`. With a known set the list counts as
known only when it came with that set."""

SET_DISTANCES: Final[dict[int, int]] = {
    1: 1199, 2: 504, 4: 867, 8: 1343, 16: 1144, 32: 1329, 64: 1603, 128: 2645, 256: 4464, 512: 4099,
    1024: 1555, 2048: 139, 4096: 1909, 8192: 8199, 16384: 1210,
}
"""Announcing UPDATEs with a known attribute set by how many announcing UPDATEs of the peer ago it came last,
rounded up to a power of two."""

LIST_DISTANCES: Final[dict[int, int]] = {
    1: 1158, 2: 426, 4: 543, 8: 704, 16: 762, 32: 855, 64: 863, 128: 719, 256: 741, 512: 315, 1024: 228,
    2048: 262, 4096: 2152, 8192: 82, 16384: 8,
}
"""The same for a known list of prefixes with a new attribute set."""

FRESH_LIST_NEW_PREFIXES: Final[dict[bool, float]] = {False: 0.591, True: 0.0376}
"""Of prefixes in a list that is not known: the share that the peer did not announce before, by whether the
attribute set is known."""

NEW_VALUES: Final[dict[int, float]] = {2: 0.855, 8: 0.2411, 16: 0.1699, 32: 0.0447}
"""Of new attribute sets that have the attribute: the share in which its value is new, too."""
