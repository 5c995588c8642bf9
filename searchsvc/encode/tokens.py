"""Counting tokens as an encoder will, with nothing loaded but its tokenizer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from searchsvc.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["TokenCounter"]


class TokenCounter:
    """The tokens of an encoder's texts. Loads `tokenizer.json` alone: neither torch nor transformers, about 0.1 s.

    max_tokens: what the encoder reads of one text, special tokens included. prompt: what it puts before every passage.
    """

    def __init__(self, tokenizer: Tokenizer, *, max_tokens: int, prompt: str = "") -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self.max_tokens = max_tokens
        self.prompt = prompt

    @property
    def special(self) -> list[int]:
        """The ids that stand before and after every text."""
        return sorted(set(self.ids([""])[0]))

    @classmethod
    def from_folder(cls, folder: Path) -> TokenCounter:
        """For the sentence-transformers model in `folder`. Raises ModelError when it has no usable `tokenizer.json`."""
        from tokenizers import Tokenizer

        path = folder / "tokenizer.json"
        if not path.is_file():
            raise ModelError(
                f"{folder} has no tokenizer.json, so its tokens cannot be counted without loading the model."
            )
        try:
            tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # tokenizers raises nothing more specific
            raise ModelError(f"{path} cannot be read: {error}.") from None
        transformer = _read(folder / "sentence_bert_config.json")
        tokens = transformer.get("max_seq_length") or _read(folder / "tokenizer_config.json").get("model_max_length")
        prompts = _read(folder / "config_sentence_transformers.json").get("prompts") or {}
        prompt = prompts.get("document") or prompts.get("passage") or ""
        return cls(tokenizer, max_tokens=min(int(tokens or 512), 8192), prompt=prompt)

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """The (start, end) offsets in characters of every token, without special tokens and never cut off."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens the encoder will see for each passage, special tokens and prompt included."""
        given = [self.prompt + text for text in texts] if self.prompt else list(texts)
        return [len(encoding) for encoding in self._tokenizer.encode_batch_fast(given)]

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text as the encoder reads them: special ones at both ends, cut off at `max_tokens`."""
        all_ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        return [ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]] for ids in all_ids]


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}.") from None
    return values if isinstance(values, dict) else {}
