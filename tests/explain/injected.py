"""Trees of ExaBGP in which one function does something more."""

import ast
import shutil
from pathlib import Path

UPDATE = "bgp/message/update/__init__.py"
UNPACK = "unpack_message"


def injected(tree: Path, folder: Path, statement: str, file: str = UPDATE, function: str = UNPACK) -> Path:
    """A copy of a tree in which a function begins with a statement."""
    shutil.copytree(tree / "exabgp", folder / "exabgp", ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "exabgp" / file
    text = path.read_text()
    (found,) = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function
    ]
    first = found.body[0]
    lines = text.splitlines(keepends=True)
    lines.insert(first.lineno - 1, f"{' ' * first.col_offset}{statement}\n")
    path.write_text("".join(lines))
    return folder
