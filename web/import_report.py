"""What an import did, in words and as JSON."""

from __future__ import annotations

from typing import Any

import click

from index.importing import ImportSummary
from index.stages import Stages
from web.options import counted


def report(summary: ImportSummary, *, dry_run: bool = False) -> None:
    """Print what became of the files and their articles."""
    outcomes, would = summary.outcomes, " would be" if dry_run else ""
    click.echo(
        f"{counted(summary.files, 'file')}, {summary.unchanged_files:,} of them unchanged. "
        f"{counted(summary.read, 'article')} read: {outcomes['new']:,}{would} new, "
        f"{outcomes['changed']:,}{would} changed, {outcomes['unchanged']:,} unchanged."
    )
    if summary.deleted:
        click.echo(f"{counted(summary.deleted, 'article')} deleted, for want of their files.")
    if summary.skipped:
        kinds = (f"{count:,} {kind}" for kind, count in sorted(summary.skipped.items()))
        click.echo(f"Skipped, for want of a reader: {', '.join(kinds)}.")
    if summary.passed_over:
        kinds = (f"{kind} ({count:,})" for kind, count in sorted(summary.passed_over.items()))
        click.echo(f"Passed over: {', '.join(kinds)}.")
    if summary.problems:
        click.echo(f"{summary.problems:,} could not be read; see above.", err=True)


def report_stages(stages: Stages) -> None:
    """Print one line a stage; on standard error, as progress is."""
    for stage in stages:
        click.echo(
            f"{stage.name:<12}{counted(stage.articles, 'article'):>18}"
            f"{stage.seconds:>10.1f} s{stage.rate:>12,.0f}/s",
            err=True,
        )


def summary_record(summary: ImportSummary, stages: Stages, total: int) -> dict[str, Any]:
    """The same for programs; total: articles there are now."""
    outcomes = summary.outcomes
    return {
        "files": summary.files,
        "unchanged_files": summary.unchanged_files,
        "read": summary.read,
        "new": outcomes["new"],
        "changed": outcomes["changed"],
        "unchanged": outcomes["unchanged"],
        "deleted": summary.deleted,
        "problems": summary.problems,
        "skipped": dict(sorted(summary.skipped.items())),
        "passed_over": dict(sorted(summary.passed_over.items())),
        "articles": total,
        "stages": [
            {"stage": stage.name, "articles": stage.articles, "seconds": round(stage.seconds, 3)}
            for stage in stages
        ],
    }
