"""How often Python looks for what can be freed."""

from __future__ import annotations

import gc

__all__ = ["collect_seldom"]

_NEW = 50_000  # objects, after which the youngest are looked through; Python's own 700 is for small programs
_OFTEN = (20, 100)  # so many times before the older ones are, too


def collect_seldom() -> None:
    """What is there stays and is looked through no more, and what is made is looked through in larger parts.

    An archive and its network are millions of objects that stay. To look through them again and again takes a tenth of
    a search, and a fifth to a third of what is made of a whole network.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW, *_OFTEN)
