"""What a worker of the sandbox may still do: read the installation and its file, and answer.

Linux alone, and as far as its kernel goes: Landlock (from 5.13) keeps it from every other file, and from TCP (6.7) and
other processes (6.12); a seccomp filter keeps it from sockets to anywhere. Where neither is there, the worker runs with
the limits on time and memory alone. docs.kernel.org/userspace-api/landlock.html has the numbers.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["Confined", "confine", "possible"]

Confined = tuple[bool, bool]  # files, sockets

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # system calls, the same on every architecture
_VERSION, _PATH_BENEATH = 1, 1

_READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, list a folder
_READ_FILE = 1 << 0 | 1 << 2
_ALL_OF_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}  # by version
_TCP = 3  # bind, connect; from version 4
_OTHER_PROCESSES = 3  # abstract sockets, signals; from version 6
_SYSTEM = (
    "/usr", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/localtime", "/dev/null", "/dev/urandom", "/dev/zero",
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu",
)  # fmt: skip

# audit architecture, socket, io_uring_setup
_CALLS = {"x86_64": (0xC000003E, 41, 425), "aarch64": (0xC00000B7, 198, 425)}
_AF_UNIX = 1
_OTHER_ABI = 0x40000000  # x32, which numbers the calls otherwise


def possible() -> Confined:
    """What this kernel can do."""
    return _landlock_version() > 0, sys.platform == "linux" and platform.machine() in _CALLS


def confine(files: Iterable[str], writable: Iterable[str] = ()) -> Confined:
    """Give up, for this process and all that it starts, what reading one file does not need. Cannot be taken back.

    files: that may be read besides the installation. writable: files or folders that may be changed.
    """
    if sys.platform != "linux":
        return False, False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return _keep_to_files(libc, files, writable), _close_sockets(libc)


def _keep_to_files(libc: ctypes.CDLL, files: Iterable[str], writable: Iterable[str]) -> bool:
    version = _landlock_version()
    if version < 1:
        return False
    every = max((bits for since, bits in _ALL_OF_FILES.items() if since <= version), default=0)
    attributes = struct.pack("=QQQ", every, _TCP if version >= 4 else 0, _OTHER_PROCESSES if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    for path in (*_installation(), *files):
        _allow(libc, ruleset, path, _READ)
    for path in writable:
        _allow(libc, ruleset, path, every)
    done: bool = libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0
    os.close(ruleset)
    return done


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    with contextlib.suppress(OSError):  # what is not there needs no leave
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        if not Path(path).is_dir():
            access &= _READ_FILE | 1 << 1 | 1 << 14 | 1 << 15
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", access, descriptor), 0)
        os.close(descriptor)


def _installation() -> Iterator[str]:
    """What Python imports from, and what its libraries load."""
    yield from _SYSTEM
    yield from dict.fromkeys([sys.prefix, sys.base_prefix, sys.exec_prefix, *(one for one in sys.path if one)])


def _close_sockets(libc: ctypes.CDLL) -> bool:
    """Only sockets between processes of this machine can be made; those that are open stay."""
    if platform.machine() not in _CALLS:
        return False
    architecture, socket, io_uring = _CALLS[platform.machine()]
    load, equal, at_least, leave = 0x20, 0x15, 0x35, 0x06
    allowed, refused, killed = 0x7FFF0000, 0x00050001, 0x80000000  # refused: EPERM
    program = [
        (load, 0, 0, 4),  # architecture
        (equal, 1, 0, architecture), (leave, 0, 0, killed),
        (load, 0, 0, 0),  # number of the call
        (at_least, 5, 0, _OTHER_ABI),
        (equal, 4, 0, io_uring),
        (equal, 0, 2, socket),
        (load, 0, 0, 16),  # its first argument
        (equal, 0, 1, _AF_UNIX),
        (leave, 0, 0, allowed), (leave, 0, 0, refused),
    ]  # fmt: skip
    code = b"".join(struct.pack("=HBBI", *one) for one in program)
    held = ctypes.create_string_buffer(code, len(code))
    filter_ = struct.pack("@HxxxxxxP", len(program), ctypes.addressof(held))
    done: bool = libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, filter_, 0, 0) == 0
    return done


def _landlock_version() -> int:
    if sys.platform != "linux":
        return 0
    version: int = ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    return version
