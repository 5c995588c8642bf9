"""Whether a word is one of English: tells a compound from a word that is broken between syllables."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["is_compound", "is_word"]

# What makes one word with what follows, or with what stands before, though it may be a word itself.
_PREFIXES_TEXT = """
anti auto bi bio co counter de di dis eco electro en ex extra fore geo hydro hyper im in infra inter intra
intro ir macro mega meta micro mid milli mini mis mono multi nano neuro non on out over para per photo poly
post pre pro pseudo psycho quasi radio re retro semi sub super supra sur syn tele thermo trans tri ultra un
under uni up with
"""
_PREFIXES = frozenset(_PREFIXES_TEXT.split())
_ENDINGS_TEXT = """
able age al ally ance ant ary ate ed en ence ent er ers est ful hood ible ic ical ing ion ions ish ism ist ity
ive less like ly man men ment ments ness or ous ship ships some son sion tic tion tions ties ward wards wise
"""
_ENDINGS = frozenset(_ENDINGS_TEXT.split())

_ADVERBS = frozenset(("by", "down", "off", "out", "through", "up"))


@lru_cache(maxsize=1)
def _english() -> dict[str, int]:
    """How often each word was seen. Takes a quarter of a second, once in a process that meets such a hyphen."""
    from spellchecker import SpellChecker

    return dict(SpellChecker(language="en").word_frequency.dictionary)


def is_word(text: str) -> bool:
    return text.casefold() in _english()


def is_compound(head: str, tail: str) -> bool:
    """Whether `head` and `tail` are words that do not make one when they are written together. Lower case."""
    words = _english()
    if tail in _ADVERBS and len(head) >= 3 and words.get(head, 0) > 50 * words.get(head + tail, 0):
        return True  # followup stands in lists of words, too
    if head + tail in words or head in _PREFIXES or tail in _ENDINGS:
        return False
    return len(head) >= 3 and len(tail) >= 2 and head in words and tail in words
