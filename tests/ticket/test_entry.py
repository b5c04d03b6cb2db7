"""Entries, effects and actors as values."""

import datetime as dt
from typing import Any

import attrs
import pytest

from bubancheng.errors import BubanchengError, KindError
from bubancheng.ticket import Actor, Effect, Entry
from tests.acting import WINDOW, instant


def entry(**changes: Any) -> Entry:
    """Return an entry; what a test is about is given."""
    values: dict[str, Any] = {
        "district": "chongming",
        "ticket": "T1",
        "sequence": 1,
        "kind": "registered",
        "effect": Effect(step="registered"),
        "actor": WINDOW,
        "at": instant("2024-03-25 10:00"),
        "recorded_at": instant("2024-03-25 10:00"),
    }
    return Entry(**(values | changes))


@pytest.mark.parametrize("field", ["at", "recorded_at"])
@pytest.mark.parametrize("value", [dt.datetime(2024, 3, 25, 10), dt.date(2024, 3, 25), "2024-03-25", None])
def test_an_entry_takes_instants_with_a_zone_only(field: str, value: object) -> None:
    with pytest.raises(KindError, match=f"{field} takes an instant with a zone"):
        entry(**{field: value})


def test_the_refusal_of_a_naive_time_is_a_type_error_and_ours() -> None:
    with pytest.raises(TypeError) as caught:
        entry(at=dt.datetime(2024, 3, 25, 10))
    assert isinstance(caught.value, BubanchengError)


def test_an_entry_cannot_be_changed() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        entry().kind = "resolved"  # type: ignore[misc]


def test_the_facts_of_an_effect_cannot_be_changed() -> None:
    effect = Effect(facts={"unit": "某局"})
    with pytest.raises(TypeError):
        effect.facts["unit"] = "别的局"  # type: ignore[index]


def test_an_effect_keeps_the_facts_it_was_given() -> None:
    facts: dict[str, str | int | bool | None] = {"unit": "某局"}
    effect = Effect(facts=facts)
    facts["unit"] = "别的局"
    assert effect.facts == {"unit": "某局"}


def test_equal_entries_are_equal_and_have_one_hash() -> None:
    assert (entry(), hash(entry())) == (entry(), hash(entry()))


def test_an_actor_needs_no_unit() -> None:
    assert Actor(id="x", role="system").unit is None
