"""How a source is, in one word, and what somebody who looks after it could do."""

from __future__ import annotations

from typing import Literal

from ingest.sources.keeper import SourceState
from ingest.sources.web.address import is_address
from searchsvc.remarks import Code, Remark

__all__ = ["Status", "advice_for", "status_of"]

Status = Literal["new", "running", "good", "waiting", "broken", "paused", "leaving"]
_SOON = 3  # visits in a row that may fail before somebody should look


def status_of(state: SourceState) -> Status:
    """waiting: for somebody to confirm what is gone. leaving: it is being taken out."""
    source = state.source
    if source.removed_at:
        return "leaving"
    if state.running:
        return "running"
    if source.paused_at:
        return "paused"
    if source.held:
        return "waiting"
    if source.failing_since:
        return "broken"
    return "good" if source.good_at else "new"


def advice_for(state: SourceState) -> Remark | None:
    """None when there is nothing to do."""
    source, status = state.source, status_of(state)
    if status == "waiting":
        return Remark("source.confirm", {"name": source.name, "n": source.held})
    if status == "broken" and source.report.get("lasting"):
        return Remark("source.refused")
    if status == "broken" and source.failed < _SOON and source.due_at:
        return Remark("source.wait", {"when": source.due_at[:16].replace("T", " ")})
    if status == "broken":
        code: Code = "source.look" if is_address(source.location) else "source.look_here"
        return Remark(code, {"location": source.location})
    if status == "paused":
        return Remark("source.paused", {"name": source.name})
    if status == "new" and not source.every_s:
        return Remark("source.by_hand", {"name": source.name})
    if not_had := state.counts.get("failing", 0) - state.counts.get("unread", 0):
        return Remark("source.failing", {"n": not_had})
    if unread := state.counts.get("unread"):
        return Remark("source.unread", {"n": unread})
    return None
