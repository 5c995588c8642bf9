"""Where somebody can begin to read a passage that was cut from the middle of a text."""

from __future__ import annotations

import re

from searchsvc.text.sentences import sentences

__all__ = ["opening"]

_LEFT = 80  # characters that must follow; a short passage is shown whole
# English, French, Spanish, Portuguese, German, Italian, Dutch: words that refer to what was said before.
_BACK_TEXT = """
    however|moreover|furthermore|therefore|thus|hence|additionally|in addition|consequently|nevertheless|nonetheless|
    accordingly|similarly|likewise|conversely|instead|otherwise|meanwhile|as a result|for example|for instance|
    in contrast|by contrast|on the other hand|in particular|specifically|indeed|finally|second|third|secondly|thirdly|
    also|then|this|these|those|such|it|its|they|their|them|he|his|she|her|and|but|or|so|yet|both of these|which|
    here too|to this end|to that end|to do so|as such|
    cependant|toutefois|néanmoins|de plus|en outre|par ailleurs|ainsi|donc|alors|enfin|en effet|par exemple|mais|et|or|
    ce|cet|cette|ces|cela|ceci|il|elle|ils|elles|son|sa|ses|leur|leurs|celui-ci|celle-ci|
    sin embargo|además|asimismo|por lo tanto|por tanto|así|por ejemplo|pero|esto|esta|este|estos|estas|su|sus|ello|
    no entanto|porém|além disso|portanto|assim|por exemplo|mas|isso|isto|esses|essas|esse|essa|seu|sua|seus|suas|
    jedoch|allerdings|außerdem|daher|deshalb|somit|zudem|aber|und|dies|diese|dieser|dieses|diesen|sie|er|es|ihre|
    tuttavia|inoltre|pertanto|quindi|però|questo|questa|questi|queste|
    echter|bovendien|daarom|dus|maar|deze|dit
"""
_PHRASES = " ".join(_BACK_TEXT.split()).replace("| ", "|").split("|")
_BACK = re.compile(rf"[\"'“‘«(\[]{{0,4}}(?:{'|'.join(map(re.escape, _PHRASES))})\b", re.IGNORECASE)
_MIDDLE = re.compile(r"[a-zß-öø-ÿ,;:)\]–—-]")  # of a sentence: a small letter, or what cannot begin one


def opening(text: str) -> int:
    """Where the first sentence begins that does not refer to what came before; 0 where all do, or little is left."""
    for start, _ in sentences(text):
        if len(text) - start < _LEFT:
            break
        if not _BACK.match(text, start) and not _MIDDLE.match(text, start):
            return start
    return 0
