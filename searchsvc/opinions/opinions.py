"""Asks a language model about what wording leaves open, and knows what it said.

It is asked of candidates alone: the offers that are shown with a need, and the pairs of projects that may do the same
work. Nobody waits for it: pages and answers show what is kept. Its word decides nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from searchsvc.catalogue import KeptOpinions, Says, opinion_key
from searchsvc.errors import BusyError, ModelAwayError, QueryError
from searchsvc.opinions.protocol import LanguageModel, Question
from searchsvc.projects.finder import ProjectFinder
from searchsvc.register import Project

__all__ = ["AskedNow", "Opinion", "Opinions", "Sure"]

Sure = Literal["yes", "no"]

AT_ONCE = 10  # questions in one request
WITHIN_S = 240.0  # no request is begun after so long


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a model said, when it was sure."""

    model: str
    says: Sure


@dataclass(frozen=True, slots=True)
class AskedNow:
    """said: what came of those that were asked; unusable answers are counted as asked. left: that were not.

    failed: the line that says why it ended early.
    """

    model: str
    asked: int
    said: dict[Says, int]
    left: int
    failed: str = ""


class Opinions:
    """Safe to use from many threads."""

    def __init__(
        self, *, model: LanguageModel | None, kept: KeptOpinions, projects: Callable[[], ProjectFinder],
        now: Callable[[], str], clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """model: None when none is set. now: ISO 8601."""
        self._model = model
        self._kept = kept
        self._projects = projects
        self._now = now
        self._clock = clock
        self._asking = threading.Lock()

    def on_offer(self, need: str, offer: str) -> Opinion | None:
        """What is kept of them; None when nothing is, or the model is not sure."""
        return self._known(Question("meets", need, offer))

    def on_projects(self, a: Project, b: Project) -> Opinion | None:
        return self._known(_of_projects(a, b))

    def _known(self, question: Question | None) -> Opinion | None:
        if self._model is None or question is None:
            return None
        says = self._kept.of(self._model.name).get(_key(question))
        return None if says is None or says == "unsure" else Opinion(self._model.name, says)

    def ask(self, limit: int) -> AskedNow:
        """Ask about so many of those that nothing is kept of, the likeliest first, and keep what is said.

        A server that fails changes nothing but the line that says so. Raises QueryError when no model is set, and
        BusyError while it is being asked already.
        """
        model = self._model
        if model is None:
            raise QueryError("no language model is set; SEARCHSVC_JUDGE_URL and SEARCHSVC_JUDGE_MODEL name one.")
        if not self._asking.acquire(blocking=False):
            raise BusyError(f"{model.name} is being asked already; wait until it has answered.")
        try:
            return self._ask(model, limit)
        finally:
            self._asking.release()

    def _ask(self, model: LanguageModel, limit: int) -> AskedNow:
        known = self._kept.of(model.name)
        open_ = {key: one for one in self._candidates() if (key := _key(one)) not in known}
        questions = list(open_.items())[:limit]
        said: dict[Says, int] = {"yes": 0, "no": 0, "unsure": 0}
        asked, failed, until = 0, "", self._clock() + WITHIN_S
        while asked < len(questions) and self._clock() < until:
            some = questions[asked : asked + AT_ONCE]
            try:
                answers = model.ask([one for _, one in some])
            except ModelAwayError as error:
                failed = str(error)
                break
            usable = {key: says for (key, _), says in zip(some, answers, strict=True) if says is not None}
            self._kept.put(model.name, usable, at=self._now())
            asked += len(some)
            for says in usable.values():
                said[says] += 1
        return AskedNow(model.name, asked, said, len(open_) - asked, failed)

    def _candidates(self) -> Iterator[Question]:
        """Of what is shown as a question, and is not decided. Hidden people, and what they say, are not in it."""
        projects = self._projects()
        for pair in projects.pairs():
            if not pair.sure:
                here = projects.judgement().register.projects
                if question := _of_projects(here[pair.a], here[pair.b]):
                    yield question
        near = [met for one in projects.gaps().needs if one.kind == "need" for met in one.nearest if not met.clear]
        for met in sorted(near, key=lambda one: -one.likeness):
            yield Question("meets", met.need.text.words, met.offer.text.words)


def _of_projects(a: Project, b: Project) -> Question | None:
    """As the register has them; None where it has neither goal nor approach of one."""
    first, second = sorted((_told(a), _told(b)))
    return Question("same work", first, second) if first and second else None


def _told(project: Project) -> str:
    said: Sequence[tuple[str, str | None]] = (
        ("goal", project.goal), ("approach", project.approach), ("population", project.population),
        ("setting", project.setting), ("stage", project.stage),
    )  # fmt: skip
    if not (project.goal or project.approach):
        return ""
    return "\n".join(f"{name}: {text}" for name, text in said if text)


def _key(question: Question) -> str:
    return opinion_key(question.kind, question.first, question.second)
