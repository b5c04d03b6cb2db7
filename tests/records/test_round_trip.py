"""Every public record, whatever it is: written, read back, described."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import bubancheng
from bubancheng.actions import Action
from bubancheng.errors import KindError, RecordError
from bubancheng.records import PUBLIC_RECORDS, from_dict, schema, to_dict
from bubancheng.records.listing import LIVE, MODULES
from tests.acting import DISTRICT
from tests.records.drawing import drawn

few = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)

WITHOUT_RECORDS = {
    "aio": "the desk's own records",
    "batch": "arrays, no records; needs numpy",
    "cli": "its JSON is its own",
    "errors": "errors are no records",
    "ledger": "its rows hold personal data in plain texts",
    "records": "this door itself",
    "sqlite": "offers its store through a hook",
    "testing": "asserts, holds nothing",
}


def by_name(kind: type) -> str:
    return kind.__name__


every_record = pytest.mark.parametrize("kind", PUBLIC_RECORDS, ids=by_name)


@cache
def validator(kind: type) -> Draft202012Validator:
    return Draft202012Validator(schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)


def through_text(data: dict[str, Any]) -> Any:
    """Return what arrives where a document is sent as text."""
    return json.loads(json.dumps(data, allow_nan=False))


@every_record
@few
@given(data=st.data())
def test_what_is_written_is_read_back_equal(kind: type, data: st.DataObject) -> None:
    record = data.draw(drawn(kind))
    assert record == from_dict(kind, through_text(to_dict(record, personal=True)))


@every_record
@few
@given(data=st.data())
def test_what_is_written_validates(kind: type, data: st.DataObject) -> None:
    record = data.draw(drawn(kind))
    for personal in (False, True):
        assert [] == list(validator(kind).iter_errors(through_text(to_dict(record, personal=personal))))


@every_record
@few
@given(data=st.data())
def test_what_is_personal_is_never_written_unasked(kind: type, data: st.DataObject) -> None:
    record = data.draw(drawn(kind))
    personal = {it.name for it in attrs.fields(type(record)) if it.metadata.get("personal") or not it.repr}
    assert personal.isdisjoint(to_dict(record))


@every_record
@few
@given(data=st.data())
def test_what_the_schema_refuses_is_refused(kind: type, data: st.DataObject) -> None:
    document = through_text(to_dict(data.draw(drawn(kind)), personal=True))
    spoiled = data.draw(spoilt(document))
    if not validator(kind).is_valid(spoiled):
        with pytest.raises(RecordError):
            from_dict(kind, spoiled)


OTHERS: tuple[Any, ...] = (None, True, -1, 0.5, "", "2024-01-01", [], [[]], {}, {"x": 1})


def places(document: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a document, its own first."""
    yield ()
    if isinstance(document, dict):
        inside = list(document.items())
    else:
        inside = list(enumerate(document)) if isinstance(document, list) else []
    for key, value in inside:
        yield from ((key, *path) for path in places(value))


def with_other(document: Any, path: tuple[Any, ...], other: Any) -> Any:
    """Return a document with another value at a path; no value at all for `...`."""
    if not path:
        return other
    changed = document.copy()
    if other is ... and len(path) == 1:
        del changed[path[0]]
    else:
        changed[path[0]] = with_other(document[path[0]], path[1:], other)
    return changed


def spoilt(document: Any) -> st.SearchStrategy[Any]:
    """Return a document with one value of another form, one key too many or one too few, anywhere in it."""
    anywhere = list(places(document))
    return st.one_of(
        st.builds(with_other, st.just(document), st.sampled_from(anywhere), st.sampled_from(OTHERS)),
        st.builds(with_other, st.just(document), st.sampled_from(anywhere[1:] or anywhere), st.just(...)),
        st.just({**document, "surplus": 1}),
    )


@every_record
def test_every_schema_is_one(kind: type) -> None:
    Draft202012Validator.check_schema(schema(kind))


@every_record
def test_every_record_is_described_in_words(kind: type) -> None:
    found = schema(kind)
    assert found["$defs"][found["title"]]["description"]


@pytest.mark.parametrize("kind", LIVE, ids=by_name)
def test_what_is_no_data_has_no_form(kind: type) -> None:
    with pytest.raises(KindError):
        schema(kind)


def test_every_action_is_a_record() -> None:
    assert {it.name for it in Action.__subclasses__() if it.__module__.startswith("bubancheng.")} == {
        it.name for it in PUBLIC_RECORDS if issubclass(it, Action) and it is not Action
    }


def test_every_module_is_asked_for_its_records_or_left_out_with_a_reason() -> None:
    path = bubancheng.__path__[0]
    names = {
        it.name.removesuffix(".py") for it in Path(path).iterdir() if not it.name.startswith(("_", "py."))
    }
    assert names == {it.__name__.rpartition(".")[2] for it in MODULES} | {*WITHOUT_RECORDS}


def test_a_real_district_is_read_back_equal() -> None:
    assert DISTRICT == from_dict(type(DISTRICT), through_text(to_dict(DISTRICT)))
