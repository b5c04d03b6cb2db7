"""Dispatchers that are wrong in one way each."""

import time
from collections.abc import Mapping

import attrs

from bubancheng.district import Assignment
from bubancheng.hooks import DispatchRequest
from tests.testing.dispatching import ByTable


class Misreading(ByTable):
    """Reads the table a line off."""

    def table(self) -> Mapping[str, str]:
        names = super().table()
        return dict(zip(names, [*list(names.values())[1:], *list(names.values())[:1]], strict=True))


class Unfounded(ByTable):
    """Does not say by which rule."""

    def assigned(self, request: DispatchRequest) -> Assignment | None:
        found = super().assigned(request)
        return found and attrs.evolve(found, rule=" ")


class Guessing(ByTable):
    """Sends what it does not know to the unit that takes most."""

    def assigned(self, request: DispatchRequest) -> Assignment | None:
        is_known = request.matter.strip() in {*self.table(), "别的事项"} or request.place is not None
        return super().assigned(request) if is_known else Assignment(unit="区市场监管局", rule="usual")


class Brittle(ByTable):
    """Looks at the first character, also where there is none."""

    def assigned(self, request: DispatchRequest) -> Assignment | None:
        return super().assigned(request) if request.matter[0] else None


class Stringly(ByTable):
    """Answers blanks with the name of a unit instead of an assignment."""

    def assigned(self, request: DispatchRequest) -> Assignment | None:
        return super().assigned(request) if request.matter.strip() else "区民政局"  # type: ignore[return-value]


class Remembering(ByTable):
    """Remembers what it said of a matter and forgets that a place was asked for too."""

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(settings)
        self._said: dict[str, Assignment] = {}

    def assigned(self, request: DispatchRequest) -> Assignment | None:
        found = self._said.get(request.matter) or super().assigned(request)
        if found is not None:
            self._said[request.matter] = found
        return found


class Shared(ByTable):
    """Keeps its settings at the class, where every desk of the process finds the latest ones."""

    latest: Mapping[str, object] = {}

    def __init__(self, settings: Mapping[str, object]) -> None:
        super().__init__(settings)
        type(self).latest = self.settings

    def table(self) -> Mapping[str, str]:
        given = self.latest.get("table")
        return given if isinstance(given, dict) else {}


_ONLY: list[ByTable] = []


def only_one(settings: Mapping[str, object]) -> ByTable:
    """Give every desk the plugin that the first one got."""
    if not _ONLY or (settings and _ONLY[0].settings != settings):
        _ONLY[:] = [ByTable(settings)]
    return _ONLY[0]


class Holding(ByTable):
    """Holds the request in a place that all threads share while it thinks."""

    def assigned(self, request: DispatchRequest) -> Assignment | None:
        self._held = request
        time.sleep(0.002)
        return super().assigned(self._held)


class Renaming(ByTable):
    """Names units by their full titles, which the district does not list."""

    cases = tuple(attrs.evolve(it, unit=it.unit and f"上海市崇明{it.unit}") for it in ByTable.cases)

    def assigned(self, request: DispatchRequest) -> Assignment | None:
        found = super().assigned(request)
        return found and attrs.evolve(found, unit=f"上海市崇明{found.unit}")


WRONG = {
    Misreading: "test_each_case_goes_where_its_author_says_by_a_rule",
    Unfounded: "test_each_case_goes_where_its_author_says_by_a_rule",
    Guessing: "test_what_nobody_knows_is_not_guessed",
    Brittle: "test_whatever_is_written_can_be_asked_about",
    Stringly: "test_whatever_is_written_can_be_asked_about",
    Remembering: "test_asked_again_it_answers_the_same_in_any_order",
    Shared: "test_two_desks_share_nothing",
    only_one: "test_two_desks_share_nothing",
    Holding: "test_threads_may_ask_at_once",
    Renaming: "test_a_desk_follows_it",
}
"""Each wrong dispatcher, and the one check that rejects it."""
