"""The one way to run something on a tree of ExaBGP: in a process of its own that imports that tree.

`interpreter` is the parent's side, `child` what the process runs. A job is a function that yields lines, dictionaries
that JSON can carry; jobs are in `jobs` and in the rooms that need them.
"""

from tools.children.interpreter import Interpreter, Line

__all__ = ["Interpreter", "Line"]
