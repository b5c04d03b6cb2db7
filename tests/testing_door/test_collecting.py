"""The pytest plugin from outside: tables as tests, fixtures, and nothing that nobody asked for."""

import subprocess
import sys

import pytest

from tests.acting import PROFILE

HEADER = "编号,起算,时限,到期,出处,说明"
GOOD = "国庆,2026-09-30 16:00,3个工作日,2026-10-10 17:00,民法典第201条,"
WRONG = "忘了,2026-09-30 16:00,3个工作日,2026-10-09 17:00,某文件第二条,忘了国庆"


def write(pytester: pytest.Pytester, *rows: str, header: str = HEADER, name: str = "rules.sla.csv") -> None:
    (pytester.path / name).write_text("\n".join([header, *rows, ""]), "utf-8")


# -- tables


def test_a_row_is_a_test_and_is_named_by_row_and_number(pytester: pytest.Pytester) -> None:
    write(pytester, GOOD, GOOD.replace("国庆", "", 1), GOOD.replace("国庆", "a b/c", 1))
    result = pytester.runpytest("-v", "-W", "error")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            "rules.sla.csv::row2-国庆 PASSED*",
            "rules.sla.csv::row3 PASSED*",
            "rules.sla.csv::row4-a-b-c PASSED*",
        ]
    )


def test_a_failing_row_says_expected_got_source_and_every_day_and_nothing_of_our_code(
    pytester: pytest.Pytester,
) -> None:
    write(pytester, GOOD, WRONG)
    result = pytester.runpytest("-W", "error")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            "rules.sla.csv 第 3 行 (row 3)　到期 (due)：应为 (expected) 2026-10-09 17:00，实为 (got) 2026-10-10 17:00",
            "出处 (source)：某文件第二条",
            "说明 (note)：忘了国庆",
            "逐日说明 (day by day)：",
            "期限3个工作日，自2026-09-30（周三）16:00起算，至2026-10-10（周六）17:00届满",
            "  2026-09-30（周三）开始的当日不计入〔民法典 第201条第一款〕",
            "  2026-10-01（周四）放假（国庆节），不计入〔国务院办公厅关于2026年部分节假日安排的通知*",
            "  2026-10-08（周四）工作日，第1日〔*",
            "  2026-10-10（周六）调休上班（国庆节），第3日〔*",
            "FAILED rules.sla.csv::row3-忘了 - rules.sla.csv 第 3 行*",
        ]
    )
    result.stdout.no_fnmatch_line("*.py*")


def test_a_bad_row_fails_alone_with_all_that_is_wrong(pytester: pytest.Pytester) -> None:
    write(pytester, GOOD, "坏,2026-02-30 10:00,1.5日,=A1,,", GOOD)
    result = pytester.runpytest("-W", "error")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "rules.sla.csv：第 3 行 (row 3)　起算 (start)：“2026-02-30 10:00”不是存在的日期或时刻",
            "第 3 行 (row 3)　时限 (limit)：*",
            "第 3 行 (row 3)　到期 (due)：是公式 (a formula)*",
            "第 3 行 (row 3)　出处 (source)：不能为空*",
        ]
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "*没有表头 (empty)*"),
        ("起算,时限,到期\n".encode(), "*缺少列“出处”(missing column source)*"),
        ("起算,时限,到其,出处\n".encode(), "*没有列“到其”(unknown column)，是否应为“到期”*"),
        (b"a,b\0,c\n", "*neither encoding fits*"),
    ],
    ids=["empty", "no source", "unknown column", "nul"],
)
def test_what_is_no_table_is_an_error_of_collection_in_words(
    pytester: pytest.Pytester, content: bytes, said: str
) -> None:
    (pytester.path / "x.sla.csv").write_bytes(content)
    result = pytester.runpytest("-W", "error")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([said])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*.py:*")


