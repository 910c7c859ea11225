"""Ranks tools for a query by its words, not by meaning: Okapi BM25 with a small stemmer.

Source: S. Robertson, H. Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009).

The service ranks by meaning, with a language model. This finds a tool when the query uses its words or
close forms of them; a paraphrase may find nothing. `rank` is the whole interface, so another ranker can replace it.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from agentcore_provider.local.tool_schemas.tool_schema import Tool

_K1 = 1.2  # BM25's usual constants: how soon a repeated word stops counting, how much length matters
_B = 0.75
_NAME_WEIGHT = 3  # a word of the name counts more than one of the description
_STOP_WORDS = frozenset(
    {
        *("a", "an", "and", "any", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "get", "give"),
        *("how", "i", "in", "into", "is", "it", "me", "my", "of", "on", "or", "our", "that", "the", "their", "this"),
        *("to", "use", "using", "want", "was", "what", "when", "where", "which", "who", "will", "with", "you", "your"),
    }
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "ed", "er", "es", "ly", "s")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")


def rank(query: str, tools: list[Tool]) -> list[Tool]:
    """The tools that share a word with the query, best first; equals stay in the order given."""
    return [tool for tool, _ in scored(query, tools)]


def scored(query: str, tools: list[Tool]) -> list[tuple[Tool, float]]:
    """The same, each with its score.

    tools: MCP tool documents; names, descriptions and those of their arguments count.
    """
    wanted = set(_words(query)) or set(_words(query, drop=False))
    texts = [_text(tool) for tool in tools]
    lengths = [sum(text.values()) for text in texts]
    average = (sum(lengths) / len(lengths) if lengths else 0) or 1
    found_in = Counter(word for text in texts for word in text)
    scores = []
    for text, length in zip(texts, lengths, strict=True):
        score = 0.0
        for word in wanted & text.keys():
            rarity = math.log(1 + (len(texts) - found_in[word] + 0.5) / (found_in[word] + 0.5))
            times = text[word]
            score += rarity * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length / average))
        scores.append(score)
    best = sorted((index for index, score in enumerate(scores) if score > 0), key=lambda i: -scores[i])
    return [(tools[index], scores[index]) for index in best]


def _text(tool: Tool) -> Counter[str]:
    words: Counter[str] = Counter()
    for word in _words(str(tool.get("name", "")), drop=False):
        words[word] += _NAME_WEIGHT
    words.update(_words(str(tool.get("description", "")), drop=False))
    properties = tool.get("inputSchema", {}).get("properties", {})
    for name, schema in properties.items():
        words.update(_words(name, drop=False))
        words.update(_words(str(schema.get("description", "")), drop=False))
    return words


def _words(text: str, *, drop: bool = True) -> list[str]:
    found = [word.lower() for word in _WORD.findall(text)]
    return [_stem(word) for word in found if not (drop and word in _STOP_WORDS)]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)] + ("y" if ending == "ies" else "")
            break
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 4 and word[-1] == word[-2]:
        word = word[:-1]
    return word
