"""The tutorial goes as it says, in both languages; and a tutorial that does not is found out."""

from pathlib import Path

import pytest

from tests.tutorials import Command, WrittenFile, read_tutorial, run_tutorial

DOCS = Path(__file__).parent.parent.parent / "docs"
TUTORIALS = ("embed", "plugin", "assert")
FOLDERS = {"English": DOCS / "tutorials", "Chinese": DOCS / "zh" / "tutorials"}


def page_of(tutorial: str, language: str) -> Path:
    """Return the page of a tutorial."""
    return FOLDERS[language] / f"{tutorial}.md"


@pytest.mark.parametrize("language", FOLDERS)
@pytest.mark.parametrize("tutorial", TUTORIALS)
def test_the_tutorial_goes_as_it_says(tutorial: str, language: str, tmp_path: Path) -> None:
    assert run_tutorial(page_of(tutorial, language), tmp_path)


@pytest.mark.parametrize("tutorial", TUTORIALS)
def test_both_languages_write_the_same_files_and_give_the_same_commands(tutorial: str) -> None:
    english, chinese = (
        [
            step.name if isinstance(step, WrittenFile) else step.line
            for step in read_tutorial(page_of(tutorial, language).read_text("utf-8"))
        ]
        for language in FOLDERS
    )
    assert english == chinese


@pytest.mark.parametrize("language", FOLDERS)
def test_every_tutorial_is_run(language: str) -> None:
    assert {*TUTORIALS} == {it.stem for it in FOLDERS[language].glob("*.md")}


def test_files_and_commands_are_read_in_the_order_of_the_page() -> None:
    page = (
        "Text.\n\n```python\n# file: a.py\nprint(1)\n```\n\n`b.csv`：\n\n```text\nx\n```\n\n```text\nshown\n```\n\n"
        "```console\n$ one --two\nout\n...\nmore\n$ three  # exit status 2\n```\n"
    )
    assert [
        WrittenFile(name="a.py", content="# file: a.py\nprint(1)\n"),
        WrittenFile(name="b.csv", content="x\n"),
        Command(line="one --two", pieces=("out", "more")),
        Command(line="three", status=2),
    ] == read_tutorial(page)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("```python\nprint(1)\n```\n", "a file, console or text, not 'python'"),
        ("```console\nout\n$ echo\n```\n", "begins with a command"),
        ("```text\nx\n```\n", "at least one command"),
        ("`../x`:\n\n```text\nx\n```\n", "lies in its folder"),
        ("`/x`:\n\n```text\nx\n```\n", "lies in its folder"),
    ],
    ids=["unknown block", "output first", "no command", "above", "absolute"],
)
def test_a_page_of_another_form_is_refused(page: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        read_tutorial(page)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("$ echo one\ntwo\n", "not said, or not in this place: two"),
        ("$ printf 'one\\ntwo\\n'\ntwo\none\n", "not said, or not in this place: one"),
        ("$ false\n", "false"),
        ("$ true  # exit status 1\n", "true"),
        ("$ cd ..\n", "leads out"),
        ('$ python -m pip install "no-such-distribution-of-ours"\n', "no-such-distribution-of-ours"),
    ],
    ids=["missing", "order", "status", "no failure", "out of the folder", "not installed"],
)
def test_a_page_that_does_not_go_as_it_says_is_found_out(tmp_path: Path, block: str, said: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"```console\n{block}```\n", "utf-8")
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises((AssertionError, ImportError), match=said):
        run_tutorial(page, folder)


def test_a_page_that_goes_as_it_says_passes(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "`deep/a.txt`:\n\n```text\none two three\n```\n\n"
        "```console\n$ cd deep\n$ cat a.txt\none...three\n$ exit 3  # exit status 3\n"
        '$ python -m pip install "bubancheng[testing]"\n```\n',
        "utf-8",
    )
    folder = tmp_path / "empty"
    folder.mkdir()
    assert 5 == len(run_tutorial(page, folder))
