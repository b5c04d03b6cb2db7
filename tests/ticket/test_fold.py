"""The fold: what a list of entries adds up to, as of any instant."""

import pytest

from bubancheng.errors import ArgumentError, BubanchengError
from bubancheng.ticket import Amendment, Effect, Entry, Fact, Ticket, fold
from tests.acting import instant
from tests.ticket.test_entry import entry


def story(*parts: tuple[str, str, str | None, dict[str, Fact]]) -> list[Entry]:
    """Return entries in order: each a kind, a time, the step it led to, the facts it set."""
    return [
        entry(
            sequence=number,
            kind=kind,
            at=instant(at),
            recorded_at=instant("2024-04-30 10:00"),
            effect=Effect(step=step, facts=facts),
        )
        for number, (kind, at, step, facts) in enumerate(parts, start=1)
    ]


STORY = story(
    ("registered", "2024-03-25 10:00", "registered", {"matter": "居住证办理"}),
    ("dispatched", "2024-03-25 11:00", "dispatched", {"unit": "甲局"}),
    ("contacted", "2024-03-25 12:00", None, {}),
    ("dispatched", "2024-03-25 13:00", "dispatched", {"unit": "乙局"}),
    ("resolved", "2024-03-26 10:00", "resolved", {"done": True}),
)


def ticket() -> Ticket:
    """Return what the story adds up to."""
    return fold(STORY, rule="2023-10-26")


class TestFold:
    def test_no_entries_are_no_ticket(self) -> None:
        with pytest.raises(ArgumentError, match="at least one entry"):
            fold([], rule="x")

    def test_the_first_entry_opens_the_ticket(self) -> None:
        opened = fold(STORY[:1], rule="2023-10-26")
        assert (opened.district, opened.id, opened.rule, opened.step, opened.version) == (
            "chongming",
            "T1",
            "2023-10-26",
            "registered",
            1,
        )

    def test_the_step_is_where_the_last_effect_led(self) -> None:
        assert ticket().step == "resolved"

    def test_an_effect_without_a_step_leaves_the_ticket_where_it_is(self) -> None:
        assert fold(STORY[:3], rule="x").step == "dispatched"

    def test_later_facts_win_over_earlier_ones(self) -> None:
        assert ticket().unit == "乙局"

    def test_facts_that_nobody_set_again_stay(self) -> None:
        assert ticket().facts["matter"] == "居住证办理"

    def test_the_version_is_the_number_of_the_last_entry(self) -> None:
        assert ticket().version == 5

    def test_a_kind_that_nobody_knows_folds_like_any_other(self) -> None:
        at = "2024-03-25 10:00"
        unknown = story(("registered", at, "s", {"x": 1}), ("招商引资", at, "s", {"x": 1}))
        assert (fold(unknown, rule="x").step, fold(unknown, rule="x").facts) == ("s", {"x": 1})

    @pytest.mark.parametrize("sequence", [1, 2, 4, 0])
    def test_a_gap_or_a_repetition_is_refused(self, sequence: int) -> None:
        with pytest.raises(ArgumentError, match=f"entry {sequence} cannot follow entry 2"):
            fold([*STORY[:2], entry(sequence=sequence)], rule="x")

    def test_after_gives_a_new_ticket_and_leaves_the_old_one(self) -> None:
        before = fold(STORY[:4], rule="x")
        after = before.after(STORY[4])
        assert (before.step, after.step) == ("dispatched", "resolved")

    def test_first_is_the_time_of_the_first_entry_of_a_kind(self) -> None:
        assert ticket().first("dispatched") == instant("2024-03-25 11:00")

    def test_first_is_none_where_a_kind_has_not_happened(self) -> None:
        assert ticket().first("acknowledged") is None

    def test_a_fact_that_is_false_is_known(self) -> None:
        known = fold([entry(effect=Effect(step="s", facts={"done": False, "note": None}))], rule="x")
        assert (known.text("done"), known.text("note"), known.text("other")) == ("False", None, None)

    def test_the_facts_of_a_ticket_cannot_be_changed(self) -> None:
        with pytest.raises(TypeError):
            ticket().facts["unit"] = "丙局"  # type: ignore[index]


