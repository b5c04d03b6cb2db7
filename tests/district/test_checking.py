"""What only the whole of a profile shows, all at once."""

import pytest

from tests.district.invented import invented, problems

STEP = '\n[[flow.step]]\nid = "{}"\nstage = "resolve"\nname = "旁"\n'
ROW = '\n[[flow.transition]]\naction = "{}"\nentry = "{}"\nfrom = ["{}"]\nto = "{}"\nroles = ["window_officer"]\n'
VERSION = '\n[[rule]]\nversion = "2"\nbased_on = "1"\nvalid_from = 2024-01-01\nsource = "新办法"\n'


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (STEP.format("aside"), "aside 没有动作能到达"),
        (STEP.format("aside"), "aside 到不了终点"),
        (STEP.format("aside") + ROW.format("park", "parked", "registered", "aside"), "aside 到不了终点"),
        ('\n[[rule]]\nversion = "1"\nvalid_until = 2024-01-01\n' + VERSION, "两版规则重叠"),
        ('\n[[rule]]\nversion = "1"\nvalid_until = 2019-01-01\n', "早于 valid_from"),
        (
            '\n[[rule]]\nversion = "1"\n[[rule.target]]\nname = "resolve"\nlimits = { general = "1000000个工作日" }\n',
            "没有历法可以满足",
        ),
        (
            '\n[[rule]]\nversion = "1"\n[[rule.target]]\nname = "x"\nstarts = "dreamt"\nstops = ["resolved"]\nlimit = "1日"\n',
            "没有一行流程写出 'dreamt'",
        ),
        ('\n[[rule]]\nversion = "1"\nfinal = ["vanished"]\n', "没有一行流程写出 'vanished'"),
        ('\n[[route]]\nid = "r"\non = ["resolved"]\nto = "nobody"\n', "没有角色 (no such role) 'nobody'"),
        ('\n[[route]]\nid = "r"\non = ["due:luck"]\nto = "unit"\n', "没有目标 (no such target) 'due:luck'"),
        ('\n[[unit]]\nname = "乙局"\nkind = "x"\nmatters = ["执照"]\n', "事项 执照 已属 甲局"),
        ('\n[[unit]]\nname = "甲局"\nparent = "甲局一所"\n', "上下级成环"),
        ('\n[[unit]]\nname = "乙局"\nkind = "x"\nlevel = "village"\n', "'village' 不在 province"),
        (
            '\n[[flow.transition]]\naction = "park"\nentry = "parked"\nfrom = ["registered"]\nroles = ["ghost"]\n',
            "没有角色 role (not defined) 'ghost'",
        ),
        (
            '\n[[ledger.column]]\nid = "x"\nname = "列"\nfact = "a"\naction = "b"\n',
            "一列只能是 fact 或 action",
        ),
    ],
)
def test_it_is_named(more: str, named: str) -> None:
    assert any(named in it for it in problems(more))


def test_everything_that_is_wrong_is_said_at_once() -> None:
    more = (
        STEP.format("aside")
        + '\n[[unit]]\nname = "乙局"\nkind = "x"\nmatters = ["执照"]\n'
        + '\n[[rule]]\nversion = "1"\nvalid_until = 2024-01-01\n[[rule.target]]\nname = "resolve"\nlimits = { general = "1000000个工作日" }\n'
        + VERSION
        + '\n[[flow.transition]]\naction = "park"\nentry = "parked"\nfrom = ["registered"]\nroles = ["ghost"]\n'
        + "\n[without]\nstep = ['nowhere']\n"
    )
    found = "\n".join(problems(more))
    words = (
        "aside 没有动作能到达",
        "事项 执照",
        "重叠",
        "没有历法可以满足",
        "'ghost'",
        "nothing to leave out",
    )
    assert [] == [word for word in words if word not in found]


def test_the_invented_district_itself_has_no_fault() -> None:
    assert "invented" == invented().name
