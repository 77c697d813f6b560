"""ExaBGP's configuration: text in, neighbours out."""

from typing import Any

from .startup import start


def neighbors(text: str) -> list[Any]:
    """The neighbours of an ExaBGP configuration, in the order of the text.

    Raises ValueError with ExaBGP's own words when it refuses the text.
    """
    start()
    from exabgp.configuration.configuration import Configuration

    configuration = Configuration([text], text=True)
    if configuration.reload() is not True:
        raise ValueError(f"ExaBGP refuses the configuration: {configuration.error}")
    return list(configuration.neighbors.values())
