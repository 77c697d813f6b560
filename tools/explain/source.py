"""The source of one ExaBGP, and of Python's library: which module a file is, which code a function has."""

import sysconfig
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType

_LIBRARY = f"{sysconfig.get_path('stdlib')}/"


class Source:
    """A tree from which ExaBGP imports."""

    def __init__(self, tree: Path) -> None:
        self._tree = tree
        self.module = cache(self._module)
        self._codes = cache(self._codes_of)

    def is_exabgp(self, file: str) -> bool:
        """Whether a file is of this ExaBGP."""
        return file.startswith(f"{self._tree}/exabgp/")

    def code(self, module: str, name: str) -> CodeType | None:
        """The code of a function by its qualified name, compiled from the source; None where it is not there."""
        return self._codes(module).get(name)

    def _module(self, file: str) -> str:
        """The name of the module that a file is; what is no file, such as generated code, has its own."""
        for folder in (f"{self._tree}/", _LIBRARY):
            if file.startswith(folder):
                return file.removeprefix(folder).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return file

    def _codes_of(self, module: str) -> dict[str, CodeType]:
        path = self._tree.joinpath(*module.split("."))
        file = next(filter(Path.is_file, (path.with_suffix(".py"), path / "__init__.py")), None)
        if file is None:
            return {}
        with warnings.catch_warnings():
            # Escape sequences that Python 3.12 warns of.
            warnings.simplefilter("ignore", SyntaxWarning)
            whole = compile(file.read_bytes(), file, "exec", dont_inherit=True)
        return {code.co_qualname: code for code in _within(whole)}


def _within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _within(constant)
