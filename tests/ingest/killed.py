"""`killed.py SIGNAL WHERE CALL WHEN ARGUMENTS...`: the command line, which sends itself SIGNAL before or after (WHEN)
the CALL-th call of WHERE, a method `module:Class.method` or a `module:function`: at a certain moment, however fast the
machine is.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from itertools import count
from typing import Any

from searchsvc.cli import program


def arm(number: signal.Signals, where: str, call: int, when: str) -> None:
    module, _, path = where.partition(":")
    class_name, _, method = path.rpartition(".")
    owner: Any = importlib.import_module(module)
    owner = getattr(owner, class_name) if class_name else owner
    whole = getattr(owner, method)
    calls = count(1)

    def deadly(*args: Any, **given: Any) -> Any:
        now = next(calls) == call
        if now and when == "before":
            os.kill(os.getpid(), number)
        result = whole(*args, **given)
        if now:
            os.kill(os.getpid(), number)
        return result

    setattr(owner, method, deadly)


if __name__ == "__main__":
    if (
        signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    ):  # as a shell's script has it for what it runs in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    name, where, call, when, *arguments = sys.argv[1:]
    arm(signal.Signals[name], where, int(call), when)
    sys.argv = ["searchsvc", *arguments]
    program()
