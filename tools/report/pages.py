"""Pages in Markdown, made from Jinja2 templates that lie beside the code which prepares their data."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def render(template: Path, **values: Any) -> str:
    """The page that a template makes of some values. A value that is missing is an error, not an empty place."""
    environment = Environment(
        loader=FileSystemLoader(template.parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template.name).render(values)


def cell(text: str) -> str:
    """Text for a cell of a table: on one line, and with no border in it."""
    return " ".join(text.split()).replace("|", r"\|")
