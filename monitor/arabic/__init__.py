"""Arabic: letters, words, word forms, spans. Pure, and knows nothing of feeds or rules.

`fold` brings a text to one spelling; `tokens`, `sentences` and `paragraphs` say where its parts stand, `joins` whether
two words are neighbours; `word` makes the matcher of one typed word. A dictionary from `Word.keys` to words, looked up
with `keys_of(token)`, finds the words that a token may be, and `Word.accepts` decides. `homograph` and `typed_particle`
tell the author of a term what it also is, and what stands before it.
"""

from monitor.arabic.advice import homograph, persons, typed_particle
from monitor.arabic.endings import PlaceInPhrase
from monitor.arabic.letters import fold
from monitor.arabic.particles import LONGEST_TOKEN
from monitor.arabic.spans import Token, joins, paragraphs, raw_tokens, sentences, split, tokens
from monitor.arabic.words import Word, keys_of, word

__all__ = [
    "LONGEST_TOKEN",
    "PlaceInPhrase",
    "Token",
    "Word",
    "fold",
    "homograph",
    "joins",
    "keys_of",
    "paragraphs",
    "persons",
    "raw_tokens",
    "sentences",
    "split",
    "tokens",
    "typed_particle",
    "word",
]
