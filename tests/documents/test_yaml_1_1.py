"""Words that YAML 1.1 reads as other values: as the resolver of swagger-parser 2.1.48 with SnakeYAML 2.6 does."""

from __future__ import annotations

import pytest

from agentcore_provider.documents import reading, yaml_1_1


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("NO", "false"),
        ("on", "true"),
        ("Yes", "true"),
        ("12:30", "750"),
        ("-1:30", "-90"),
        ("1:30.5", "90.5"),
        ("017", "15"),
        ("1_000", "1000"),
        ("0b101", "5"),
        (".5", "0.5"),
        ("1_0.5", "10.5"),
        ("nO", None),
        ("y", None),
        ("n", None),
        ("=", None),
        ("0o17", None),
        ("2024-01-01", None),
        ("12:60", None),
        ("1.2.3", None),
    ],
)
def test_a_word_is_another_value(word: str, value: str | None) -> None:
    """None is the text itself, as in YAML 1.2."""
    assert yaml_1_1.value(word) == value
    assert reading.parsed(f"[{word}]") == [word]


def test_words_in_quotes_and_in_json_are_text_to_everybody() -> None:
    """Plain words alone may be taken for something else, keys among them."""
    assert [(it.text, it.line) for it in reading.read("a: [NO, 'NO']\n12:30: yes").words] == [
        ("NO", 1),
        ("12:30", 2),
        ("yes", 2),
    ]
    assert reading.read('["NO"]').words == ()
