"""ExaBGP's configuration: text in, neighbours out."""

from typing import Any

from .startup import start


def configuration_of(text: str) -> Any:
    """ExaBGP's configuration, made of a text.

    Raises ValueError with ExaBGP's own words when it refuses the text.
    """
    start()
    from exabgp.configuration.configuration import Configuration

    configuration = Configuration([text], text=True)
    if configuration.reload() is not True:
        raise ValueError(f"ExaBGP refuses the configuration: {configuration.error}")
    return configuration


def neighbors(text: str) -> list[Any]:
    """The neighbours of an ExaBGP configuration, in the order of the text.

    Raises ValueError with ExaBGP's own words when it refuses the text.
    """
    return list(configuration_of(text).neighbors.values())
