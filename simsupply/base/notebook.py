"""How results show themselves in a notebook: a heading, a few lines, a small table, the answer; all of it escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape


class Answers:
    """The answer of a result in words.

    Answers are composed far above the rooms of results (`simsupply.report.answer`), which must not import them. So
    ``simsupply/__init__``, which stands above all rooms and is loaded before any of them, says here who composes them.
    """

    compose: Callable[[object], str] | None = None

    @classmethod
    def of(cls, result: object) -> str:
        """The answer in English."""
        return "" if cls.compose is None else cls.compose(result)


def short_html(
    heading: str, lines: Sequence[str], head: Sequence[str] = (), rows: Sequence[Sequence[str]] = (), text: str = ""
) -> str:
    """A heading, lines, a table and a text (a paragraph for each of its lines) as HTML."""
    parts = [f"<p><strong>{escape(heading)}</strong></p>", *(f"<p>{escape(line)}</p>" for line in lines)]
    if rows:
        parts.append("<table><thead>" + _row(head, "th") + "</thead><tbody>")
        parts += [_row(row, "td") for row in rows]
        parts.append("</tbody></table>")
    parts += [f"<p>{escape(line)}</p>" for line in text.splitlines()]
    return "\n".join(parts)


def _row(cells: Sequence[str], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def interval_text(mean: float | None, ci_low: float | None, ci_high: float | None) -> str:
    """A mean with its interval.

    >>> interval_text(0.9712, 0.95, 0.98), interval_text(1234.5, None, None), interval_text(None, None, None)
    ('0.9712 (0.95 to 0.98)', '1,234', '-')
    """
    if mean is None or mean != mean:
        return "-"
    if ci_low is None or ci_high is None or ci_low != ci_low or ci_high != ci_high:
        return _number(mean)
    return f"{_number(mean)} ({_number(ci_low)} to {_number(ci_high)})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
