"""How fast the recommendations are in a network of a given size, and after one edit.

Words are encoded by `HashingEncoder` with as many dimensions as the bundled encoder has, so that what is measured is
the comparing and not the model; everything else is what answers users. Encoding is told apart, as `encode_s`. Beside
the time by the clock stands that of the processor (`cpu`), which says more where others use the machine.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import httpx

from eval.bench.measures import Figures, settings_for
from eval.bench.network import MadeNetwork, Sizes
from searchsvc.api.app import create_app
from searchsvc.api.context import Running
from searchsvc.collecting import collect_seldom
from searchsvc.encode.hashing import HashingEncoder
from searchsvc.encode.identity import identity_of
from searchsvc.service import Service
from searchsvc.settings import Settings
from searchsvc.web.site import add_site

__all__ = ["GROWTH", "measured_growth"]

GROWTH = (100, 1000, 5000)  # projects
_ASKED = 15  # of each kind, of which the median is told


def measured_growth(settings: Settings, projects: int, say: Callable[[str], object] = lambda line: None) -> Figures:
    """Seconds for the whole network, the first time and after one edit; milliseconds for one person or project."""
    with tempfile.TemporaryDirectory(prefix="searchsvc-bench-") as folder:
        own = settings_for(settings, Path(folder))
        encoder = HashingEncoder(identity_of(settings.encoder).dimensions)
        with Service(own, work=False, query_encoder=lambda: encoder) as service:
            made = MadeNetwork(Sizes(projects))
            say(f"making a network of {projects} projects")
            fill_s = _seconds(lambda: made.fill(service, encoder))
            say("encoding and reading it")
            read_s = _seconds(lambda: service.archive.current())
            encode_s = _seconds(lambda: service.judge.now())
            collect_seldom()  # as a service does
            figures: Figures = {
                "projects": projects, "people": made.sizes.people, "works": made.sizes.works,
                "needs_and_offers": len(service.judge.now().needs) + len(service.judge.now().offers),
                "fill_s": fill_s, "read_s": read_s, "encode_s": encode_s,
            }  # fmt: skip
            whole: dict[str, Callable[[], object]] = {
                "duplicates": lambda: service.projects.duplicates(limit=200),
                "gaps": lambda: service.projects.gaps(),
                "introductions": lambda: service.network.suggest(limit=50),
            }
            for name, run in whole.items():
                say(f"{name} of the whole network")
                figures[f"{name}_first_s"], figures[f"{name}_first_cpu_s"] = _both(run)
            with _asking(own, service) as ask:
                pages: dict[str, Callable[[int], object]] = {
                    "collaborators": lambda at: service.collaborators.for_person(f"person-{at}"),
                    "complementary": lambda at: service.projects.complementary(service.projects.of(f"project-{at}")),
                    "person_page": lambda at: ask(f"/people/person-{at}"),
                    "project_page": lambda at: ask(f"/projects/project-{at}"),
                }
                for name, one in pages.items():
                    say(name)
                    one(0)
                    times = [_both(partial(one, at)) for at in range(1, 1 + _ASKED)]
                    figures[f"{name}_ms"] = round(1000 * median(clock for clock, _ in times), 1)
                    figures[f"{name}_cpu_ms"] = round(1000 * median(cpu for _, cpu in times), 1)
                say("after one edit")
                figures["edit_s"] = _seconds(lambda: service.registry.set("person", "person-7", {"needs": ["a kiln"]}))
                figures["edit_read_s"] = _seconds(lambda: service.judge.now())
                for name, run in whole.items():
                    figures[f"{name}_after_edit_s"], figures[f"{name}_after_edit_cpu_s"] = _both(run)
                figures["project_page_after_edit_ms"] = round(1000 * _seconds(lambda: ask("/projects/project-3")), 1)
                figures["network_kB"] = round(len(ask("/v1/network").content) / 1000, 1)
                page = ask("/network")
                figures["network_page_kB"] = round(len(page.content) / 1000, 1)
                figures["network_page_elements"] = page.text.count("<") - page.text.count("</")
                figures["network_page_again_ms"] = round(1000 * _seconds(lambda: ask("/network")), 1)
            figures["memory_mb"] = _memory_mb()
    return figures


def _seconds(run: Callable[[], object]) -> float:
    return _both(run)[0]


def _both(run: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and of this process on the processor."""
    began, worked = time.perf_counter(), time.process_time()
    run()
    return round(time.perf_counter() - began, 3), round(time.process_time() - worked, 3)


@contextmanager
def _asking(settings: Settings, service: Service) -> Iterator[Callable[[str], httpx.Response]]:
    """GET of a page of the service, without a network between."""
    app = create_app(Running(settings, service))
    add_site(app)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost", timeout=600)
    with asyncio.Runner() as loop:

        def ask(path: str) -> httpx.Response:
            return loop.run(client.get(path)).raise_for_status()

        yield ask
        loop.run(client.aclose())


def _memory_mb() -> float:
    """Resident memory of this process, with the network's generator; 0 where it is not known."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines() if ":" in line)
    return round(int(lines["VmRSS"].split()[0]) / 1024, 0)
