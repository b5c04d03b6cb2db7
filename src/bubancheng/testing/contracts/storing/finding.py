"""Finding tickets: by number, by unit, step and light, by what changes by itself, by district."""

from typing import Any

from bubancheng.store import ChangeSet, Record, Store
from bubancheng.testing.contracts.kit import check, expect
from bubancheng.testing.contracts.storing.rows import (
    HERE,
    THERE,
    change,
    found,
    put,
    records,
    row,
    taken,
    waiting,
)


def _fill(store: Store) -> None:
    store.commit(
        change(row("B", step="sent", unit="甲局")),
        change(row("A", step="sent", unit="乙局")),
        change(row("中", step="new", unit="甲局")),
        change(row("a", step="new")),
        change(row("A1", step="sent", unit="甲局")),
    )


class Finding:
    """S15 to S20, S47 and S48."""

    @check("S15")
    def test_tickets_are_found_in_the_order_of_their_numbers(self, store: Store) -> None:
        """By code point; pages of any size show each once; one can go on after a number that is gone."""
        _fill(store)
        expect(["A", "A1", "B", "a", "中"], found(store), "numbers by code point")
        for size in range(1, 7):
            seen: list[str] = []
            for _ in range(6):
                seen += found(store, after=seen[-1] if seen else "", limit=size)
            expect(["A", "A1", "B", "a", "中"], seen, f"pages of {size}")
        expect(["A1", "B", "a", "中"], found(store, after="A0"), "after a number that is not there")

    @check("S16")
    def test_filters_hold_together_and_before_the_limit(self, store: Store) -> None:
        """Unit and step, then the limit."""
        _fill(store)
        seen = found(store, unit="甲局"), found(store, step="new"), found(store, unit="丙局")
        expect((["A1", "B", "中"], ["a", "中"], []), seen, "by unit, by step, by what nobody has")
        expect(["中"], found(store, unit="甲局", step="new"), "unit and step at once")
        expect(["a"], found(store, step="new", limit=1), "the limit comes last")

    @check("S17")
    def test_what_changes_by_itself_comes_earliest_first(self, store: Store) -> None:
        """Up to an instant, that one included, then by number, at most as many as asked for."""
        times = {"A": 30, "B": 10, "C": None, "D": 20, "E": 10}
        store.commit(*[change(row(ticket, next_change=when)) for ticket, when in times.items()])
        cases = {9: "", 10: "BE", 19: "BE", 20: "BED", 30: "BEDA", 2**62: "BEDA", -(2**62): ""}
        for instant, expected in cases.items():
            seen = [it.ticket for it in store.due_before(HERE, instant)]
            expect(list(expected), seen, f"what changes up to {instant}")
        expect(list("BED"), [it.ticket for it in store.due_before(HERE, 99, 3)], "at most three")

    @check("S18")
    def test_what_was_told_is_not_due_again(self, store: Store) -> None:
        """A ticket is due at its newest `next_change` alone."""
        store.commit(change(row("A", next_change=10)), change(row("B", next_change=10)))
        store.commit(ChangeSet(district=HERE, expected=1, row=row("A", next_change=None)))
        store.commit(ChangeSet(district=HERE, expected=1, row=row("B", next_change=50)))
        expect([], [it.ticket for it in store.due_before(HERE, 40)], "what was told")

    @check("S19")
    def test_two_districts_never_meet(self, store: Store) -> None:
        """Tickets, entries, records, changes and outbox of one district are none of another's."""
        for district in (HERE, THERE):
            store.commit(
                change(
                    row(step=district, next_change=1, district=district), outbox=(waiting(district=district),)
                ),
                records(Record("command", "c", district), district=district),
            )
        store.commit(change(row(version=2, step=HERE, next_change=1), 1))
        for district, length in ((HERE, 2), (THERE, 1)):
            state = store.load(district, "T1")
            seen = None if state is None else state.step, store.lookup(district, "command", "c")
            expect((district, district), seen, "ticket and record by district")
            expect(length, len(list(store.entries(district, "T1"))), "entries by district")
            expect([district], [it.step for it in store.due_before(district, 9)], "changes by district")
        store.commit(put(waiting("other", district=THERE), district=THERE))
        expect((["a"], ["a", "other"]), (taken(store), taken(store, district=THERE)), "outbox by district")

    @check("S20")
    def test_only_districts_with_tickets_are_listed(self, store: Store) -> None:
        """Settings make no district, nor does a chain of which nothing is ever told."""
        store.commit(records(Record("setting", "calendar", "x"), district="empty"))
        store.commit(change(row("-", district="reads", told="")))
        store.commit(change(row(district=THERE)), change(row()))
        expect([HERE, THERE], store.districts(), "districts with tickets")

    @check("S47")
    def test_tickets_are_found_by_the_light_last_told(self, store: Store) -> None:
        """It is the first word of what was told, limits that passed aside; the newest telling counts."""
        told = {"1": "green", "2": "red\tcontact@5", "3": "yellow", "4": "red", "5": "green\tred@1"}
        store.commit(*[change(row(ticket, told=words)) for ticket, words in told.items()])
        store.commit(change(row("6", district=THERE, told="red")))
        seen = {light: found(store, light=light) for light in ("green", "yellow", "red", "blue")}
        expected = {"green": ["1", "5"], "yellow": ["3"], "red": ["2", "4"], "blue": []}
        expect(expected, seen, "by the light that was told")
        for ticket, words in {"1": "yellow\tcontact@5", "4": "green", "5": "green"}.items():
            store.commit(ChangeSet(district=HERE, expected=1, row=row(ticket, told=words)))
        seen = {light: found(store, light=light) for light in ("green", "yellow", "red")}
        expected = {"green": ["4", "5"], "yellow": ["1", "3"], "red": ["2"]}
        expect(expected, seen, "by the light that was told last")

    @check("S48")
    def test_a_light_holds_with_every_other_filter(self, store: Store) -> None:
        """With unit, step, a number to go on after, and before the limit."""
        lights, units, steps = ("green", "yellow", "red"), ("甲局", "乙局"), ("new", "sent")
        rows = [
            row(
                f"{number:02}",
                told=f"{lights[number % 3]}\tx@1",
                unit=units[number % 2],
                step=steps[number // 12],
            )
            for number in range(24)
        ]
        store.commit(*map(change, rows))
        cases: tuple[dict[str, Any], ...] = (
            {"unit": "甲局"},
            {"step": "sent"},
            {"unit": "乙局", "step": "new"},
            {"limit": 3},
            {"after": "05"},
            {"after": "05", "limit": 2},
            {"unit": "甲局", "after": "03", "limit": 2},
            {"step": "sent", "after": "13", "limit": 2},
            {"unit": "甲局", "step": "sent", "after": "00", "limit": 1},
        )
        for wanted in cases:
            for place, light in enumerate(lights):
                fitting = [it for number, it in enumerate(rows) if number % 3 == place]
                for name in ("unit", "step"):
                    fitting = [it for it in fitting if wanted.get(name) in {None, getattr(it, name)}]
                later = [it.ticket for it in fitting if it.ticket > wanted.get("after", "")]
                expected = later[: wanted.get("limit", 100)]
                expect(expected, found(store, light=light, **wanted), f"{light} with {wanted}")
