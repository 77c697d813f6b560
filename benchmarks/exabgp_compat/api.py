"""ExaBGP's parser of API commands: lines in, routes out."""

from collections.abc import Sequence
from typing import Any


def parse(lines: Sequence[str]) -> list[Any]:
    """ExaBGP's routes, one for each line, by its own parser of API commands.

    Raises ValueError for a line that it refuses.
    """
    from exabgp.reactor.api import API

    parse_route = API(None).api_route
    parsed = list(map(parse_route, lines))
    for line, routes in zip(lines, parsed, strict=True):
        if len(routes) != 1:
            raise ValueError(f"ExaBGP makes {len(routes)} routes of {line!r}")
    return [route for (route,) in parsed]