class TestAsOf:
    def test_before_its_registration_there_is_no_ticket(self) -> None:
        assert ticket().as_of(instant("2024-03-25 09:59:59.999999")) is None

    def test_at_its_registration_there_is_one(self) -> None:
        assert ticket().as_of(instant("2024-03-25 10:00")) == fold(STORY[:1], rule="2023-10-26")

    @pytest.mark.parametrize(
        ("now", "step", "unit"),
        [
            ("2024-03-25 10:59:59.999999", "registered", None),
            ("2024-03-25 11:00", "dispatched", "甲局"),
            ("2024-03-25 13:00", "dispatched", "乙局"),
            ("2024-03-26 09:59", "dispatched", "乙局"),
        ],
    )
    def test_what_happened_later_has_not_happened_yet(self, now: str, step: str, unit: str | None) -> None:
        seen = ticket().as_of(instant(now))
        assert seen is not None
        assert (seen.step, seen.unit) == (step, unit)

    @pytest.mark.parametrize("now", ["2024-03-26 10:00", "2030-01-01 00:00"])
    def test_when_all_has_happened_it_is_the_ticket_itself(self, now: str) -> None:
        assert ticket().as_of(instant(now)) == ticket()

    def test_an_entry_that_was_written_late_counts_from_when_it_happened(self) -> None:
        late = story(
            ("registered", "2024-03-25 10:00", "registered", {}),
            ("resolved", "2024-03-25 15:00", "resolved", {}),
            ("contacted", "2024-03-25 12:00", None, {}),
        )
        seen = fold(late, rule="x").as_of(instant("2024-03-25 13:00"))
        assert seen is not None
        assert ("registered", instant("2024-03-25 12:00")) == (seen.step, seen.first("contacted"))


def corrected(*amendments: Amendment) -> Ticket:
    """Return the story with a last entry that corrects earlier ones."""
    last = entry(
        sequence=6, kind="corrected", at=instant("2024-04-01 10:00"), effect=Effect(amends=amendments)
    )
    return fold([*STORY, last], rule="x")


class TestAmendments:
    def test_a_corrected_time_is_when_it_happened(self) -> None:
        found = corrected(Amendment(sequence=3, field="at", old="", new="2024-03-25T12:30:00+08:00"))
        assert found.first("contacted") == instant("2024-03-25 12:30")

    def test_a_corrected_fact_is_the_fact(self) -> None:
        found = corrected(Amendment(sequence=4, field="unit", old="乙局", new="丙局"))
        assert found.unit == "丙局"

    def test_a_correction_of_an_entry_that_was_overtaken_changes_nothing_later(self) -> None:
        found = corrected(Amendment(sequence=2, field="unit", old="甲局", new="丙局"))
        assert found.unit == "乙局"

    def test_a_fact_corrected_to_none_is_not_known(self) -> None:
        found = corrected(Amendment(sequence=4, field="unit", old="乙局", new=None))
        assert found.unit is None

    def test_several_corrections_in_one_entry_all_count(self) -> None:
        found = corrected(
            Amendment(sequence=1, field="matter", old="居住证办理", new="企业办税"),
            Amendment(sequence=5, field="at", old="", new="2024-03-27T09:00:00+08:00"),
        )
        assert ("企业办税", instant("2024-03-27 09:00")) == (found.text("matter"), found.first("resolved"))

    def test_a_correction_counts_as_known_from_the_start(self) -> None:
        found = corrected(Amendment(sequence=2, field="unit", old="甲局", new="丙局"))
        seen = found.as_of(instant("2024-03-25 11:30"))
        assert seen is not None
        assert seen.unit == "丙局"

    def test_a_correction_leaves_the_step_where_it_is(self) -> None:
        assert corrected(Amendment(sequence=4, field="unit", old="乙局", new="丙局")).step == "resolved"

    @pytest.mark.parametrize("new", ["next week", "2024-03-25T12:30:00", None, 7])
    def test_a_time_is_corrected_to_an_instant_with_a_zone_or_refused(self, new: Fact) -> None:
        with pytest.raises(BubanchengError):
            corrected(Amendment(sequence=3, field="at", old="", new=new))
