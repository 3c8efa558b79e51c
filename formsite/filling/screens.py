"""The customer's screens, made of a visit and what happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, abort, jsonify, make_response, render_template, request, url_for
from sqlalchemy import Row

from formsite.consent import receipts
from formsite.definition.controls import Control, Drawing, Section, controls, sections
from formsite.definition.flow import Plan
from formsite.definition.state import State
from formsite.definition.messages import Message, direction, words
from formsite.designer.plans import Published
from formsite.filling import blanks, languages, pagetokens, thanks, uploads
from formsite.filling.entries import fitting
from formsite.filling.faces import Face
from formsite.filling.mirror import rules_for
from formsite.filling.moments import said_moment
from formsite.filling.refusals import SHUT
from formsite.filling.turning import Stay
from formsite.filling.visits import REVIEW, Visit
from formsite.foundation.ids import reference, uuid7
from formsite.foundation.parts import parts
from formsite.foundation.richtext import render
from formsite.web.headers import csp_nonce


def blank(visit: Visit) -> Response:
    """The first page as everybody sees it: rendered once, then joined around a fresh token and nonce."""
    face = visit.face
    if visit.plan.first_page_varies:
        return opened_by_link(visit, {}, None)
    page = blanks.kept(face, visit.language, request.script_root) or blanks.keep(
        face,
        visit.language,
        request.script_root,
        _page_html(visit, visit.state(), token=blanks.TOKEN, nonce=blanks.NONCE),
    )
    token = pagetokens.mint_blank(parts().tokens, face.version.id, visit.now)
    response = Response(page.join(token, csp_nonce().encode()), content_type=blanks.CONTENT_TYPE)
    if len(visit.version.definition.languages) > 1:
        response.headers["Vary"] = "Accept-Language"
    return response


def opened_by_link(visit: Visit, given: Mapping[str, Sequence[str]], about_id: UUID | None) -> Response:
    """The first page from a personal link, or with answers that come with the address."""
    taken = visit.plan.take(
        visit.page_id, given, {}, asked=given, language=visit.language, today=visit.today, now=visit.now
    )
    answers = {path: value for path, value in taken.answers.items() if value is not None}  # no default was emptied yet
    state = visit.plan.state(answers, visit.today, now=visit.now, language=visit.language)
    visit = replace(visit, about_id=about_id, response_id=uuid7(visit.now))
    return _html(_page_html(visit, state, typed=taken.typed, token=_token(visit)))


def page(visit: Visit, *, checked: bool) -> Response:
    """A page of a response in progress; `checked` shows what is wrong with it."""
    state = visit.state()
    errors = {}
    if checked:
        here = {path for path in (*state.shown, *state.parts) if visit.plan.page_of(path) == visit.page_id}
        errors = visit.plan.errors(state, visit.language, visit.today, here)
    return _html(_page_html(visit, state, errors=errors, token=_token(visit)))


def stay(outcome: Stay) -> Response:
    """The page again, with everything that was typed, and what is the matter with it."""
    visit = outcome.visit
    notice = words(visit.language).say(outcome.refusal) if outcome.refusal else _said(visit, outcome.notice)
    if visit.page_id == REVIEW:
        return _html(_review_html(visit, outcome.state, notice=notice, choices=outcome.choices), 422)
    html = _page_html(
        visit,
        outcome.state,
        typed=outcome.typed,
        errors=outcome.errors,
        brought_up=outcome.brought_up,
        unsure=outcome.unsure,
        notice=notice,
        choices=outcome.choices,
        token=_token(visit),
    )
    return _html(html, 200 if outcome.changed else 422)


def _said(visit: Visit, key: str | None) -> str | None:
    return words(visit.language)[key] if key else None


def review(visit: Visit) -> Response:
    """All answers once more, and where consent is asked."""
    return _html(_review_html(visit, visit.state()))


def saved(visit: Visit) -> Response:
    """The link to come back by."""
    state = visit.state()
    address = url_for(
        ".open_page",
        slug=visit.face.slug,
        token=_draft_token(visit),
        page=(visit.plan.shown_pages(state, visit.seed) or [REVIEW])[0],
        _external=True,
    )
    return _html(render_template("filling/saved.html", **_frame(visit), address=address))


def done(visit: Visit) -> Response:
    """The reference, and the way to the receipt."""
    assert visit.response_id is not None
    return _html(
        render_template(
            "filling/done.html",
            **_frame(visit),
            text=thanks.said(visit),
            reference=reference(visit.response_id),
            receipt_url=url_for("consent.show_receipt", token=receipts.receipt_token(visit.response_id)),
        )
    )


def preview(
    visit: Visit,
    state: State,
    *,
    ways: Sequence[tuple[str, str]],
    typed: Mapping[str, Sequence[str]] | None = None,
    errors: Mapping[str, Sequence[Message]] | None = None,
    brought_up: Sequence[str] = (),
    unsure: Sequence[str] = (),
    status: int = 200,
) -> Response:
    """A page of a draft; it carries no token, so nothing could be stored from it. `ways` (words, address) lead out."""
    html = _page_html(
        visit, state, token="", typed=typed, errors=errors, brought_up=brought_up, unsure=unsure, preview_ways=ways
    )
    return _html(html, status)


def entries(version: Published, face: Face) -> Response:
    """What fits of a list that is looked up, as JSON."""
    asked = request.args
    language = languages.chosen(version.definition)
    found = fitting(version.plan, asked.get("field", ""), asked.get("q", ""), asked.getlist("of"), language, face.full)
    return jsonify(found) if found is not None else abort(404)


def shut(name: str, face: Face) -> Response:
    """Why the form takes no answers; what was typed is named as not stored."""
    definition = face.version.definition
    language = request.accept_languages.best_match(definition.languages) or definition.language
    frame = _outside(language, definition.title.say(language, definition.language), definition.languages)
    moment = {"closed": face.closes_at, "not_yet": face.opens_at}.get(name)
    when = said_moment(moment, language, ZoneInfo(parts().time_zone)) if moment else ""
    return _html(render_template(f"filling/{name}.html", **frame, when=when), SHUT[name].status)


def home(forms: Sequence[Row[Any]]) -> Response:
    """What this site offers."""
    return _html(render_template("filling/home.html", **_outside("en", "", ("en",)), forms=forms))


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary."""

    id: str
    text: str


