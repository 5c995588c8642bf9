"""The encoder in a process of its own gives what one in this process gives, and survives the end of that process."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.encoding import EncoderProcess
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.errors import ModelError


@pytest.fixture(scope="module")
def shared() -> Iterator[EncoderProcess]:
    made = EncoderProcess("hashing")
    yield made
    made.close()


def pid_of(encoder: EncoderProcess) -> int:
    assert encoder._process
    return encoder._process.pid


def is_gone(pid: int) -> bool:
    """Ended, or a zombie that nobody has looked at yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_vectors_come_back_in_the_order_of_the_texts(shared: EncoderProcess) -> None:
    texts = [*(f"text number {number}" for number in range(50)), "", "Ünïcode 😀"]
    expected = HashingEncoder().encode_passages(texts)
    answer = shared.encode(texts)
    np.testing.assert_array_equal(answer.dense, expected.dense)


def test_no_texts_give_no_vectors(shared: EncoderProcess) -> None:
    assert shared.encode([]).dense.shape == (0, 64)


def test_a_failure_is_one_line_and_the_process_goes_on(shared: EncoderProcess) -> None:
    pid = None
    for bad in (["fine", "\ud800 lone surrogate"], [None]):
        with pytest.raises(ModelError, match="the encoder failed") as caught:
            shared.encode(bad)  # type: ignore[arg-type]
        assert "\n" not in str(caught.value)
        pid = pid or pid_of(shared)
    assert pid_of(shared) == pid
    assert shared.encode(["fine"]).dense.shape == (1, 64)


def test_a_process_that_was_killed_is_started_again(shared: EncoderProcess) -> None:
    expected = shared.encode(["one", "two"]).dense
    before = pid_of(shared)
    os.kill(before, signal.SIGKILL)
    np.testing.assert_array_equal(shared.encode(["one", "two"]).dense, expected)
    assert pid_of(shared) != before


def test_a_process_that_is_killed_while_it_encodes_does_its_work_again() -> None:
    encoder = EncoderProcess("hashing")
    encoder.start()
    pid = pid_of(encoder)
    os.kill(pid, signal.SIGSTOP)
    answers: list[object] = []
    asking = threading.Thread(target=lambda: answers.append(encoder.encode(["one"]).dense.shape))
    asking.start()
    asking.join(0.1)
    os.kill(pid, signal.SIGKILL)
    asking.join(300)
    encoder.close()
    assert answers == [(1, 64)]


def test_a_process_that_ends_every_time_is_given_up_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(1)")
    monkeypatch.syspath_prepend(str(tmp_path))
    encoder = EncoderProcess("hashing")
    with pytest.raises(ModelError, match="ended twice") as caught:
        encoder.encode(["one"])
    encoder.close()
    assert "\n" not in str(caught.value)


def test_a_model_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    encoder = EncoderProcess(str(tmp_path / "no-model"))
    with pytest.raises(ModelError) as caught:
        encoder.encode(["one"])
    encoder.close()
    assert "no-model" in str(caught.value) and "\n" not in str(caught.value)


def test_a_closed_encoder_leaves_no_process_and_says_that_it_is_closed() -> None:
    encoder = EncoderProcess("hashing")
    encoder.start()
    pid = pid_of(encoder)
    encoder.start()
    assert pid_of(encoder) == pid
    encoder.close()
    encoder.close()
    assert is_gone(pid)
    with pytest.raises(ModelError, match="closed"):
        encoder.encode(["one"])
