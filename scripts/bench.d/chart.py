"""Draws how long peers take when Snapferry takes 1: a bar a command, on a log axis."""

import math
from html import escape

WIDTH, LEFT, RIGHT = 860, 330, 90
BAR, GAP, HEAD = 16, 4, 30
TOP, BOTTOM = 76, 8
STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #555 }
    .title { font-size: 16px; font-weight: 600 } .case { font-weight: 600 }
    .grid { stroke: #888; stroke-opacity: .3 } .one { stroke: #888; stroke-width: 1.5 }
    .slower { fill: #3987b8 } .faster { fill: #d9793a }
    @media (prefers-color-scheme: dark) { text { fill: #bbb } }
"""


def ratios(result):
    """(name, times as long as Snapferry) for each peer of a case that was right."""
    own, *others = result["commands"]
    if own["median"]:
        for other in others:
            if other["median"]:
                yield other["name"], other["median"]["wall"] / own["median"]["wall"]


def draw(document):
    """An SVG document without a background: for light and dark pages."""
    groups = [(result["name"], list(ratios(result))) for result in document["cases"]]
    groups = [(name, bars) for name, bars in groups if bars]
    values = [value for _, bars in groups for _, value in bars] + [0.5, 2]
    low, high = math.log10(min(values)), math.log10(max(values))

    def x(value):
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(value) - low) / (high - low)

    parts = []
    y = TOP
    for name, bars in groups:
        parts.append(label(0, y + HEAD - 9, name, "case"))
        y += HEAD
        for peer, value in bars:
            kind = "slower" if value >= 1 else "faster"
            start, end = sorted([x(1), x(value)])
            parts.append(label(LEFT - 10, y + BAR - 4, peer, anchor="end"))
            place = f'x="{start:.1f}" y="{y}" width="{max(1, end - start):.1f}" height="{BAR}"'
            parts.append(f'<rect class="{kind}" {place} rx="2"/>')
            number = f"{value:.2f} ×" if value < 10 else f"{value:.0f} ×"
            parts.append(label(end + 6, y + BAR - 4, number))
            y += BAR + GAP
    lines = []
    for tick in ticks(low, high):
        kind = "one" if tick == 1 else "grid"
        at = f'x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{TOP - 8}" y2="{y + 4}"'
        lines.append(f'<line class="{kind}" {at}/>')
        lines.append(label(x(tick), TOP - 13, f"{tick:g}", anchor="middle"))
    height = y + BOTTOM
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            f"  <style>{STYLE}  </style>",
            "  " + label(0, 20, "Wall time of peers; Snapferry is 1", "title"),
            "  " + label(0, 40, "right of 1: slower than Snapferry; left of 1: faster"),
            *("  " + part for part in lines + parts),
            "</svg>",
            "",
        ]
    )


def ticks(low, high):
    """1, 2 and 5 times the powers of ten; only the powers when the axis is long."""
    steps = [1, 2, 5] if high - low < 2.5 else [1]
    for exponent in range(math.floor(low), math.ceil(high) + 1):
        for step in steps:
            if low <= math.log10(step * 10**exponent) <= high:
                yield step * 10**exponent


def label(x, y, text, kind=None, anchor="start"):
    style = f' class="{kind}"' if kind else ""
    return f'<text{style} x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'
