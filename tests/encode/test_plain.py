"""The encoder that is ready at once gives what the fast one gives, and leaves many texts to it."""

from __future__ import annotations

import pytest

from searchsvc.encode.encoder import Encoder
from searchsvc.encode.load import load_query_encoder
from searchsvc.encode.openvino import OpenVinoEncoder
from searchsvc.encode.plain import FEW, EncoderAtOnce, PlainEncoder
from searchsvc.encode.quantization import load_quantization
from searchsvc.settings import Settings

TEXTS = [
    "how long does the ring last", "", "p24", "Text with [SEP] and [CLS] in it.",
    "The trial was stopped early because no difference between the two arms could be expected any more. " * 30,
]  # fmt: skip


# Processors without VNNI add int8 products otherwise (0.995 here): near enough, see PROBES in encode/openvino.py.
@pytest.mark.parametrize(("precision", "closest"), [("int8", 0.99), ("fp32", 0.99999)])
def test_vectors_are_those_of_the_fast_one_in_both_precisions(precision: str, closest: float) -> None:
    fast = OpenVinoEncoder(precision)  # type: ignore[arg-type]
    plain = PlainEncoder(load_quantization() if precision == "int8" else None)
    ours, theirs = plain.encode_passages(TEXTS), fast.encode_passages(TEXTS)
    assert (ours.dense * theirs.dense).sum(axis=1).min() > closest
    assert (plain.fingerprint, plain.dimensions, plain.max_tokens) == (
        fast.fingerprint,
        fast.dimensions,
        fast.max_tokens,
    )
    assert plain.token_spans(TEXTS[3]) == fast.token_spans(TEXTS[3])


def test_no_texts_give_no_vectors() -> None:
    assert PlainEncoder(None).encode_passages([]).dense.shape == (0, 384)


def test_the_fast_one_is_loaded_when_there_are_more_than_a_few_texts_and_not_before() -> None:
    loaded: list[Encoder] = []

    def load() -> Encoder:
        loaded.append(OpenVinoEncoder(threads=1))
        return loaded[-1]

    encoder = EncoderAtOnce(PlainEncoder(load_quantization()), load)
    first = encoder.encode_queries(["ring"] * FEW)
    assert not loaded
    more = encoder.encode_queries(["ring", "gel"])
    assert len(loaded) == 1
    assert float(first.dense[0] @ more.dense[0]) > 0.99
    encoder.encode_queries(["implant"])
    assert len(loaded) == 1


def test_a_command_and_a_service_have_one_encoder_to_an_index() -> None:
    settings = Settings(encoder="all-MiniLM-L6-v2")
    at_once, stays = load_query_encoder(settings, at_once=True), load_query_encoder(settings)
    assert (at_once.fingerprint, at_once.dimensions) == (stays.fingerprint, stays.dimensions)
    one, other = at_once.encode_queries(["how long"]), stays.encode_queries(["how long"])
    assert float(one.dense[0] @ other.dense[0]) > 0.99
