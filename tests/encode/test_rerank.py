"""A cross-encoder that is asked for reorders the best passages; one that cannot be used is refused with one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from searchsvc.encode.models import bundled_folder
from searchsvc.encode.rerank import CrossEncoder
from searchsvc.errors import ModelError
from tests.conftest import needs


def made(folder: Path, labels: int) -> Path:
    """A real one, tiny and untrained, with the bundled model's tokenizer. The same weights every time."""
    needs("sentence_transformers", "encoders")
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(1)
    tokenizer = AutoTokenizer.from_pretrained(str(bundled_folder()), local_files_only=True)
    config = BertConfig(  # type: ignore[call-arg,unused-ignore]
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        num_labels=labels,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))
    return folder


def test_every_passage_gets_a_score_of_its_own(tmp_path: Path) -> None:
    model = CrossEncoder(str(made(tmp_path / "model", 1)))
    scores = model.scores("rings", ["A ring of silicone.", "Funders meet in Nairobi.", "word " * 2000])
    assert len(scores) == 3 and len(set(scores)) == 3
    assert model.scores("rings", []) == []


def test_one_that_gives_several_scores_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="3 scores"):
        CrossEncoder(str(made(tmp_path / "model", 3)))


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    needs("sentence_transformers", "encoders")
    with pytest.raises(ModelError, match="cannot be loaded"):
        CrossEncoder(str(tmp_path))
