"""Pages in HTML from Jinja2 templates, and how numbers, changes and days are written in them."""

import datetime
import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from asv.util import human_value
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from tools.report.collected import Series

TEMPLATES = Path(__file__).with_name("templates")


def page(template: str, **values: Any) -> str:
    """The page that a template makes of some values. A value that is missing is an error, not an empty place."""
    return _template(template).render(values)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "amount": amount,
        "change": change,
        "day": day,
        "coded": coded,
        "markup": markup,
        "json": embedded,
    }
    return environment.get_template(name)


def amount(value: float | None, unit: str) -> str:
    """A number as people read it: a time with its own unit, a count with the digits that matter."""
    if value is None:
        return "no number"
    if unit == "seconds":
        return str(human_value(value, unit))
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.4g}"


def change(before: float | None, after: float | None) -> Markup:
    """What became of a number, green where it became less."""
    css = "none"
    if before is not None and after is not None:
        css = "same" if before == after else "worse" if after > before else "better"
    return Markup('<span class="{}">{}</span>').format(css, change_in_words(before, after))


def change_in_words(before: float | None, after: float | None) -> str:
    """What became of a number: in percent, or how many times as much."""
    if before is None or after is None:
        return "–"  # noqa: RUF001
    if before == after:
        return "="
    if before <= 0 or after <= 0:
        return f"{before:,.4g} → {after:,.4g}"
    if after / before >= 3:
        return f"×\u00a0{after / before:,.3g}"  # noqa: RUF001
    percent = (after / before - 1) * 100
    digits = 0 if abs(percent) >= 10 else 1 if abs(percent) >= 0.1 else 2
    return f"{percent:+.{digits}f}\u00a0%".replace("-", "−")  # noqa: RUF001


def day(seconds: float) -> str:
    """The day of a commit."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%d")


def markup(text: str) -> Markup:
    """A docstring, or a text of the checklist: what stands in backticks is code, an empty line ends a paragraph."""
    return Markup("").join(Markup("<p>{}</p>").format(coded(of)) for of in re.split(r"\n\s*\n", text.strip()))


def coded(text: str) -> Markup:
    """A sentence in which what stands in backticks is code."""
    return Markup(re.sub(r"``?([^`]+)``?", r"<code>\1</code>", html.escape(text, quote=False)))


def breakable(name: str) -> Markup:
    """A long name, that may be broken where its words end."""
    return Markup(re.sub(r"([._])", r"\1<wbr>", html.escape(name)))


def embedded(value: Any) -> Markup:
    """Data for the script of a page, inside its HTML."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c"))


def file_of(benchmark: str) -> str:
    """The name of the page of a benchmark."""
    return f"{benchmark}.html"


def anchor(series: Series) -> str:
    """What leads to a series on the page of its benchmark: its parameters in words."""
    return "-".join(re.sub(r"[^\w.]+", "-", value).strip("-") for value in series.parameters) or "chart"
