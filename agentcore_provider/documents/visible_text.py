"""Text of others as it is, also where a reader would not notice: hidden characters are written out."""

from __future__ import annotations

import unicodedata

# Control and format characters (text direction, zero width, tags), private and unassigned ones, separators.
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
# Letters and marks that no font draws: joiners, fillers of Hangul, vowels of Khmer, of Mongolian.
_HIDDEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_SPACED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# It makes a symbol an emoji, in countless honest texts.
_EMOJI = "\ufe0f"


def visible(text: str, longest: int | None = None) -> str:
    """The text on one line, with a name such as <U+200B> for each hidden character.

    longest: characters of the text after which it is cut.
    """
    cut = longest is not None and len(text) > longest
    shown = "".join(_SPACED.get(it) or (_name(it) if _is_hidden(it) else it) for it in text[:longest])
    return f"{shown}…" if cut else shown


def hidden_characters(text: str) -> list[str]:
    """The hidden characters of a text, such as U+200B, each once. Line breaks and tabs are none, nor the mark of emoji."""
    return sorted({_name(it).strip("<>") for it in text if _is_hidden(it) and it not in _SPACED and it != _EMOJI})


def _is_hidden(character: str) -> bool:
    if " " <= character <= "~":
        return False
    category = unicodedata.category(character)
    return (
        category in _HIDDEN_CATEGORIES
        or category == "Zs"
        or character in _HIDDEN
        or any(ord(character) in it for it in _SELECTORS)
    )


def _name(character: str) -> str:
    return f"<U+{ord(character):04X}>"
