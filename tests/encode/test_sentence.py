"""Other models, by sentence-transformers: a folder, the bundled one, and what is said where the library is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from searchsvc.encode.load import load_counter, load_encoder
from searchsvc.encode.models import bundled_folder
from searchsvc.encode.rerank import CrossEncoder
from searchsvc.errors import ModelError
from tests.conftest import needs

TEXTS = ["A ring of silicone.", "Funders meet in Nairobi.", ""]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model, tiny and untrained, with the bundled one's tokenizer and a prompt for queries."""
    needs("sentence_transformers", "encoders")
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import AutoTokenizer, BertConfig, BertModel

    torch.manual_seed(1)
    base = tmp_path_factory.mktemp("base")
    tokenizer = AutoTokenizer.from_pretrained(str(bundled_folder()), local_files_only=True)
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(str(base))
    tokenizer.save_pretrained(str(base))
    made = tmp_path_factory.mktemp("models") / "tiny"
    model = SentenceTransformer(
        modules=[Transformer(str(base), max_seq_length=64), Pooling(16)], prompts={"query": "query: "}
    )
    model.save(str(made))
    return made


def test_a_folder_is_an_encoder_of_its_own(folder: Path) -> None:
    encoder = load_encoder(str(folder))
    passages, queries = encoder.encode_passages(TEXTS), encoder.encode_queries(TEXTS)
    assert (encoder.dimensions, encoder.max_tokens) == (16, 64)
    assert passages.dense.shape == (3, 16)
    np.testing.assert_allclose(np.linalg.norm(passages.dense, axis=1), 1, atol=1e-5)
    assert not np.allclose(passages.dense[0], queries.dense[0], atol=1e-3), "the prompt is for queries alone"
    assert encoder.fingerprint.startswith("tiny@")


def test_tokens_are_counted_without_loading_the_model(folder: Path) -> None:
    counter = load_counter(str(folder))
    assert list(counter.count(TEXTS)) == [8, 8, 2]


def test_the_bundled_model_runs_on_torch_too() -> None:
    needs("sentence_transformers", "encoders")
    torch, fast = load_encoder(backend="torch"), load_encoder()
    assert torch.fingerprint == fast.fingerprint
    cosines = (torch.encode_passages(TEXTS).dense * fast.encode_passages(TEXTS).dense).sum(axis=1)
    assert cosines.min() > 0.97


def test_without_the_extra_one_line_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    for what in (lambda: load_encoder(str(tmp_path)), lambda: CrossEncoder("some/cross-encoder")):
        with pytest.raises(
            ModelError, match=r"needs sentence-transformers.*; run: pip install 'searchsvc\[encoders\]'"
        ) as error:
            what()
        assert "\n" not in str(error.value)
