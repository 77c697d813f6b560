"""Why a count is another: the functions of ExaBGP that make the difference between two trees.

A job runs the benchmark as it is measured and remembers of each instruction, byte or call which frames have led to it.
"""

from tools.explain.differences import Explanation, Function, differences

__all__ = ["Explanation", "Function", "differences"]
