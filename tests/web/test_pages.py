"""All pages at once: valid, readable in every language, and only ever reading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import html5lib
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from integration import create_app
from integration.accounts.routes import COOKIE_KEY
from integration.accounts.services import sign_in
from integration.kernel.clock import utc_now
from integration.kernel.database import db, transaction
from tests.factories.world import PASSWORD, World
from tests.fixtures.databases import Databases
from tests.fixtures.settings import settings_for
from tests.fixtures.statements import NOT_COUNTED
from tests.fixtures.worlds import CopyWorld
from tests.pages import NO_PAGES, PAGES, PUBLIC, Page, html_endpoints
from tests.sampling import sample

LANGUAGES = ("sv", "fi", "en")
ENGINES = ("sqlite", "postgresql")
CITIES = sample(product(ENGINES, LANGUAGES), every=2)
"""Each language is read on one engine at least; the sample has three of the six."""
ANSWERED_TO_GET = tuple(page for page in PAGES if not page.submit)
LEAVES_A_TRACE = dict.fromkeys(
    (
        "registration_staff.registrations",
        "registration_staff.registration",
        "registration_staff.registration_people",
        "registration_staff.registration_move",
        "registration_staff.registration_cancel",
        "registration_staff.message",
        "registration_staff.messages",
        "registration_staff.desk_card",
        "registration_staff.sheet",
        "registration_staff.merge",
        "registration_staff.sign_in_sheet",
        "checkin_staff.sheet",
        "registration_staff.hold",
        "registration_staff.slots",
        "registration_staff.groups",
        "registration_staff.group",
        "registration_staff.stands",
        "registration_staff.stand_confirm",
        "registration_staff.desk_name",
    ),
    "INSERT INTO audit",
)
"""Reading personal data is written down; nothing else may write."""
NAME = " – Delaktig"
HTML = "{http://www.w3.org/1999/xhtml}"
HOSTILE = (
    "endpoint=x",
    "_external=1&_scheme=javascript",
    "_anchor=x&_method=POST",
    "language=xx&language=fi",
    "self=1&values=2&key=other&slug=other&secret=other&programme=other&indicator=other&code=other",
    "year=99999999999999999999&year=-1",
    "year=tv%C3%A5&weeks=%00&weeks=-5&activity=%00&venue=%F0%9F%A6%8A",
    "registered=1e9&registration=%D9%A1%D9%A2&onward=//example.invalid/",
    "activity=" + "x" * 5000,
    "weeks=" + "9" * 5000,
    "q=%ff%fe%E2%80%AE%3Cscript%3Ealert(1)%3C/script%3E{{7*7}}&=&&;==",
)


LINKS = re.compile("""(?:href|action|src)=["']([^"']*)""")
DANGEROUS = re.compile("javascript:|data:|//|http:", re.IGNORECASE)


@dataclass(frozen=True)
class Look:
    """What a page answered, and every statement that it took."""

    answer: TestResponse
    said: list[str]


@dataclass
class City:
    """The application on one database with the whole world in it, and who is signed in where."""

    app: Flask
    world: World
    tokens: dict[str, str] = field(default_factory=dict)
    looked: dict[tuple[str, str], Look] = field(default_factory=dict)

    def client_for(self, page: Page) -> FlaskClient:
        """A browser with whoever the page is for signed in."""
        client = self.app.test_client()
        if page.signed_in:
            with client.session_transaction() as cookie:
                cookie[COOKIE_KEY] = self._token(page.signed_in)
        return client

    def path(self, page: Page, language: str) -> str:
        """The page's address."""
        return page.path(self.app, self.world, language)

    def look(self, page: Page, language: str) -> Look:
        """Open the page, once for all tests that look at it."""
        if (page.name, language) not in self.looked:
            client, path = self.client_for(page), self.path(page, language)
            with self.listening() as said:
                answer = client.get(path, headers={"Accept-Language": language})
            self.looked[page.name, language] = Look(answer, said)
        return self.looked[page.name, language]

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        """Every statement that the application sends while the block runs, transactions not counted."""
        said: list[str] = []

        def add(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(NOT_COUNTED):
                said.append(statement)

        with self.app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", add)
        yield said
        sa.event.remove(engine, "before_cursor_execute", add)

    def _token(self, email: str) -> str:
        if email not in self.tokens:
            with self.app.app_context(), transaction() as db_session:
                self.tokens[email] = sign_in(db_session, email, PASSWORD, now=utc_now())
        return self.tokens[email]


@pytest.fixture(scope="module")
def cities(request: pytest.FixtureRequest, copy_world: CopyWorld) -> Iterator[Callable[[str], City]]:
    """One world per engine for all these tests, in whatever order they come: they only read."""
    built: dict[str, tuple[Databases, City]] = {}

    def of(engine: str) -> City:
        if engine not in built:
            databases = request.getfixturevalue(f"{'postgres' if engine == 'postgresql' else engine}_databases")
            url, world = copy_world(databases, "pages")
            built[engine] = databases, City(create_app(settings_for(url)), world)
        return built[engine][1]

    yield of
    for databases, city in built.values():
        with city.app.app_context():
            db.engine.dispose()
        databases.drop("pages")


@pytest.fixture(params=ENGINES)
def city(request: pytest.FixtureRequest, cities: Callable[[str], City]) -> City:
    """The world on one engine."""
    return cities(request.param)


def test_every_page_is_in_the_table(app: Flask) -> None:
    listed = {page.endpoint for page in PAGES}
    assert len({page.name for page in PAGES}) == len(PAGES), "Each needs a name of its own"
    assert set(html_endpoints(app)) - listed == set(), "Give these pages a sample address in tests/pages.py"
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert (listed | NO_PAGES) - known == set(), "These endpoints are no more"


@pytest.mark.parametrize(("city", "language"), CITIES, indirect=["city"])
def test_every_page_is_valid_and_says_its_language(city: City, language: str) -> None:
    wrong = [
        f"{page.name} {city.path(page, language)}: {fault}"
        for page in ANSWERED_TO_GET
        for fault in _faults(city, page, language)
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def _faults(city: City, page: Page, language: str) -> Iterator[str]:
    answer = city.look(page, language).answer
    if answer.status_code != page.status:
        yield f"status {answer.status_code}"
        return
    parser = html5lib.HTMLParser()
    document = parser.parse(answer.data, transport_encoding="utf-8")
    yield from (f"line {line}: {code} {values}" for (line, _column), code, values in parser.errors)
    if (document.get("lang"), document.get("dir")) != (language, "ltr"):
        yield f"says it is in {document.get('lang')}, {document.get('dir')}"
    headings = list(document.iter(f"{HTML}h1"))
    if len(headings) != 1 or not "".join(headings[0].itertext()).strip():
        yield f"{len(headings)} first headings"
    ids = [element.get("id") for element in document.iter() if element.get("id")]
    yield from (f"id {each} is there twice" for each in {each for each in ids if ids.count(each) > 1})
    yield from _against_the_policy(document)


def _against_the_policy(document: Any) -> Iterator[str]:
    """What the content security policy would refuse."""
    for element in document.iter():
        if not isinstance(element.tag, str):
            continue
        runs = element.tag == f"{HTML}script" and element.get("type") != "application/ld+json"
        if element.tag == f"{HTML}style" or (runs and not element.get("src")):
            yield "an inline script or style"
        yield from (f"an attribute {name}" for name in element.attrib if name == "style" or name.startswith("on"))
        for name in ("src", "href") if element.tag.endswith(("script", "link", "img", "iframe")) else ():
            if element.get(name, "").startswith(("http:", "https:", "//")):
                yield f"{element.tag} from elsewhere: {element.get(name)}"


@pytest.mark.parametrize(("city", "language"), CITIES, indirect=["city"])
def test_titles_tell_pages_apart(city: City, language: str) -> None:
    """Different endpoints have different titles (WCAG 2.4.2); states of one page may share theirs."""
    pages_by_title: dict[str, set[str]] = {}
    for page in ANSWERED_TO_GET:
        if page.status != 200:
            continue
        text = city.look(page, language).answer.get_data(as_text=True)
        title = text.partition("<title>")[2].partition("</title>")[0]
        assert title.removesuffix(NAME) not in (title, ""), f"{page.name}: {title!r}"
        pages_by_title.setdefault(title, set()).add(page.endpoint.removesuffix("_small"))
    assert {title: pages for title, pages in pages_by_title.items() if len(pages) > 1} == {}


@pytest.mark.parametrize(("city", "language"), CITIES, indirect=["city"])
def test_looking_writes_nothing(city: City, language: str) -> None:
    wrong = []
    for page in ANSWERED_TO_GET:
        said = city.look(page, language).said
        writes = [each for each in said if not each.lstrip().upper().startswith(("SELECT", "WITH"))]
        trace = LEAVES_A_TRACE.get(page.endpoint)
        wrong += [f"{page.name}: {each}" for each in writes if not (trace and each.startswith(trace))]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(("city", "language"), CITIES, indirect=["city"])
def test_statements_stay_in_their_budget(city: City, language: str) -> None:
    """Every page asks so many times and not more, however much it shows; who is signed in takes two more."""
    over = []
    for page in ANSWERED_TO_GET:
        said = city.look(page, language).said
        budget = page.statements + (2 if page.signed_in else 0)
        if len(said) > budget:
            over.append(f"{page.name}: {len(said)} of {budget}\n  " + "\n  ".join(each[:110] for each in said))
    assert not over, "\n" + "\n".join(over)


@pytest.mark.parametrize(
    ("city", "query"),
    sample(product(ENGINES, HOSTILE), every=7),
    indirect=["city"],
    ids=lambda each: each if each in ENGINES else str(HOSTILE.index(each)),
)
def test_hostile_addresses_break_nothing(city: City, query: str) -> None:
    wrong = []
    for page in ANSWERED_TO_GET:
        path = city.path(page, "fi").partition("?")[0]
        answer = city.client_for(page).get(f"{path}?{query}", headers={"Accept-Language": "fi"})
        text = answer.get_data(as_text=True)
        if answer.status_code >= 500 or answer.status_code == 302:
            wrong.append(f"{page.name}: {answer.status_code}")
        wrong += [f"{page.name}: leads to {each}" for each in LINKS.findall(text) if DANGEROUS.match(each)]
        wrong += [f"{page.name}: holds a script of theirs"] * ("<script>alert" in text)
        if 'hreflang="sv"' in text and f'href="{_in_swedish(path)}' not in text:
            wrong.append(f"{page.name}: the way to Swedish leads elsewhere")
    assert not wrong, "\n" + "\n".join(wrong)


def _in_swedish(path: str) -> str:
    return "/sv/" + path.removeprefix("/fi/") if path.startswith("/fi/") else "/sv/"


@pytest.mark.parametrize(
    "path",
    [
        "/{}/sessions/unknown",
        "/{}/activities/unknown",
        "/{}/cards/UNKNOWN",
        "/{}/cards/UNKNOWN/data",
        "/{}/programmes/unknown",
        "/{}/programmes/vaasa-2023-2026/indicators/unknown",
        "/{}/nothing/at/all",
        "/C/UNKNOWN",
    ],
)
def test_what_is_unknown_is_said_in_the_readers_language(city: City, path: str) -> None:
    expected = {"sv": "inte", "fi": "löydy", "en": "find"}
    for language in LANGUAGES:
        answer = city.app.test_client().get(path.format(language), headers={"Accept-Language": language})
        text = answer.get_data(as_text=True)
        assert answer.status_code == 404
        assert f'<html lang="{language}"' in text
        assert f'href="/{language}/"' in text, "There is a way onward"
        if not path.startswith("/C/"):
            assert expected[language] in text.partition("<h1")[2].partition("</h1>")[0]


def test_head_answers_like_get(city: City) -> None:
    for page in PUBLIC:
        if not page.submit:
            answer = city.app.test_client().head(city.path(page, "en"))
            assert (answer.status_code, answer.data) == (page.status, b""), page.name


def test_staff_pages_send_strangers_to_sign_in(city: City) -> None:
    for page in ANSWERED_TO_GET:
        if "/staff/" in (path := city.path(page, "fi")):
            answer = city.app.test_client().get(path)
            assert answer.status_code == 302, page.name
            assert answer.location.startswith("/fi/sign-in?onward="), page.name
