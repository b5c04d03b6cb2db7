"""Advice on a request (预检), and how plugins say they are: plugins speak, persons decide."""

from collections.abc import Mapping
from typing import Any

import pytest

from bubancheng.actions import Accept, Decline, Register
from bubancheng.desk import Desk
from bubancheng.hooks import Advice, DistrictPlugin, Health, TriageRequest, hookimpl
from bubancheng.store import MemoryStore
from tests.acting import IMPORT, OWNED, WINDOW, Clock, acknowledged, instant, open_desk


class Adviser(DistrictPlugin):
    """Gives the advice it was made with, or raises it."""

    def __init__(self, answer: object, settings: Mapping[str, object] | None = None) -> None:
        super().__init__(settings)
        self.answer, self.asked = answer, list[TriageRequest]()

    @hookimpl
    def bubancheng_triage(self, request: TriageRequest) -> Advice | None:
        """Answer, or fail."""
        self.asked.append(request)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer  # type: ignore[return-value]


class Sick(DistrictPlugin):
    """Says how it is, or fails to."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer = answer

    @hookimpl
    def bubancheng_health(self) -> Health | None:
        """Answer, or fail."""
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer  # type: ignore[return-value]


OUT = Advice(rule="涉法涉诉", in_scope=False, exclusion="legal_bar")


def advised(*answers: object) -> tuple[Desk, list[Adviser]]:
    """Return a desk with one plugin for each answer."""
    desk, plugins = open_desk(Clock()), [Adviser(answer) for answer in answers]
    for number, plugin in enumerate(plugins):
        desk.bind(f"adviser-{number}", plugin)
    return desk, plugins


def registered(desk: Desk) -> list[str]:
    desk.do(Register(ticket="T1", matter=OWNED, phone="13812341234", reporter_kind="企业"), actor=WINDOW)
    return [entry.kind for entry in desk.history("T1", actor=WINDOW)]


class TestAdvice:
    def test_it_is_put_on_record_and_changes_no_step(self) -> None:
        desk, _ = advised(OUT)
        assert ["registered", "triaged"] == registered(desk)
        ticket = desk.get("T1", actor=WINDOW)
        facts = ("triage_rule", "advised_scope", "advised_exclusion")
        assert ["涉法涉诉", False, "legal_bar", "registered"] == [*map(ticket.facts.get, facts), ticket.step]

    def test_a_machine_declines_nothing_a_person_may_do_otherwise(self) -> None:
        desk, _ = advised(OUT)
        registered(desk)
        assert "dispatched" == desk.do(Accept(ticket="T1"), actor=WINDOW).step

    def test_a_person_may_follow_it(self) -> None:
        desk, _ = advised(OUT)
        registered(desk)
        words: dict[str, Any] = {"citation": "信访工作条例 第三十条", "explanation": "已当面说明"}
        step = desk.do(Decline(ticket="T1", exclusion="legal_bar", **words), actor=WINDOW).step
        assert "not_accepted" == step

    def test_the_first_answer_counts(self) -> None:
        desk, plugins = advised(None, Advice(rule="二", in_scope=True), OUT)
        registered(desk)
        assert "二" == desk.get("T1", actor=WINDOW).facts["triage_rule"]
        assert [1, 1, 0] == [len(plugin.asked) for plugin in plugins]

    def test_no_answer_is_no_entry(self) -> None:
        desk, _ = advised(None)
        assert ["registered"] == registered(desk)

    def test_nothing_personal_is_told(self) -> None:
        desk, (plugin,) = advised(None)
        registered(desk)
        (asked,) = plugin.asked
        assert ("T1", OWNED, "organisation", instant("2024-03-25 10:00")) == (
            asked.ticket,
            asked.matter,
            asked.reporter_kind,
            asked.registered_at,
        )
        assert "13812341234" not in repr(asked)

    @pytest.mark.parametrize("answer", [RuntimeError("坏了"), SystemExit(3), "out of scope", True])
    def test_a_plugin_that_fails_is_recorded_and_a_person_decides(self, answer: object) -> None:
        desk, _ = advised(answer, OUT)
        assert ["registered"] == registered(desk)
        (failure,) = desk.failures
        assert ("adviser-0", "bubancheng_triage") == (failure.plugin, failure.hook)

    def test_without_a_plugin_nothing_waits_in_the_outbox(self) -> None:
        store = MemoryStore()
        desk = open_desk(Clock(), store)
        desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW)
        now = 2**62
        assert [] == store.claim("chongming", ["triage", "dispatch"], 10, now=now, lease=1)

    def test_a_follow_up_that_was_cut_off_is_finished_by_the_next_sweep(self) -> None:
        desk, (plugin,) = advised(OUT)
        plugin.answer = KeyboardInterrupt()
        with pytest.raises(KeyboardInterrupt):
            registered(desk)
        plugin.answer = OUT
        desk.sweep(instant("2024-03-25 10:05"))
        assert "triaged" in [entry.kind for entry in desk.history("T1", actor=WINDOW)]

    def test_an_import_is_not_advised_on(self) -> None:
        from bubancheng.desk import Deed  # noqa: PLC0415 only here

        desk, (plugin,) = advised(OUT)
        desk.replay([[Deed(Register(ticket="T1", matter=OWNED), instant("2024-03-25 09:00"))]], actor=IMPORT)
        desk.sweep()
        assert [] == plugin.asked


class TestHealth:
    def test_who_does_not_say_is_unknown(self) -> None:
        assert {"chongming": None} == open_desk(Clock()).health()

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            (Health(ok=True, detail="在线"), Health(ok=True, detail="在线")),
            (None, None),
            (RuntimeError("连不上"), Health(ok=False, detail="RuntimeError: 连不上")),
        ],
    )
    def test_what_it_says_is_told_and_a_failure_is_unhealthy(
        self, answer: object, expected: Health | None
    ) -> None:
        desk = open_desk(Clock())
        desk.bind("sick", Sick(answer))
        assert expected == desk.health()["sick"]

    def test_nonsense_is_unhealthy_and_costs_no_ticket(self) -> None:
        desk = open_desk(Clock())
        desk.bind("sick", Sick("fine"))
        health = desk.health()["sick"]
        assert health is not None
        assert not health.ok
        assert "acknowledged" == acknowledged(desk).step
