"""Give the vendored six 1.10 the import protocol that Python 3.12 asks for.

Trees before 2020-05 (4.2: before 4.2.22) carry a ``six`` whose importer has only ``find_module`` and ``load_module``,
which Python 3.12 ignores, so ``six.moves`` can't be imported. It is on no measured path.

Nothing is imported here that Python has not loaded by itself: a process that measures the import of ExaBGP uses it.
"""

import sys

NAME = "exabgp.vendoring.six"


def mend(six: object) -> None:
    """Make the importer of a vendored six one that Python asks, where it is none."""
    importer = getattr(six, "_importer", None)
    if importer is None or hasattr(importer, "find_spec"):
        return
    spec_from_loader = sys.modules["_frozen_importlib"].spec_from_loader

    # Not annotated: `typing` is not loaded.
    def find_spec(self, fullname, _path=None, _target=None):  # type: ignore[no-untyped-def]
        return spec_from_loader(fullname, self) if fullname in self.known_modules else None

    def create_module(self, spec):  # type: ignore[no-untyped-def]
        return self.load_module(spec.name)

    def exec_module(_self, _module):  # type: ignore[no-untyped-def]
        """Nothing is left to do: ``load_module`` has made the module whole."""

    for method in (find_spec, create_module, exec_module):
        setattr(type(importer), method.__name__, method)
