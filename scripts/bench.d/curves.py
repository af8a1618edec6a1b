"""Draws small panels of curves over the same few points, with an axis that begins at zero."""

from html import escape
from typing import NamedTuple

PANEL, HEIGHT, GAP = 410, 190, 40  # a panel's width and height, and what lies between two
LEFT, TOP, BOTTOM = 50, 44, 26
COLOURS = ["#3987b8", "#d9793a"]
STYLE = """
    text { font: 12px system-ui, sans-serif; fill: #555 } .title { font-weight: 600 }
    .grid { stroke: #888; stroke-opacity: .3 } polyline { fill: none; stroke-width: 2 }
    @media (prefers-color-scheme: dark) { text { fill: #bbb } }
"""


class Panel(NamedTuple):
    title: str
    points: list  # what each place on the horizontal axis is called
    curves: dict  # name: a value a point


def draw(panels):
    """An SVG document, two panels a row, without a background: for light and dark pages."""
    drawn = []
    for number, panel in enumerate(panels):
        left = number % 2 * (PANEL + GAP)
        top = number // 2 * (HEIGHT + GAP)
        drawn.append(f'<g transform="translate({left} {top})">{"".join(parts(panel))}</g>')
    width = 2 * PANEL + GAP
    height = (len(panels) + 1) // 2 * (HEIGHT + GAP)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
            f"  <style>{STYLE}  </style>",
            *("  " + part for part in drawn),
            "</svg>",
            "",
        ]
    )


def parts(panel):
    top = ceiling(max(max(values) for values in panel.curves.values()))
    across = (PANEL - LEFT) / max(1, len(panel.points) - 1)

    def x(index):
        return LEFT + index * across * 0.92

    def y(value):
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    yield text(0, 14, panel.title, kind="title")
    for tick in (0, top / 2, top):
        yield f'<line class="grid" x1="{LEFT}" x2="{PANEL}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        yield text(LEFT - 6, y(tick) + 4, f"{tick:g}", anchor="end")
    for index, point in enumerate(panel.points):
        yield text(x(index), HEIGHT - 8, point, anchor="middle")
    for number, (name, values) in enumerate(panel.curves.items()):
        colour = COLOURS[number]
        line = " ".join(f"{x(index):.1f},{y(value):.1f}" for index, value in enumerate(values))
        yield f'<polyline stroke="{colour}" points="{line}"/>'
        yield f'<text x="{LEFT + 70 * number}" y="32" style="fill:{colour}">{escape(name)}</text>'


def ceiling(value):
    """The next 1, 2 or 5 times a power of ten."""
    power = 1e-3
    while True:
        for step in 1, 2, 5:
            if value <= step * power:
                return step * power
        power *= 10


def text(x, y, content, kind=None, anchor="start"):
    style = f' class="{kind}"' if kind else ""
    return f'<text{style} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(content)}</text>'
