"""Arabic: letters, words, word forms, spans. Pure, and knows nothing of feeds or rules.

`fold` brings a text to one spelling; `tokens`, `sentences` and `paragraphs` say where its parts stand; `word`
makes the matcher of one typed word. A dictionary from `Word.keys` to words, looked up with `keys_of(token)`, finds the
words that a token may be, and `Word.accepts` decides. `homograph` tells what else a term is,
`is_word` whether the tables know it.
"""

from monitor.arabic.letters import fold
from monitor.arabic.lexicon import homograph, is_word
from monitor.arabic.spans import Token, paragraphs, raw_tokens, sentences, split, term_words, tokens
from monitor.arabic.words import Word, keys_of, word

__all__ = [
    "Token",
    "Word",
    "fold",
    "homograph",
    "is_word",
    "keys_of",
    "paragraphs",
    "raw_tokens",
    "sentences",
    "split",
    "term_words",
    "tokens",
    "word",
]
