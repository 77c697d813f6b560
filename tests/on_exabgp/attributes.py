"""One value of each path attribute that all ExaBGPs know."""

from benchmarks.wire import AttributeCode

ATTRIBUTES = {
    AttributeCode.ORIGIN: 1,
    AttributeCode.AS_PATH: ((2, (65001, 4200000000, 3)), (1, (64512, 64513))),
    AttributeCode.MULTI_EXIT_DISC: 50,
    AttributeCode.ATOMIC_AGGREGATE: True,
    AttributeCode.AGGREGATOR: (4200000000, "192.0.2.77"),
    AttributeCode.COMMUNITIES: (0xFFFFFF01, 65001 << 16 | 7),
    AttributeCode.ORIGINATOR_ID: "192.0.2.8",
    AttributeCode.CLUSTER_LIST: ("192.0.2.9", "192.0.2.10"),
    AttributeCode.EXTENDED_COMMUNITIES: (bytes.fromhex("0002fde800000064"), bytes.fromhex("0003fde800000065")),
    AttributeCode.LARGE_COMMUNITIES: ((65001, 1, 2), (4200000000, 3, 4)),
}
