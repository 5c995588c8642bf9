"""Makes the files of the sample archive from their texts, byte for byte the same every time.

    python -m eval.archive.build            builds eval/archive/files from eval/archive/sources
    python -m eval.archive.build --check    exits with 1 and names the files that differ from what would be built

The texts' format is that of `eval.archive.source` (front matter), `eval.archive.markdown` and `eval.archive.slides`.
Needs reportlab and Pillow: `pip install searchsvc[test]`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eval.archive import pages, papers, presentations
from eval.archive.source import (
    ArchiveSource,
    FrontMatter,
    PageFront,
    PaperFront,
    PresentationFront,
    SourceError,
    read_source,
)

__all__ = ["KINDS", "BuildError", "Built", "build", "differences", "main"]

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class SourceKind:
    model: type[FrontMatter]
    suffix: str
    render: Callable[[ArchiveSource[Any]], bytes]


KINDS: Mapping[str, SourceKind] = MappingProxyType(
    {
        "papers": SourceKind(PaperFront, ".pdf", papers.render),
        "presentations": SourceKind(PresentationFront, ".pptx", presentations.render),
        "pages": SourceKind(PageFront, ".html", pages.render),
    }
)


@dataclass(frozen=True, slots=True)
class Built:
    kind: str
    files: int
    size_bytes: int


class BuildError(ValueError):
    """Sources that cannot be built, one line each."""

    def __init__(self, faults: Sequence[SourceError]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


def build(sources: Path, target: Path) -> list[Built]:
    """Builds `sources/KIND/*.md` into `target/KIND`. Files without a source stay.

    Raises BuildError after all sources were tried; what could be built is there then.
    """
    built, faults = [], []
    for name, kind in KINDS.items():
        folder = target / name
        folder.mkdir(parents=True, exist_ok=True)
        sizes = []
        for path in sorted((sources / name).glob("*.md")):
            try:
                data = kind.render(read_source(path, kind.model))
            except SourceError as fault:
                faults.append(fault)
                continue
            (folder / f"{path.stem}{kind.suffix}").write_bytes(data)
            sizes.append(len(data))
        built.append(Built(name, len(sizes), sum(sizes)))
    if faults:
        raise BuildError(faults)
    return built


def differences(sources: Path, target: Path) -> list[str]:
    """What `build` would change in `target`, a line each: missing, different, without a source. Raises BuildError."""
    differing = []
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder)
        build(sources, fresh)
        for name, kind in KINDS.items():
            wanted = {path.name for path in (fresh / name).iterdir()}
            present = {path.name for path in (target / name).glob(f"*{kind.suffix}")}
            for file in sorted(wanted | present):
                if file not in present:
                    differing.append(f"{name}/{file} is missing")
                elif file not in wanted:
                    differing.append(f"{name}/{file} has no source")
                elif (fresh / name / file).read_bytes() != (target / name / file).read_bytes():
                    differing.append(f"{name}/{file} differs")
    return differing


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.archive.build", description="Build the sample archive.")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 when files differ")
    parser.add_argument("--sources", type=Path, default=HERE / "sources")
    parser.add_argument("--target", type=Path, default=HERE / "files")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            differing = differences(options.sources, options.target)
            sys.stdout.writelines(f"{line}\n" for line in differing)
            return 1 if differing else 0
        for one in build(options.sources, options.target):
            sys.stdout.write(f"{one.kind}: {one.files} files, {one.size_bytes / 1e6:.1f} MB\n")
    except BuildError as faults:
        sys.stderr.write(f"{faults}\n")
        return 2
    except ImportError as error:
        sys.stderr.write(f"{error.name} is needed: pip install searchsvc[test]\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
