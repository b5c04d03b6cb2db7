"""Run every Python block of the README files and the documentation as a test.

Tutorials, and the how-to on a store of one's own, are run whole instead, by `tests/tutorials.py`.
"""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_plugins = ["pytester"]

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README*.md", "docs/**/*.md", "docs/*.md", "docs/zh/hooks/*.md"],
    excludes=["docs/_build/**", "docs/tutorials/**", "docs/**/tutorials/**", "**/own-store.md"],
).pytest()
