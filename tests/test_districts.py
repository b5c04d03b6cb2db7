"""All installed districts together: the page about them, what is alike in them, and a core that knows none."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import bubancheng
from bubancheng.registry import hooks_of
from tests.district.installed import districts, plugins

ROOT = Path(__file__).parents[1]
CORE = Path(bubancheng.__file__).parent
PLACE = re.compile("([\u4e00-\u9fff]{2,}?)(?:省|市|新区|区|县|街道)")
CITED = "Source:"  # a docstring may cite the text of a rule as its source

# `bubancheng run` without --district reads the ledger of the README; the others are examples in what people read
EXCEPT = {
    ("cli/main.py", 'default="chongming"'),
    ("cli/scaffold/making.py", 'Desk.open("chongming"'),
    ("testing/fixtures.py", "district='chongming'"),
}


def words() -> dict[str, str]:
    """Return every word that names an installed district: short names, codes, Chinese names."""
    found: dict[str, str] = {}
    for it in districts().values():
        found |= dict.fromkeys((it.name, it.code, it.title, *PLACE.findall(it.title)), it.name)
    return found


def naming(text: str) -> list[str]:
    """Return the words in a text that name a district."""
    return [
        word
        for word in words()
        if re.search(
            rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else word, text, re.IGNORECASE
        )
    ]


def test_the_words_are_those_of_the_districts() -> None:
    assert {"chongming", "sh-chongming", "崇明", "上海", "沙河", "南山", "pudong", "浦东", "鹿泉"} <= {
        *words()
    }
    assert ["pudong"] == naming("as Pudong does")
    assert [] == naming("shahed")


def test_no_core_module_names_a_district() -> None:
    found = []
    for file in sorted(it for it in CORE.rglob("*") if it.suffix in {".py", ".toml", ".md"}):
        name = file.relative_to(CORE).as_posix()
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            excepted = any(name == module and part in line for module, part in EXCEPT)
            if CITED not in line and not excepted and naming(line):
                found.append(f"{name}:{number} {line.strip()}")
    assert [] == found


def test_at_least_eleven_of_the_installed_districts_are_a_profile_and_no_python() -> None:
    alone = []
    for name, plugin in plugins().items():
        is_ours = type(plugin).__module__.partition(".")[0] == "bubancheng"
        if is_ours and ["bubancheng_district"] == hooks_of(type(plugin)):
            alone.append(name)
    assert 11 <= len(alone)
    assert {*alone} <= {*districts()}


@pytest.mark.parametrize(("page", "language"), [("docs/districts.md", "en"), ("docs/zh/districts.md", "zh")])
def test_the_page_of_the_districts_is_what_the_tool_prints(page: str, language: str) -> None:
    tool = ROOT / "tools" / "districts_table.py"
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-X", "utf8", str(tool), language], capture_output=True, check=True, cwd=ROOT
    )
    assert (ROOT / page).read_text("utf-8") == done.stdout.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize("name", sorted(districts()))
def test_every_district_has_a_row_on_the_page_and_a_ledger_among_the_examples(name: str) -> None:
    for page in ("docs/districts.md", "docs/zh/districts.md"):
        rows = [line for line in (ROOT / page).read_text("utf-8").splitlines() if f"`{name}` |" in line]
        assert 1 == len(rows), page
    assert (ROOT / "examples" / f"{name}-ledger.csv").is_file()


@pytest.mark.parametrize("name", sorted(districts()))
def test_every_version_of_a_districts_rules_says_its_source_and_what_it_assumes(name: str) -> None:
    for rule in districts()[name].rules:
        assert rule.source.strip(), rule.version
        assert rule.assumptions, rule.version
