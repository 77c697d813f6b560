"""The regular expressions by which benchmarks are selected."""

import re
from collections.abc import Iterable

from tools.errors import ToolError


def check_expressions(expressions: Iterable[str]) -> None:
    """Raise ToolError where one is no regular expression."""
    for expression in expressions:
        try:
            re.compile(expression)
        except re.error as error:
            raise ToolError(f"{expression!r} is no regular expression: {error}") from None