def test_rows_of_a_district_are_checked_with_its_profile(pytester: pytest.Pytester) -> None:
    (pytester.path / "own.toml").write_bytes(PROFILE.read_bytes())
    header = "区,难易,登记时间,接单时间,到期,亮灯时刻,灯,出处"
    rest = "一般,2026-09-30 15:00,2026-09-30 16:00,2026-10-10 17:00,2026-10-10 17:00,黄,四(三)"
    write(pytester, f"chongming,{rest}", f"own.toml,{rest}", f"none.toml,{rest}", header=header)
    result = pytester.runpytest("-W", "error")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["rules.sla.csv：第 4 行 (row 4)　区 (district)：*none.toml*"])


def test_other_csv_files_are_left_alone(pytester: pytest.Pytester) -> None:
    write(pytester, GOOD, name="ledger.csv")
    assert pytest.ExitCode.NO_TESTS_COLLECTED == pytester.runpytest().ret


def test_tables_are_spread_over_several_processes(pytester: pytest.Pytester) -> None:
    for number in range(3):
        write(pytester, GOOD, WRONG, name=f"t{number}.sla.csv")
    result = pytester.runpytest_subprocess("-n", "2", "-W", "error")
    result.assert_outcomes(passed=3, failed=3)


def test_the_plugin_can_be_switched_off(pytester: pytest.Pytester) -> None:
    write(pytester, WRONG)
    pytester.makepyfile("def test_it(sla_clock): pass")
    result = pytester.runpytest_subprocess("-p", "no:bubancheng", "-W", "error")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'sla_clock' not found*"])


# -- fixtures


def test_the_fixtures_give_a_desk_of_the_marked_district_at_a_frozen_time(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import datetime as dt
        import pytest
        from bubancheng import Actor
        from bubancheng.actions import Accept, Acknowledge, Register
        from bubancheng.testing import Timing, assert_due, assert_light, assert_lights

        pytestmark = pytest.mark.sla(district="chongming", now="2020-01-01 00:00")

        @pytest.mark.sla(now="2026-09-30 16:00")
        def test_the_desk(sla_desk, sla_clock, sla_district, sla_calendar):
            window = Actor(id="w", role="window_officer", unit="区行政服务中心")
            officer = Actor(id="o", role="disposal_officer", unit="区公安分局")
            sla_desk.do(Register(ticket="T", matter="居住证办理", category="general"), actor=window)
            sla_desk.do(Accept(ticket="T"), actor=window)
            ticket = sla_desk.do(Acknowledge(ticket="T"), actor=officer)
            assert sla_clock.now == ticket.marks[-1].at
            assert sla_district == sla_desk.district
            assert sla_calendar == sla_desk.calendar
            timing = Timing.of_ticket(ticket, sla_district, sla_calendar)
            assert_due("2026-10-10 17:00", timing)
            assert_lights({sla_clock.put("2026-10-10 17:00"): "黄"}, timing)
            assert "yellow" == next(sla_desk.board()).light.value
            sla_clock.advance(dt.timedelta(microseconds=1))
            assert_light("red", timing, sla_clock())
            assert "red" == next(sla_desk.board()).light.value

        def test_the_next_desk_is_empty_and_its_clock_stands_elsewhere(sla_desk, sla_clock):
            assert "2020-01-01T00:00:00+08:00" == sla_clock().isoformat()
            assert [] == list(sla_desk.board())

        @pytest.mark.sla(hours="08:00-12:00")
        def test_other_hours(sla_desk, sla_calendar):
            assert dt.timedelta(hours=4) == sla_calendar.between(dt.datetime(2026, 3, 2), dt.datetime(2026, 3, 3))
            assert sla_desk.calendar == sla_calendar
        """
    )
    pytester.runpytest_subprocess("-W", "error", "--strict-markers").assert_outcomes(passed=3)


def test_the_configuration_may_name_the_district(pytester: pytest.Pytester) -> None:
    (pytester.path / "own.toml").write_bytes(PROFILE.read_bytes())
    pytester.makeini("[pytest]\nsla_district = own.toml\n")
    pytester.makepyfile(
        """
        def test_it(sla_district, sla_calendar, sla_desk):
            assert ("chongming", "chongming") == (sla_district.name, sla_desk.district.name)
        """
    )
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)


def test_clock_and_calendar_need_no_district(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import datetime as dt

        def test_it(sla_calendar, sla_clock):
            assert "2026-03-02T09:00:00+08:00" == sla_clock().isoformat()
            assert dt.date(2026, 10, 10) == sla_calendar.add_workdays(dt.date(2026, 9, 30), 3)
        """
    )
    pytester.runpytest("-W", "error").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (
            "",
            "*sla_desk needs a district: mark the test with @pytest.mark.sla(district='chongming'), or set*",
        ),
        ("@pytest.mark.sla(distrikt='chongming')", "*takes district=, now=, hours=, got distrikt*"),
        ("@pytest.mark.sla('chongming')", "*takes district=, now=, hours=, got ('chongming',)*"),
        ("@pytest.mark.sla(district='火星')", "*没有区 district (no such) '火星'*"),
        ("@pytest.mark.sla(district='chongming', now='morgen')", "*“morgen”不是时间*"),
    ],
    ids=["none", "misspelt", "by place", "unknown", "no time"],
)
def test_a_mark_that_cannot_be_meant_says_what_to_do(pytester: pytest.Pytester, mark: str, said: str) -> None:
    pytester.makepyfile(f"import pytest\n\n{mark}\ndef test_it(sla_desk):\n    pass\n")
    result = pytester.runpytest("-W", "error")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([said])


