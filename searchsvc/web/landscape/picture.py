"""Topics over years as a picture that stands alone: for slides and reports. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

__all__ = ["topics_svg"]

_WIDTH, _LEFT, _TOP, _ROW = 1200, 430, 96, 34
_LONGEST = 52  # letters of a name
_INK, _SOFT, _LINE, _FILL = "#1d2224", "#566065", "#dcdad4", "#0b5c66"
_FONT = "system-ui, 'Noto Sans', Helvetica, Arial, sans-serif"


def topics_svg(title: str, note: str, labels: Sequence[str], rows: Sequence[tuple[str, int, Sequence[int]]]) -> str:
    """labels: of the periods. rows: name of a topic, its works, and how many of each period. Areas tell numbers."""
    most = max((n for _, _, counts in rows for n in counts), default=1) or 1
    step = (_WIDTH - _LEFT - 40) / max(1, len(labels))
    largest = min(step, _ROW) / 2 - 1
    height = _TOP + _ROW * len(rows) + 50
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'font-family="{_FONT}" font-size="15" role="img">',
        f"<title>{_text(title)}</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="24" y="42" font-size="24" font-weight="600" fill="{_INK}">{_text(title)}</text>',
    ]
    for at, label in enumerate(labels):
        x = _LEFT + step * (at + 0.5)
        parts.append(f'<text x="{x:.1f}" y="{_TOP - 18}" text-anchor="middle" fill="{_SOFT}">{_text(label)}</text>')
    for row, (name, works, counts) in enumerate(rows):
        y = _TOP + _ROW * (row + 0.5)
        short = name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
        parts += [
            f'<line x1="24" y1="{y + _ROW / 2:.1f}" x2="{_WIDTH - 24}" y2="{y + _ROW / 2:.1f}" stroke="{_LINE}"/>',
            f'<text x="24" y="{y + 5:.1f}" fill="{_INK}">{_text(short)}</text>',
            f'<text x="{_LEFT - 14}" y="{y + 5:.1f}" text-anchor="end" fill="{_SOFT}">{works}</text>',
        ]
        for at, n in enumerate(counts):
            if n:
                x, r = _LEFT + step * (at + 0.5), max(3.0, largest * math.sqrt(n / most))
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{_FILL}" fill-opacity=".85"/>')
                inside = r >= 9
                anchor, colour = ("middle", "#ffffff") if inside else ("start", _SOFT)
                parts.append(
                    f'<text x="{x if inside else x + r + 4:.1f}" y="{y + 4.5:.1f}" font-size="12" '
                    f'text-anchor="{anchor}" fill="{colour}">{n}</text>'
                )
    parts += [f'<text x="24" y="{height - 18}" font-size="13" fill="{_SOFT}">{_text(note)}</text>', "</svg>"]
    return "\n".join(parts) + "\n"


def _text(text: str) -> str:
    """Without what no XML may have."""
    return escape("".join(sign if sign >= " " and not 0xD800 <= ord(sign) <= 0xDFFF else " " for sign in text))
