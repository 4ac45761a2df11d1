"""Invisible characters made visible, so an officer sees what was wrong with a cell."""

from __future__ import annotations

_SIGNS = str.maketrans(
    {
        " ": "␣",
        "\u00a0": "␣",
        "\u2009": "␣",
        "\u202f": "␣",
        "\t": "⇥",
        "\n": "↵",
        "\r": "↵",
        "\u00ad": "¬",
        "\u200b": "¬",
        "\u200c": "¬",
        "\u200d": "¬",
        "\ufeff": "¬",
    }
)


def drawn(text: str) -> str:
    """Spaces as `␣`, tabs as `⇥`, line ends as `↵`, what has no width as `¬`."""
    return text.translate(_SIGNS)