def _page_html(
    visit: Visit,
    state: State,
    *,
    token: str,
    typed: Mapping[str, Sequence[str]] | None = None,
    errors: Mapping[str, Sequence[Message]] | None = None,
    brought_up: Sequence[str] = (),
    unsure: Sequence[str] = (),
    notice: str | None = None,
    choices: Mapping[str, bool] | None = None,
    nonce: str | None = None,
    preview_ways: Sequence[tuple[str, str]] = (),
) -> str:
    drawing = Drawing(
        visit.plan,
        state,
        visit.language,
        typed or {},
        errors or {},
        seed=visit.seed,
        full=visit.face.full,
        unsure=frozenset(unsure),
        uploads=uploads.names(visit),
    )
    items = drawing.page(visit.page)
    context = _frame(visit) | _steps(visit, state) | _alert(visit, items, errors or {}, brought_up, unsure, notice)
    context |= {
        "items": items,
        "title": visit.plan.piped(visit.page.title, state, visit.language) if visit.page.title else "",
        "page_errors": [words(visit.language).say(said) for said in (errors or {}).get(visit.page_id, ())],
        "token": token,
        "takes_files": any(c.takes_files for c in controls(items)),
        "sure": ",".join(unsure),
        "carried": tuple(_carried(visit, state)),
        "repeats": any(section.repeats for section in sections(items)),
        "asked": ",".join(c.id for c in controls(items) if c.conditional and c.is_seen),
        "consents": _consents(visit, choices or {}) if visit.final or (preview_ways and _is_last(visit, state)) else (),
        "mirror": rules_for(visit, state, items),
        "preview_ways": preview_ways,
        "entries_url": _entries_url(visit, bool(preview_ways))
        if any(c.widget == "lookup" for c in controls(items))
        else "",
    }
    if nonce is not None:
        context["csp_nonce"] = lambda: nonce
    return render_template("filling/page.html", **context)


def _entries_url(visit: Visit, preview: bool) -> str:
    """Where a script looks up what fits of a list; a preview answers that itself."""
    if preview:
        kept = {**(request.view_args or {}), "lang": visit.language}
        return url_for(f"{request.blueprint}.entries", **kept)
    return url_for("filling.entries", slug=visit.face.slug, version_id=visit.version.id, lang=visit.language)


def _is_last(visit: Visit, state: State) -> bool:
    """Only the review comes after it. A preview has none, and shows there what may be agreed to."""
    return visit.plan.after(visit.page_id, state) is None and state.exit != visit.page_id


def _carried(visit: Visit, state: State) -> Iterator[tuple[str, str]]:
    """(path, value) of what the page sends back without drawing it."""
    for path, value in state.answers.items():
        question = visit.plan.questions.at(path)
        if question and question.field.kind.carried and question.page == visit.page_id:
            yield path, str(value)


def _review_html(
    visit: Visit, state: State, *, notice: str | None = None, choices: Mapping[str, bool] | None = None
) -> str:
    plan, language = visit.plan, visit.language
    pages = [(plan.pages[name], _answers(visit, name, state)) for name in plan.shown_pages(state, visit.seed)]
    context = _frame(visit) | _steps(visit, state) | _alert(visit, (), {}, (), (), notice)
    context |= {
        "pages": [
            {
                "title": plan.piped(page_.title, state, language) if page_.title else "",
                "answers": answers,
                "url": url_for(".open_page", slug=visit.face.slug, token=_draft_token(visit), page=page_.id),
            }
            for page_, answers in pages
        ],
        "token": _token(visit),
        "consents": _consents(visit, choices or {}),
    }
    return render_template("filling/review.html", **context)


