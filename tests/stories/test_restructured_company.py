"""Fengtai, 2022: a chemicals company changes its form, its trade and its building's use; many matters, one case.

The report names no day and no end; the days are ours. The case is hard, so that its lead agrees a date with the
company, and each matter has a date of its own. Off: 3 to 5 April (Qingming) and 30 April to 4 May 2022.
"""

import pytest

from bubancheng.actions import Accept, Acknowledge, Act, Classify, Contact, Register, Resolve
from bubancheng.errors import ArgumentError, NotAllowedError
from tests.acting import instant
from tests.features.districts.beijing import FENGTAI, SCOPE, office, officer, window
from tests.stories.telling import Case

MARKET, TAX, HOUSING = "丰台区市场监管局", "丰台区税务局", "丰台区住房城市建设委"
ITEMS = (
    ("改制变更登记", MARKET, "2022-03-31T17:00:00+08:00"),
    ("经营范围变更", MARKET, "2022-04-08T17:00:00+08:00"),
    ("税务变更登记", TAX, "2022-04-15T17:00:00+08:00"),
    ("写字楼出租备案", HOUSING, "2022-04-29T17:00:00+08:00"),
)


def test_a_company_that_changes_everything_at_once() -> None:
    hall = office("fengtai", "2022-03-14 10:00")
    case, clerk, lead = Case(hall, "FT-2022-001"), window(FENGTAI), officer(FENGTAI, "牵头人")
    number = case.number

    case.opens(
        Register(
            ticket=number,
            matter="企业改制一件事",
            channel="窗口",
            category="疑难",
            reporter_kind="企业",
            reporter="某化工原料公司",
            intake_reason="不知从何办起",
            text="转变主营业务，1万多平方米的写字楼等待出租",
        ),
        clerk,
        "2022-03-14 10:00",
    )
    case.happens(Accept(ticket=number, scope_reason=SCOPE), clerk, "2022-03-14 10:30")
    case.happens(Acknowledge(ticket=number), lead, "2022-03-14 14:00")
    case.happens(Contact(ticket=number, learned="一系列变更手续无从下手"), lead, "2022-03-15 09:40")
    agreed = Classify(ticket=number, category="疑难", agreed_due=instant("2022-04-29 17:00"))
    case.happens(agreed, lead, "2022-03-15 09:50")
    assert case.seen() == (
        "已先行联系 | green | - | 2022-04-29 17:00",
        f"承办单位已联系，正在办理 | 办结回复 | {FENGTAI} | 2022-04-29 17:00",
    )

    for item, unit, due in ITEMS:
        fields = {"case_item": item, "co_handler": unit, "item_due": due}
        case.happens(Act(ticket=number, kind="add_item", fields=fields), lead, "2022-03-15 10:00")
    timers = hall.timers(number)
    assert [due for _, _, due in ITEMS] == [
        str(timers[f"case_item:{item}"].due).replace(" ", "T") for item, _, _ in ITEMS
    ]
    fields = {"case_item": "消防", "co_handler": "没有的局", "item_due": ITEMS[0][2]}
    with pytest.raises(ArgumentError, match="unknown unit"):
        case.happens(Act(ticket=number, kind="add_item", fields=fields), lead, "2022-03-15 10:05")

    def settles(item: str, unit: str, at: str, *, by: str | None = None) -> None:
        fields = {"case_item": item, "co_handler": unit, "result": "已办结"}
        case.happens(Act(ticket=number, kind="settle_item", fields=fields), officer(by or unit), at)

    # nobody settles another unit's matter, whichever way he writes it
    with pytest.raises(NotAllowedError, match="may not act for"):
        settles("改制变更登记", MARKET, "2022-03-28 10:00", by=TAX)
    with pytest.raises(NotAllowedError, match="is not open"):
        settles("改制变更登记", TAX, "2022-03-28 10:00")
    settles("改制变更登记", MARKET, "2022-03-28 10:00")
    settles("经营范围变更", MARKET, "2022-04-11 10:00")  # late by three days
    settles("税务变更登记", TAX, "2022-04-14 10:00")
    with pytest.raises(NotAllowedError, match="写字楼出租备案 is still open"):
        case.happens(Resolve(ticket=number, outcome="办成", done=True), lead, "2022-04-15 10:00")
    met = {item: hall.timers(number)[f"case_item:{item}"].met for item, _, _ in ITEMS[:3]}
    assert {"改制变更登记": True, "经营范围变更": False, "税务变更登记": True} == met
    settles("写字楼出租备案", HOUSING, "2022-04-22 10:00")
    # the case itself stays with its lead, and keeps one date
    assert "已先行联系 | green | - | 2022-04-29 17:00" == case.seen()[0]

    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            done=True,
            root_cause="一系列事项相互牵连",
            measure="个案解决",
            fields={"cause_family": "利益关系复杂"},
        ),
        lead,
        "2022-04-24 10:00",  # a Sunday that was worked
    )
    assert case.seen() == (
        "办结回复 | green | - | 2022-04-29 17:00",
        f"已办结回复 | 回访 | {FENGTAI} | -",
    )
    assert ["item_added"] * 4 + ["item_settled"] * 4 == [
        it for it in case.history() if it.startswith("item_")
    ]
    assert [] == hall.desk.verify()
