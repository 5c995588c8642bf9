"""`eval`: how good the ranking is, whether a change helped, and the gate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from searchsvc.cli.state import State

if TYPE_CHECKING:
    from eval.measure import Scores
    from eval.rank import Run
    from eval.report import Measured
    from searchsvc.search.ranker import Mode
    from searchsvc.settings import Settings

__all__ = ["app"]

app = typer.Typer(help="Judge the ranking, with the code that serves searches.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
Set = Annotated[Path | None, typer.Option("--set", help="A folder in BEIR layout; the sample archive when not given.")]
Split = Annotated[str | None, typer.Option(help="Of the set's qrels; needed when there are several.")]


@app.command()
def run(
    context: typer.Context,
    set_: Set = None,
    split: Split = None,
    mode: Annotated[str, typer.Option(help="hybrid, semantic or keyword.")] = "hybrid",
    run_out: Annotated[Path | None, typer.Option(help="Write the ranking here, in TREC run format.")] = None,
    json: AsJson = False,
) -> None:
    """Ask every query of a test set and measure the answers."""
    from eval.measure import interval
    from eval.rank import write_run
    from searchsvc.cli.output import as_json, console

    state: State = context.obj
    name, made, scores = _measured(state.settings(), set_, split, mode, quiet=json)
    if run_out:
        write_run(made, run_out)
    means = scores.means
    intervals = {measure: interval(list(scores.by_query[measure].values())) for measure in means}
    if json:
        as_json(
            {
                "set": name, "mode": mode, "queries": len(next(iter(scores.by_query.values()), {})),
                "measures": means,
                "intervals": intervals,
                "failures": dict(made.failures), "median_ms": made.median_ms,
            }
        )  # fmt: skip
        return
    out = console()
    out.print(f"[bold]{name}[/], {mode}, median {made.median_ms:.1f} ms")
    for measure, mean in means.items():
        low, high = intervals[measure]
        out.print(f"  {measure:<12} {mean:.4f}   [dim]{low:.4f} to {high:.4f}[/]")
    for query, reason in list(made.failures.items())[:5]:
        out.print(f"  [red]failed[/] {query}: {reason}")


@app.command()
def compare(
    context: typer.Context,
    a: Annotated[Path, typer.Argument(help="A run, as `eval run --run-out` writes it.")],
    b: Annotated[Path, typer.Argument(help="Another run of the same queries.")],
    set_: Set = None,
    split: Split = None,
    json: AsJson = False,
) -> None:
    """Compare two runs: paired randomisation test, bootstrap interval, and the queries that moved most."""
    from dataclasses import asdict

    from eval.compare import compared
    from eval.judgments import load
    from eval.measure import measured, qrels_of
    from eval.rank import read_run
    from eval.sets import load_beir
    from searchsvc.cli.output import as_json, console, shorten

    if set_:
        given = load_beir(set_, split)
        qrels, words = given.qrels, dict(given.queries)
    else:
        topics = load()
        qrels, words = qrels_of(topics), {topic.id: topic.query for topic in topics}
    first, second = measured(read_run(a), qrels), measured(read_run(b), qrels)
    differences = [compared(measure, first.by_query[measure], second.by_query[measure]) for measure in first.by_query]
    if json:
        as_json({"a": str(a), "b": str(b), "measures": [asdict(one) for one in differences]})
        return
    out = console()
    for difference in differences:
        out.print(
            f"{difference.measure:<12} {difference.mean_a:.4f} -> {difference.mean_b:.4f}  "
            f"{difference.difference:+.4f} [dim]({difference.low:+.4f} to {difference.high:+.4f}), "
            f"p = {difference.p:.4f}[/]"
        )
    out.print(f"\nQueries that moved most in {differences[0].measure}:")
    for query, moved in differences[0].moved:
        out.print(f"  {moved:+.3f}  {query}  [dim]{shorten(words.get(query, ''), 90)}[/]")


@app.command()
def gate(
    context: typer.Context,
    sets: Annotated[Path | None, typer.Option(help="A folder of sets in BEIR layout to measure as well.")] = None,
    update: Annotated[
        bool,
        typer.Option(
            "--update", help="Make what is measured the baseline of this machine's precision; with --sets, of all sets."
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """Fail when the ranking is worse than the committed baseline by more than the tolerance."""
    from dataclasses import asdict

    from eval.gate import (
        LANGUAGES_SET,
        TOLERANCE,
        falls,
        known_sets,
        precision_here,
        read_baseline,
        write_baseline,
    )
    from eval.languages import can_be_measured, measured_languages
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError

    state: State = context.obj
    means: dict[str, dict[str, float]] = {}
    precision = precision_here()
    before = {} if update else read_baseline(precision)
    chosen: list[Path | None] = [None]
    if sets:
        chosen += [sets / name for name in known_sets() if (sets / name).is_dir()]
    for one in chosen:
        name, _, scores = _measured(state.settings(), one, None, "hybrid", quiet=json)
        means[name] = {measure: mean for measure, mean in scores.means.items() if measure != "Judged@10"}
        if not json:
            console().print(f"{name}: " + ", ".join(f"{m} {v:.4f}" for m, v in means[name].items()))
    if can_be_measured():
        answered = measured_languages(state.settings())
        means[LANGUAGES_SET] = {f"nDCG@10 {language}": mean for language, mean in answered.means.items()}
        means[LANGUAGES_SET] |= {"FalseAlarm elsewhere": answered.elsewhere}
        if not json:
            console().print(f"{LANGUAGES_SET}: " + ", ".join(f"{m} {v:.4f}" for m, v in means[LANGUAGES_SET].items()))
    elif update and LANGUAGES_SET in known_sets():
        raise QueryError("the baseline has other languages as well; install searchsvc[multilingual] to update it.")
    if update:
        write_baseline(means, precision)
        console().print("The baseline is written.")
        return
    worse = falls(before, means, only=frozenset(means))
    if json:
        as_json({"means": means, "falls": [asdict(one) for one in worse], "tolerance": TOLERANCE})
    for fall in worse:
        now = "missing" if fall.now is None else f"{fall.now:.4f}"
        console(to_errors=True).print(f"[red]worse[/] {fall.set} {fall.measure}: {fall.before:.4f} -> {now}")
    if worse:
        raise typer.Exit(1)
    if not json:
        console().print(f"No measure fell by more than {TOLERANCE}.")


@app.command()
def report(
    context: typer.Context,
    sets: Annotated[Path | None, typer.Option(help="A folder of sets in BEIR layout to measure as well.")] = None,
    split: Annotated[str, typer.Option(help="Of the sets that have several.")] = "test",
    out: Annotated[Path | None, typer.Option(help="Write the report here, in Markdown.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write it here as a web page with plots.")] = None,
    json: AsJson = False,
) -> None:
    """Say how good the ranking is, on what, and which queries fail. Markdown, unless --html alone is given."""
    from datetime import date

    import searchsvc
    from eval.report import as_html, as_markdown, report_of
    from eval.report import as_json as as_data
    from eval.sets import sets_in
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError

    state: State = context.obj
    settings = state.settings()
    measured, left_out = [], []
    for folder in (None, *(sets_in(sets) if sets else ())):
        try:
            measured.append(_measured_in_all_modes(settings, folder, split, quiet=json))
        except QueryError as error:
            if folder is None:
                raise
            left_out.append((folder.name, str(error)))
    about = {"searchsvc": searchsvc.__version__, "encoder": settings.encoder, "measured on": date.today().isoformat()}
    made = report_of(measured, about=about, left_out=left_out)
    if html:
        _write(as_html(made), html)
    if out:
        _write(as_markdown(made), out)
    if json:
        as_json(as_data(made))
    elif not (html or out):
        typer.echo(as_markdown(made), nl=False)
    else:
        for path in filter(None, (out, html)):
            console().print(f"The report is written to {path}.", markup=False)


@app.command()
def truth(
    context: typer.Context,
    sample: Annotated[bool, typer.Option("--sample", help="Try the sample archive instead of your own.")] = False,
    generated: Annotated[int, typer.Option(min=0, help="Try an archive of so many generated texts instead.")] = 0,
    words: Annotated[int, typer.Option(min=0, help="How many words are looked for.")] = 200,
    queries: Annotated[
        int, typer.Option(min=0, help="Of how many titles filters, pages and exclusions are tried.")
    ] = 30,
    seed: Annotated[int, typer.Option(help="Another one tries others.")] = 0,
    json: AsJson = False,
) -> None:
    """Try what must hold on any archive: words are found where they stand, counts are true, pages repeat nothing."""
    from contextlib import ExitStack, closing
    from dataclasses import asdict

    from rich.progress import Progress

    from eval.index import archive_indexed, generated_indexed
    from eval.truth import tried
    from searchsvc.cli.output import as_json, console, escape
    from searchsvc.service import Service

    if sample and generated:
        raise typer.BadParameter("choose the sample archive or generated texts, not both.")
    state: State = context.obj
    with Progress(console=console(to_errors=True), disable=json, transient=True) as bar, ExitStack() as opened:
        task = bar.add_task("indexing", total=None)

        def told(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        if generated:
            service = opened.enter_context(generated_indexed(generated, state.settings(), told, seed=seed))
        elif sample:
            service = opened.enter_context(archive_indexed(state.settings(), told))
        else:
            service = opened.enter_context(closing(Service(state.settings(), work=False)))
        bar.update(task, description="searching", completed=0, total=None)
        found = tried(service, words=words, queries=queries, seed=seed)
    if json:
        as_json(asdict(found))
    else:
        for fault in found.faults:
            console().print(f"[red]{escape(fault.query)}[/] {escape(fault.says)}")
        console().print(f"{found.searches} searches, {len(found.faults)} faults")
    if found.faults:
        raise typer.Exit(1)


@app.command("languages")
def languages(
    context: typer.Context,
    encoder: Annotated[
        str | None, typer.Option(help="Another encoder than multilingual-e5-small, such as the bundled one.")
    ] = None,
    mode: Annotated[str, typer.Option(help="hybrid, semantic or keyword.")] = "hybrid",
    json: AsJson = False,
) -> None:
    """Ask the sample archive the same in English, French, Spanish and Portuguese. Needs searchsvc[multilingual]."""
    from rich.progress import Progress

    from eval.languages import MEASURE, measured_languages
    from eval.measure import interval
    from searchsvc.cli.output import as_json, console
    from searchsvc.encode.models import MULTILINGUAL

    state: State = context.obj
    with Progress(console=console(to_errors=True), disable=json, transient=True) as bar:
        task = bar.add_task("indexing", total=None)
        answered = measured_languages(
            state.settings(),
            encoder=encoder or MULTILINGUAL,
            mode=_mode(mode),
            progress=lambda done, of: bar.update(task, completed=done, total=of),
        )
    means = answered.means
    if json:
        as_json({"measure": str(MEASURE), "means": means, "elsewhere": answered.elsewhere})
        return
    out = console()
    for language, mean in means.items():
        low, high = interval(list(answered.by_language[language].values()))
        share = f"{mean / means['en']:.2f} of English" if means["en"] else ""
        out.print(f"  {language}  {MEASURE} {mean:.4f}   [dim]{low:.4f} to {high:.4f}[/]  {share}")
    out.print(f"  FalseAlarm elsewhere {answered.elsewhere:.4f}")


@app.command("complementary")
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


@app.command("network")
def network(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option(help="A folder of networks (coast, awards, coauthors) to measure as well.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="One of them; may be given several times.")] = None,
    json: AsJson = False,
) -> None:
    """Measure complementary projects, needs, duplicates, collaborators and introductions on several networks."""
    from eval.network import NETWORKS, measured_network
    from searchsvc.cli.output import as_json, console
    from searchsvc.errors import QueryError

    state: State = context.obj
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


def _write(text: str, path: Path) -> None:
    from searchsvc.errors import QueryError

    try:
        path.write_text(text, "utf-8", errors="replace")
    except OSError as error:
        raise QueryError(f"the report cannot be written to {path}: {error.strerror}.") from None


def _measured_in_all_modes(settings: Settings, folder: Path | None, wanted: str, *, quiet: bool) -> Measured:
    from eval.judgments import load
    from eval.measure import qrels_of
    from eval.report import MODES, Measured
    from eval.sets import has_split, load_beir

    split = wanted if folder and has_split(folder, wanted) else None
    runs, scores, name = {}, {}, ""
    for mode in MODES:
        name, runs[mode], scores[mode] = _measured(settings, folder, split, mode, quiet=quiet)
    if folder is None:
        topics = load()
        words, types = {topic.id: topic.query for topic in topics}, {topic.id: topic.type for topic in topics}
        return Measured(name, words, qrels_of(topics), runs, scores, types)
    given = load_beir(folder, split)
    titles = {doc.id: doc.title or doc.text for doc in given.corpus}
    return Measured(name, given.queries, given.qrels, runs, scores, titles=titles)


@app.command()
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


@app.command()
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


@app.command("names")
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


@app.command()
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


def _mode(name: str) -> Mode:
    """Raises QueryError."""
    from searchsvc.errors import QueryError
    from searchsvc.search.ranker import MODES

    for mode in MODES:
        if mode == name:
            return mode
    raise QueryError(f"the mode is one of {', '.join(MODES)}, not {name!r}.")


def _measured(
    settings: Settings, folder: Path | None, split: str | None, mode: Any, *, quiet: bool
) -> tuple[str, Run, Scores]:
    """(name of the set, run, scores); indexes the set first when it has not been."""
    from rich.progress import Progress

    from eval.index import archive_indexed, set_indexed
    from eval.judgments import load
    from eval.measure import Scores, measured, measured_elsewhere, measured_places, qrels_of
    from eval.rank import run_elsewhere, run_queries, run_topics
    from eval.sets import load_beir
    from searchsvc.cli.output import console

    mode = _mode(mode)
    with Progress(console=console(to_errors=True), disable=quiet, transient=True) as bar:
        task = bar.add_task("indexing", total=None)

        def progress(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        if folder is None:
            topics = load()
            with archive_indexed(settings, progress) as service:
                made = run_topics(service, topics, mode=mode)
                strangers = measured_elsewhere(run_elsewhere(service, mode=mode))
            scores = (measured(made, qrels_of(topics)), measured_places(made, topics), strangers)
            return "archive", made, Scores({name: values for one in scores for name, values in one.by_query.items()})
        given = load_beir(folder, split)
        with set_indexed(given, settings, progress) as service:
            made = run_queries(service, given.queries, name=given.name, mode=mode)
        return given.name, made, measured(made, given.qrels)


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