def _answers(visit: Visit, page_id: str, state: State) -> list[tuple[str, str, str]]:
    """(path, its words, the answer in words) for what is shown on a page. What is made of parts is there by those that
    are answered; by itself if none is.
    """
    plan, language = visit.plan, visit.language
    known = uploads.names(visit)
    return [
        (
            path,
            plan.described(path, state, language),
            uploads.said(visit, path, state.answers[path], known) if path in state.answers else "",
        )
        for path in state.shown
        if plan.page_of(path) == page_id and _is_told(plan, path, state)
    ]


def _is_told(plan: Plan, path: str, state: State) -> bool:
    question = plan.questions.at(path)
    if question is None or not question.field.kind.asks:
        return False
    if question.field.kind.composite:
        return not plan.answered(path, state)
    is_part = question.of is not None and question.of.kind.composite
    return path in state.answers or not is_part


def _frame(visit: Visit) -> dict[str, Any]:
    """What every screen of a form has."""
    definition, language = visit.version.definition, visit.language
    frame = _outside(language, definition.title.say(language, definition.language), definition.languages)
    closes_at = visit.face.closes_at
    first = visit.page_id == definition.pages[0].id
    return frame | {
        "intro": render(definition.intro.say(language, definition.language)) if definition.intro and first else "",
        "notice_text": render(definition.notice.say(language, definition.language)) if definition.notice else "",
        "closes": said_moment(closes_at, language, ZoneInfo(parts().time_zone)) if closes_at and first else "",
        "language_links": _language_links(visit),
    }


def _outside(language: str, form_title: str, languages: Sequence[str]) -> dict[str, Any]:
    return {
        "form_title": form_title,
        "page_language": language,
        "page_direction": direction(language),
        "words": words(language),
        "language_links": (),
    }


def _language_links(visit: Visit) -> list[dict[str, Any]]:
    from babel import Locale, UnknownLocaleError  # 25 ms: once for a form in several languages

    links = []
    languages = visit.version.definition.languages
    for tag in languages if len(languages) > 1 else ():
        try:
            name = Locale.parse(tag, sep="-").get_language_name(tag.split("-")[0]) or tag
        except (UnknownLocaleError, ValueError):
            name = tag
        links.append(
            {
                "tag": tag,
                "name": name[:1].upper() + name[1:],
                "url": _in_language(tag),
                "current": tag == visit.language,
            }
        )
    return links


def _in_language(tag: str) -> str:
    """The same address in another language; a personal link stays one."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return "?" + urlencode([*kept, ("lang", tag)])


def _steps(visit: Visit, state: State) -> dict[str, Any]:
    """Where the customer is, and which buttons there are."""
    if visit.single:
        return {"progress": None, "buttons": ("submit",)}
    pages = visit.plan.shown_pages(state, visit.seed)
    total = len(pages) + 1  # and the review
    at = pages.index(visit.page_id) + 1 if visit.page_id in pages else total
    if state.exit == visit.page_id:
        return {"progress": None, "buttons": ("back",) if at > 1 else ()}
    buttons = ["submit" if visit.page_id == REVIEW else "next"]
    if at > 1:
        buttons.append("back")
    return {"progress": {"page": at, "pages": total}, "buttons": (*buttons, "save")}


def _alert(
    visit: Visit,
    items: Sequence[Control | Section],
    errors: Mapping[str, Sequence[Message]],
    brought_up: Sequence[str],
    unsure: Sequence[str],
    notice: str | None,
) -> dict[str, Any]:
    """The summary on top: what is wrong, which questions came up, or which are empty though an answer is wanted."""
    said = words(visit.language)
    drawn: set[str] = {c.id for c in controls(items)} | {s.id for s in sections(items)}
    problems = [
        Problem(path if path in drawn else "page-errors", said.say(message))
        for path, found in errors.items()
        for message in found
    ]
    if (brought_up or unsure) and not problems:
        labels = {c.id: c.label for c in controls(items)}
        named = [Problem(name, labels[name]) for name in brought_up or unsure if name in labels]
        alert = said.count("more_questions" if brought_up else "left_empty", len(named))
        return {"alert": alert, "problems": named, "wrong": False}
    if problems:
        return {"alert": said.count("problems", len(problems)), "problems": problems, "wrong": True}
    return {"alert": notice or "", "problems": [], "wrong": False}


def _consents(visit: Visit, choices: Mapping[str, bool]) -> list[dict[str, Any]]:
    """The statements, never ticked but where the customer had ticked them."""
    definition, language = visit.version.definition, visit.language
    return [
        {"id": s.id, "wording": s.wording.say(language, definition.language), "ticked": choices.get(s.id, False)}
        for s in definition.consents
    ]


def _token(visit: Visit) -> str:
    return pagetokens.mint(visit.version.id, visit.now, about_id=visit.about_id, response_id=visit.response_id)


def _draft_token(visit: Visit) -> str:
    assert visit.response_id is not None
    return pagetokens.draft_token(visit.response_id, visit.now)


def _html(html: str, status: int = 200) -> Response:
    return make_response(html, status)
