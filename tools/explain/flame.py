"""A differential flame graph, as SVG: how wide a frame is says what it takes after, its colour what it took before.

Red takes more now, blue less, grey the same; what is gone is as wide as it was. A tooltip has the numbers.
"""

from dataclasses import dataclass, field
from html import escape

from tools.explain.differences import Explanation, Made
from tools.explain.folded import folded
from tools.explain.report import title

WIDTH, HEIGHT, MARGIN, HEAD = 1200, 17, 10, 44
# Pixels: what is narrower is left out, and a letter's width.
LEAST, LETTER = 0.3, 6.6
STYLE = (
    "text{font:11px Menlo,Consolas,monospace;pointer-events:none;fill:#111}"
    ".head{font:15px sans-serif;fill:#111}.small{font:12px sans-serif;fill:#444}"
    "rect{stroke:#fff;stroke-width:.5}g:hover>rect{stroke:#000}"
)


@dataclass(slots=True)
class Node:
    """A frame with its callees: what it and they take before and after, per message."""

    before: float = 0.0
    after: float = 0.0
    callees: "dict[str, Node]" = field(default_factory=dict)

    @property
    def width(self) -> float:
        """What it takes where it takes more."""
        return max(self.before, self.after, sum(node.width for node in self.callees.values()))

    @property
    def depth(self) -> int:
        """Frames above each other."""
        return 1 + max((node.depth for node in self.callees.values()), default=0)

    def add(self, stack: tuple[str, ...], before: float, after: float) -> None:
        """Add what was counted in a stack that begins here."""
        node = self
        for label in ((), *stack):
            node = node if label == () else node.callees.setdefault(str(label), Node())
            node.before += before
            node.after += after


def flame_graph(explanation: Explanation) -> str:
    """The picture of one number."""
    root = Node()
    then, now = explanation.stacks
    for stack, number in _per_unit(then).items():
        root.add(stack, number, 0)
    for stack, number in _per_unit(now).items():
        root.add(stack, 0, number)
    height = HEAD + (root.depth - 1) * HEIGHT + MARGIN
    scale = (WIDTH - 2 * MARGIN) / (root.width or 1)
    frames: list[str] = []
    _draw(frames, root, MARGIN, height - MARGIN, scale, root)
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
        f"<title>{escape(title(explanation))}</title><style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text class="head" x="{MARGIN}" y="18">{escape(title(explanation))}</text>',
        f'<text class="small" x="{MARGIN}" y="35">red takes more, blue less; the outermost frame is at the foot</text>',
    ]
    return "\n".join([*head, *frames, "</svg>\n"])


def _per_unit(made: Made) -> dict[tuple[str, ...], float]:
    return {stack: number / made.divisor for stack, number in folded(made).items()}


def _draw(frames: list[str], node: Node, x: float, y: float, scale: float, root: Node) -> None:
    """Draw what a frame calls above it, side by side."""
    for name, callee in node.callees.items():
        width = callee.width * scale
        if width >= LEAST:
            frames.append(_frame(name, callee, x, y - HEIGHT, width, root))
            _draw(frames, callee, x, y - HEIGHT, scale, root)
        x += width


def _frame(name: str, node: Node, x: float, y: float, width: float, root: Node) -> str:
    says = f"{name}: {node.before:,.10g} → {node.after:,.10g} ({node.after - node.before:+,.6g})"
    room = int((width - 4) / LETTER)
    # The module of a function is said by the tooltip, where both have no room.
    short = name if len(name) <= room else name.rpartition(":")[2]
    shown = (short if len(short) <= room else f"{short[: room - 1]}…") if room > 2 else ""
    text = f'<text x="{x + 2:.1f}" y="{y + 12:.1f}">{escape(shown)}</text>' if shown else ""
    rect = f'<rect x="{x:.2f}" y="{y:.1f}" width="{width:.2f}" height="{HEIGHT}" fill="{_colour(node, root)}"/>'
    return f"<g><title>{escape(says)}</title>{rect}{text}</g>"


def _colour(node: Node, root: Node) -> str:
    """The stronger the more of all differences is the frame's."""
    if node.before == node.after:
        return "#e4e4e4"
    most = max(abs(callee.after - callee.before) for callee in _all(root))
    pale = round(225 * (1 - abs(node.after - node.before) / most) ** 0.5)
    return f"rgb(255,{pale},{pale})" if node.after > node.before else f"rgb({pale},{pale},255)"


def _all(node: Node) -> list[Node]:
    return [node, *(each for callee in node.callees.values() for each in _all(callee))]
