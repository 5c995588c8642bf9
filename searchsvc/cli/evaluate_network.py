"""`eval` of people, projects and the network: recommendations, names, and what is close to a resource."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from searchsvc.cli.evaluate import AsJson, Split
from searchsvc.cli.state import State

if TYPE_CHECKING:
    from searchsvc.settings import Settings

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    for name, command in (
        ("complementary", complementary), ("network", network), ("experts", experts), ("ties", ties),
        ("names", names_), ("related", related),
    ):  # fmt: skip
        app.command(name)(command)


def complementary(context: typer.Context, json: AsJson = False) -> None:
    """Measure the suggestions of complementary projects on the sample archive."""
    from rich.progress import Progress

    from eval.complementary import measured
    from eval.index import archive_indexed
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    with Progress(console=console(to_errors=True), disable=json, transient=True) as bar:
        task = bar.add_task("indexing", total=None)
        with archive_indexed(state.settings(), lambda done, of: bar.update(task, completed=done, total=of)) as service:
            scores = measured(service)
    if json:
        counted = ("duplicates_as_complementary", "known_as_complementary")
        as_json(
            {
                **{name: int(value) if name in counted else round(value, 4) for name, value in scores.means.items()},
                "topics": scores.by_topic,
                "wrong": scores.wrong,
            }
        )
        return
    for name, value in scores.means.items():
        console().print(f"  {name:<28} {value:.4f}")
    for topic, names in scores.wrong.items():
        console().print(f"  [red]duplicates suggested[/] {topic}: {', '.join(names)}")


def network(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option(help="A folder of networks (coast, awards, coauthors) to measure as well.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="One of them; may be given several times.")] = None,
    own: Annotated[bool, typer.Option("--own", help="What you said to what your own archive suggested.")] = False,
    json: AsJson = False,
) -> None:
    """Measure complementary projects, needs, duplicates, collaborators and introductions on several networks."""
    from eval.network import NETWORKS, measured_network
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError

    state: State = context.obj
    if own:
        _own(state, json=json)
        return
    if unknown := sorted({*(only or ())} - {*NETWORKS}):
        raise QueryError(f"{unknown[0]} is no network that is measured; there are {', '.join(NETWORKS)}.")
    found: dict[str, dict[str, float]] = {}
    left_out: dict[str, str] = {}
    for name in only or NETWORKS:
        try:
            found[name] = measured_network(name, data, state.settings())
        except QueryError as error:
            left_out[name] = str(error)
        if not json:
            console().print(f"[bold]{name}[/]" + (f"  [dim]{left_out[name]}[/]" if name in left_out else ""))
            for measure, value in found.get(name, {}).items():
                console().print(f"  {measure:<34} {value:.4f}")
    if json:
        as_json({"networks": found, "left_out": left_out})


def _own(state: State, *, json: bool) -> None:
    from dataclasses import asdict

    from eval.answered import answered
    from searchsvc.cli.output import as_json, console
    from searchsvc.service import Service

    with Service(state.settings(), work=False) as service:
        found = answered(service)
    if json:
        as_json({"answered": [asdict(one) for one in found]})
        return
    for one in found:
        console().print(
            f"  {one.of:<14} {one.yes} yes, {one.no} no   {one.share:.2f}   [dim]{one.low:.2f} to {one.high:.2f}[/]"
        )
    if not found:
        console().print("Nothing that was suggested is answered yet.")


def experts(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option(
            help="A folder with papers, ratings and profiles, plain or gzipped; the sample archive's topics when not "
            "given."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Measure who is called an expert: on papers, against what researchers said of themselves, or on the sample
    archive's topics."""
    from dataclasses import asdict

    from eval.experts import load_ratings, measure
    from eval.works import contents_of
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    if data is None:
        _collaborators(state.settings(), json)
        return
    given = load_ratings(data)
    works, queries = ([given.papers[paper] for paper in ids] for ids in (given.authored, given.rated))
    measured = measure(given, contents_of(works, queries, state.settings()))
    if json:
        as_json({**asdict(measured), "researchers": measured.researchers})
        return
    low, high = measured.interval
    out = console()
    out.print(f"loss {measured.loss:.4f}   [dim]{low:.4f} to {high:.4f}[/]   (0 is best, 0.5 is chance)")
    samples = sorted(measured.by_sample.values())
    out.print(f"  {measured.researchers} researchers, {measured.pairs} pairs of papers")
    out.print(f"  {len(samples)} samples of their works, {samples[0]:.4f} to {samples[-1]:.4f}")
    out.print(f"  mean of cosines over all works, for comparison: {measured.cosine_loss:.4f}")


