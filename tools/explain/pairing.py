"""Which function of one ExaBGP is which of another, where it was moved or renamed."""

import dis
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from types import CodeType

from tools.explain.source import Source

# A function by its module and its qualified name.
type Key = tuple[str, str]

# How alike two functions have to be, from 0 to 1: of any name, and of the same name in another class.
ALIKE = 0.8
ALIKE_BY_NAME = 0.6
# Instructions below which functions are alike by chance.
SHORT = 12


def pairs(gone: Iterable[Key], new: Iterable[Key], before: Source, after: Source) -> dict[Key, Key]:
    """The function that each new one was before, where its code says so; those of the same name go first."""
    olds, news = dict.fromkeys(gone), dict.fromkeys(new)
    found: dict[Key, Key] = {}
    for now, then in _by_name(olds, news):
        found[now] = then
        del olds[then], news[now]
    tokens = {then: _tokens(before.code(*then)) for then in olds} | {now: _tokens(after.code(*now)) for now in news}
    likely = sorted(
        ((alike, now, then) for then in olds for now in news for alike in [_alike(then, now, tokens)] if alike),
        reverse=True,
    )
    for _, now, then in likely:
        if now in news and then in olds:
            found[now] = then
            del olds[then], news[now]
    return found


def _by_name(olds: Iterable[Key], news: Iterable[Key]) -> list[tuple[Key, Key]]:
    """Those whose qualified name is the only one of its kind on both sides."""
    named: defaultdict[str, tuple[list[Key], list[Key]]] = defaultdict(lambda: ([], []))
    for side, keys in enumerate((olds, news)):
        for key in keys:
            named[key[1]][side].append(key)
    return [(new[0], old[0]) for old, new in named.values() if len(old) == len(new) == 1]


def _alike(then: Key, now: Key, tokens: dict[Key, list[str]]) -> float:
    """How alike the code of two functions is; 0 where it is not enough."""
    old, new = tokens[then], tokens[now]
    if not old or not new:
        return 0.0
    name = then[1].rpartition(".")[2]
    # Every class may have a method of a name that is Python's.
    same_name = name == now[1].rpartition(".")[2] and not name.startswith("__")
    if not same_name and min(len(old), len(new)) < SHORT:
        return 0.0
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    least = ALIKE_BY_NAME if same_name else ALIKE
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= least else 0.0


def _tokens(code: CodeType | None) -> list[str]:
    """What a function does: its instructions with the names and constants in them, wherever they jump to."""
    return list(_instructions(code)) if code else []


def _instructions(code: CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        plain = instruction.argval is None or isinstance(instruction.argval, CodeType)
        jumps = instruction.opcode in dis.hasjrel or instruction.opcode in dis.hasjabs
        yield instruction.opname if plain or jumps else f"{instruction.opname} {instruction.argval}"
