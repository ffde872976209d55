"""Parts of a picture in SVG."""

import html


def picture(parts, width, height):
    """The text of an SVG file: parts on a white ground, in pixels."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
        f'height="{height}" font-family="sans-serif" font-size="11">\n'
        '<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def moved(x, y, part):
    """A part with its origin at (x, y)."""
    return f'<g transform="translate({x} {y})">{part}</g>'


def box(x, y, width, height, color, title=None):
    """A filled rectangle; browsers show its title under the pointer."""
    inside = f"<title>{html.escape(title)}</title>" if title else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{height:.1f}" fill="{color}">{inside}</rect>'
    )


def text(x, y, content, *, anchor="middle", weight="normal"):
    """A line of text whose start, middle or end is at (x, y)."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{html.escape(content)}</text>'
    )