def ties(
    context: typer.Context,
    data: Annotated[Path, typer.Option(help="A folder with papers.jsonl, plain or gzipped, that names authors.")],
    json: AsJson = False,
) -> None:
    """Hide the one work that two people share, and see whether they come up for each other."""
    from dataclasses import asdict

    from eval.ties import measure
    from eval.works import contents_of, read_papers
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    papers = list(read_papers(data).values())
    measured = measure(papers, contents_of(papers, [], state.settings()))
    if json:
        as_json(asdict(measured))
        return
    out = console()
    out.print(f"{measured.cases} cases: {measured.people} people, {measured.papers} papers hidden in turn")
    for method, one in measured.recall_at_10.items():
        out.print(f"  R@10 {method:<18} {one.value:.4f}   [dim]{one.interval[0]:.4f} to {one.interval[1]:.4f}[/]")


def names_(
    data: Annotated[
        Path,
        typer.Option(
            help="A folder with names/ and institutions/: tables of written names, variants and affiliations."
        ),
    ],
    json: AsJson = False,
) -> None:
    """Measure how names of people and institutions are read and told apart."""
    from dataclasses import asdict

    from eval.names import measure
    from searchsvc.cli.output import as_json, console, escape

    measured = measure(data)
    if json:
        as_json(asdict(measured))
        return
    out = console()
    for form, one in measured.forms.items():
        out.print(f"  {form:<22} {one.right:.4f}   [dim]{one.rows} names[/]")
    for form, one in measured.unsure.items():
        out.print(f"  [dim]{form:<22} {one.right:.4f}   {one.rows} that the string alone does not tell[/]")
    if measured.han:
        out.print(f"  {'in Chinese':<22} {measured.han.right:.4f}   [dim]{measured.han.rows} names[/]")
    out.print(f"  no names, but taken    {len(measured.taken)} of {measured.not_names}")
    out.print(f"  names, but refused     {len(measured.refused)} of {measured.printed}")
    for text in (*measured.taken, *measured.refused):
        out.print(f"    [dim]{escape(text)}[/]")
    if measured.variants:
        ways = ", ".join(f"{way} {count}" for way, count in measured.ways.items())
        out.print(f"  variants that fit      {measured.variants.right:.4f}   [dim]{ways}[/]")
    alike = ", ".join(f"{kind} {count}" for kind, count in measured.different.items())
    out.print(f"  different people that fit: {alike or 0}; certain by the name alone: {measured.certain}")
    for how, counted in measured.affiliations.items():
        out.print(
            f"  {how:<14} {counted.rows}: certain and right {counted.certain_right}, certain and wrong "
            f"{counted.certain_wrong}, likely {counted.likely_first}, likely and wrong {counted.likely_wrong}, "
            f"nothing {counted.nothing}"
        )
    if measured.affiliations:
        out.print(f"  certain within a longer name that is not known: {len(measured.contained)}")


def related(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option(help="A set in BEIR layout with a facet for each query; the sample archive when not given."),
    ] = None,
    split: Split = None,
    json: AsJson = False,
) -> None:
    """Measure how related resources are ranked, by facet."""
    from dataclasses import asdict

    from rich.progress import Progress

    from eval.index import archive_indexed
    from eval.judgments.network import related as judged_related
    from eval.related import judged_archive, judged_set, label_agreement
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    settings = state.settings()
    agreement = None
    with Progress(console=console(to_errors=True), disable=json, transient=True) as bar:
        task = bar.add_task("comparing", total=None)

        def progress(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        if data is not None:
            means = judged_set(data, split, settings, progress)
            agreement = label_agreement(data)
        else:
            topics = judged_related()
            with archive_indexed(settings, progress) as service:
                means = judged_archive(service, topics, progress)
    if json:
        ways = [{"way": one.way, "queries": one.queries, "by_facet": one.by_facet, "mean": one.mean} for one in means]
        as_json({"ways": ways, "labels": asdict(agreement) if agreement else None})
        return
    out = console()
    for way in means:
        out.print(f"[bold]{way.way}[/]")
        for facet, values in [*way.by_facet.items(), ("mean", way.mean)]:
            counted = f"   [dim]{way.queries[facet]} queries[/]" if facet in way.queries else ""
            out.print(f"  {facet:<12}" + "   ".join(f"{name} {value:.4f}" for name, value in values.items()) + counted)
    if agreement:
        out.print(f"labels of sentences as in the set: {agreement.share:.1%} of {agreement.sentences}")


def _collaborators(settings: Settings, json: bool) -> None:
    from eval.collaborators import measured_collaborators
    from eval.index import archive_indexed
    from eval.judgments.network import collaborators
    from eval.measure import interval
    from searchsvc.cli.output import as_json, console

    topics = collaborators()
    with archive_indexed(settings) as service:
        scores = measured_collaborators(service, topics)
    intervals = {name: interval(list(values.values())) for name, values in scores.by_query.items()}
    if json:
        as_json({"topics": len(topics), "measures": scores.means, "intervals": intervals})
        return
    console().print(f"[bold]collaborators[/], {len(topics)} topics of the sample archive")
    for name, mean in scores.means.items():
        console().print(f"  {name:<12} {mean:.4f}   [dim]{intervals[name][0]:.4f} to {intervals[name][1]:.4f}[/]")
