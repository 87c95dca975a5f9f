"""The pages: search, and one article."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from flask import Blueprint, abort, redirect, render_template, request
from werkzeug.wrappers import Response

from index.stories.copies import copies_of
from index.versions import appearances_of, version_of
from search.archive import Archive, Question
from search.entity import report
from search.plan import Everything, Plan
from search.similar import similar
from web import changes, params, refinements, unexpected
from web.asking import ask
from web.copies import copies_switch
from web.dating import dates_in_words
from web.differences import differences
from web.entity import find
from web.limits import MOST_COPIES
from web.opening import archive
from web.reading import readable
from web.remedies import remedies

blueprint = Blueprint("pages", __name__)

HOME = "/"
WORDS = ("q", "match")


@blueprint.get(HOME)
def search() -> str | Response:
    """The search page. An address with empty or default values leads to the short one."""
    given = tuple(request.args.items(multi=True))
    question = params.read(given)
    if given != params.write(question):
        return redirect(link(question))
    opened = archive()
    answer = ask(opened, question)
    panels = refinements.panels(answer)
    histogram = answer.results.histogram
    return render_template(
        "search.html",
        answer=answer,
        question=question,
        panels=panels,
        hidden=refinements.hidden(question, panels),
        chips=refinements.chips(question),
        plot=refinements.plot(question, histogram) if histogram else None,
        orders=refinements.orders(answer),
        pages=refinements.pages(answer),
        unexpected=unexpected.shown(answer),
        copies=copies_switch(opened, answer),
        remedies=() if answer.results.total else remedies(opened, answer),
        indexed=opened.engine.count(),
    )


@blueprint.get("/articles/<article_id>")
def article(article_id: str) -> str:
    """One article; with q, the words of that query are marked in it."""
    question = params.read(request.args.items(multi=True), only=WORDS)
    opened = archive()
    found = opened.store.articles([article_id]).get(article_id)
    if found is None:
        abort(404, "There is no such article in this archive. It may have been removed.")
    mentions = opened.mentions([article_id]).get(article_id, ())
    return render_template(
        "article.html",
        article=found,
        dates=dates_in_words(found),
        history=appearances_of(opened.store, article_id),
        readable=readable(found, mentions, _plan(opened, question), entity_link),
        related=similar(opened, article_id) or (),
        copies=copies_of(opened.store, found, MOST_COPIES),
        question=question,
    )


@blueprint.get("/entities/<kind>/<path:name>", merge_slashes=False)
def entity(kind: str, name: str) -> str | Response:
    """One person, place or organisation; another of its names leads to the one it is shown by."""
    params.read(request.args.items(multi=True), only=())
    opened = archive()
    found = find(opened, kind, name)
    if found != (kind, name):
        return redirect(entity_page(*found))
    known = report(opened, found)
    question = changes.selecting(params.read(()), *found)
    return render_template(
        "entity.html",
        kind=kind,
        name=name,
        report=known,
        search=question,
        plot=refinements.plot(question, known.histogram) if known.histogram else None,
    )


@blueprint.get("/articles/<article_id>/versions/<int:number>")
def version(article_id: str, number: int) -> str:
    """One version of an article, with what changed from the one before."""
    params.read(request.args.items(multi=True), only=())
    store = archive().store
    found = store.articles([article_id]).get(article_id)
    shown = version_of(store, article_id, number)
    if found is None or shown is None:
        abort(404, "There is no such version of an article in this archive.")
    before = version_of(store, article_id, number - 1)
    return render_template(
        "version.html",
        article=found,
        version=shown,
        history=appearances_of(store, article_id),
        title=differences((before or shown).title, shown.title),
        paragraphs=differences((before or shown).body, shown.body),
    )


def link(question: Question) -> str:
    """The address of a question's result page."""
    return params.address(HOME, question)


def entity_link(facet: str, value: str) -> str:
    """The address of everything in the archive about a facet's value."""
    return link(changes.selecting(params.read(()), facet, value))


def entity_page(kind: str, name: str) -> str:
    """The address of what is known about an entity."""
    return f"/entities/{kind}/{quote(name, safe='')}"


def story_link(story: str, question: Question | None = None) -> str:
    """The address of all copies of an article; with a question, of those that match it."""
    return link(changes.telling(question or params.read(()), story))


def article_link(article_id: str, question: Question | None = None) -> str:
    """The address of an article, with the words to mark in it."""
    pairs = params.write(question) if question else ()
    words = urlencode([(name, value) for name, value in pairs if name in WORDS])
    return f"/articles/{article_id}" + (f"?{words}" if words else "")


def version_link(article_id: str, number: int) -> str:
    """The address of one version of an article."""
    return f"/articles/{article_id}/versions/{number}"


def _plan(opened: Archive, question: Question) -> Plan:
    """What the words of a question mean in this archive."""
    if not question.text:
        return Everything()
    return opened.search(changes.counting(question)).request.plan
