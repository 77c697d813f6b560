"""A script: a fresh interpreter imports what ExaBGP's daemon imports, and says what that took.

``python -S -P fresh_import.py FOLDER MODULE...`` prints "ready" and waits for a line, "import" or "count"; it imports
the modules from the folder, prints "done" and waits for another line; it prints what it found, as JSON, and waits until
nobody wants it any more. Until "done" it has loaded nothing that Python itself had not, so what is measured is all that
the daemon's own import takes. The folder comes behind Python's own ones, as where ExaBGP is installed.
"""

import sys

_HERE = __file__.rpartition("/")[0]


# Nothing is annotated below: `typing` is not loaded.
def _import(names):  # type: ignore[no-untyped-def]
    for name in names:
        __import__(name)
        if name == vendored_six.NAME:
            vendored_six.mend(sys.modules[name])


def _count(names):  # type: ignore[no-untyped-def]
    """The code object of each instruction that is executed meanwhile, of code made meanwhile too."""
    import gc

    # A small module in C: its function is the cheapest callback there is.
    from _queue import SimpleQueue

    # It runs by memory used, and what it finalises would be counted.
    gc.disable()
    executed = SimpleQueue()
    monitoring = sys.monitoring
    tool, instruction = monitoring.DEBUGGER_ID, monitoring.events.INSTRUCTION
    monitoring.use_tool_id(tool, "fresh_import")
    monitoring.register_callback(tool, instruction, executed.put)
    monitoring.set_events(tool, instruction)
    _import(names)
    monitoring.set_events(tool, 0)
    monitoring.free_tool_id(tool)
    return [executed.get() for _ in range(executed.qsize())]


def _found(loaded, codes):  # type: ignore[no-untyped-def]
    """What is told of it: modules, those that Python could not keep compiled, instructions of others and our own.

    `executed` are those of others by code: file, name, first line, number.
    """
    import collections
    import os

    specs = [spec for module in loaded.values() if (spec := getattr(module, "__spec__", None))]
    by_code = {id(code): code for code in codes}
    of_code = collections.Counter(map(id, codes))
    ours = {key for key, code in by_code.items() if code.co_filename.startswith(_HERE)}
    own = sum(of_code[key] for key in ours)
    executed = [
        [code.co_filename, code.co_qualname, code.co_firstlineno, of_code[key]]
        for key, code in by_code.items()
        if key not in ours
    ]
    return {
        "modules": sorted(loaded),
        "uncompiled": [spec.name for spec in specs if spec.cached and not os.path.exists(spec.cached)],  # noqa: PTH110
        "measured": len(codes) - own,
        "own": own,
        "executed": executed,
    }


def _main(folder, *names):  # type: ignore[no-untyped-def]
    sys.path.append(folder)
    print("ready", flush=True)
    count = input() == "count"
    before = {*sys.modules}
    codes = _count(names) if count else _import(names) or []
    loaded = {name: module for name, module in sys.modules.items() if name not in before and name != "_queue"}
    print("done", flush=True)
    input()
    found = _found(loaded, codes)
    import json

    print(json.dumps(found), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    sys.path.insert(0, _HERE)
    import vendored_six

    del sys.path[0]
    _main(*sys.argv[1:])
