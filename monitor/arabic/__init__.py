"""Arabic: letters, words, word forms, spans. Pure, and knows nothing of feeds or rules.

`fold` brings a text to one spelling; `tokens`, `sentences`, `paragraphs` say where its parts stand; `word` makes the matcher
of one typed word. A dictionary from `Word.keys` to words, looked up with `keys_of(token)`, finds the words that a token may
be; `Word.accepts` decides. `homograph` warns of a term that is also another word.
"""

from monitor.arabic.letters import fold
from monitor.arabic.spans import Token, paragraphs, raw_tokens, sentences, term_words, tokens
from monitor.arabic.words import Word, keys_of, word


def homograph(text: str) -> str:
    """What else a word is ("the verb 'watched'"), or "" where nothing is known."""
    return ""


__all__ = [
    "Token", "Word", "fold", "homograph", "keys_of", "paragraphs", "raw_tokens", "sentences", "term_words", "tokens", "word",
]  # fmt: skip
