"""What a multilingual encoder says of any text, whatever it is about: taken away, only what it is about is left.

All of its vectors lie in one narrow cone, and within that those of a language lie together, so that a question in
French is nearer to any text in French than to the English one that answers it. `neutral.txt` says the same sixteen
sentences of no field in eleven languages: their mean is what all texts share, and the differences between the means of
languages span what only tells the language (Yang et al. 2021, language-agnostic representations by subspace removal).

    nDCG@10 by meaning alone, sample archive, 62 queries      English   French   Spanish   Portuguese
    vectors as they are                                       .783      .630     .721      .614
    less the mean                                             .776      .622     .719      .596
    less four directions of languages as well                 .778      .666     .722      .693
    less all ten                                              .777      .705     .727      .707
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from searchsvc.encode.algebra import unit
from searchsvc.model import Matrix

__all__ = ["NEUTRAL", "NEUTRAL_KEPT", "Neutral", "neutral_texts"]

# Who changes it changes MULTILINGUAL_FINGERPRINT as well, and runs `python -m eval.quantization`.
NEUTRAL = Path(__file__).with_name("neutral.txt")
NEUTRAL_KEPT = Path(__file__).with_name("neutral.npy")


@dataclass(frozen=True, slots=True)
class Neutral:
    """means: by role (0 passages, 1 queries), (2, d). languages: (languages - 1, d), orthonormal rows."""

    means: Matrix
    languages: Matrix

    @classmethod
    def of(cls, encode: Callable[[int, Sequence[str]], Matrix], texts: Mapping[str, Sequence[str]]) -> Neutral:
        """encode: role and texts to vectors of unit length. texts: language -> sentences, the same in all."""
        by_role = [np.stack([encode(role, some).mean(axis=0) for some in texts.values()]) for role in (0, 1)]
        means = np.stack([one.mean(axis=0) for one in by_role])
        apart = np.concatenate([one - mean for one, mean in zip(by_role, means, strict=True)])
        languages = np.linalg.svd(apart, full_matrices=False)[2][: len(texts) - 1]
        return cls(means.astype(np.float32), languages.astype(np.float32))

    @classmethod
    def load(cls, path: Path = NEUTRAL_KEPT) -> Neutral:
        rows = np.load(path)
        return cls(rows[:2], rows[2:])

    def save(self, path: Path = NEUTRAL_KEPT) -> None:
        np.save(path, np.concatenate([self.means, self.languages]))

    def without(self, vectors: Matrix, role: int) -> Matrix:
        """(n, d), unit length, to the same without what says nothing of what a text is about."""
        apart = vectors - self.means[role]
        return unit(np.asarray(apart - (apart @ self.languages.T) @ self.languages, np.float32))


def neutral_texts(path: Path = NEUTRAL) -> dict[str, list[str]]:
    """language -> sentences; a language begins with a line such as `# en`."""
    texts: dict[str, list[str]] = {}
    language = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("# "):
            language = line[2:]
        elif line:
            texts.setdefault(language, []).append(line)
    return texts