# -- what it costs those who do not use it


def test_a_run_that_does_not_use_it_loads_nothing_of_the_library(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_it():
            ours = {it for it in sys.modules if it.startswith("bubancheng")}
            assert {"bubancheng", "bubancheng.testing", "bubancheng.testing.contracts",
                    "bubancheng.testing.contracts.summary", "bubancheng.testing.fixtures",
                    "bubancheng.testing.pytest_plugin"} == ours
            assert set() == {"attrs", "attr", "chinese_calendar", "numpy", "click"} & {*sys.modules}
        """
    )
    pytester.runpytest_subprocess("-W", "error", "-p", "no:hypothesispytest").assert_outcomes(passed=1)


def test_the_assertions_need_neither_pytest_nor_plugins_nor_databases() -> None:
    code = (
        "import sys\n"
        "from bubancheng.testing import Timing, assert_due, check_case, parse_case_table\n"
        "assert_due('2026-10-10', Timing.of_limit('3个工作日', '2026-09-30 16:00'))\n"
        "for case in parse_case_table('起算,时限,到期,出处\\n2026-09-30 16:00,当日,2026-09-30,x\\n').cases:\n"
        "    check_case(case)\n"
        "print(*sys.modules)"
    )
    result = subprocess.run(  # noqa: S603 our own interpreter
        [sys.executable, "-W", "error", "-X", "utf8", "-c", code], capture_output=True, check=True, text=True
    )
    outer = {"pytest", "_pytest", "hypothesis", "pluggy", "sqlite3", "click", "bubancheng.desk"}
    assert set() == outer & {*result.stdout.split()}


def test_a_program_that_has_loaded_the_library_may_run_pytest(pytester: pytest.Pytester) -> None:
    """The library is loaded before pytest could rewrite it; that must not end in a warning."""
    write(pytester, GOOD)
    pytester.makepyfile(
        run="import sys, bubancheng.testing.pytest_plugin, pytest\nsys.exit(pytest.main(['-W', 'error', '-q', '.']))"
    )
    result = pytester.runpython(pytester.path / "run.py")
    assert 0 == result.ret
    result.stdout.fnmatch_lines(["1 passed*"])
    result.stdout.no_fnmatch_line("*already imported*")
