"""Run every Python block of the README files and the documentation as a test."""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README*.md", "docs/**/*.md", "docs/*.md", "docs/zh/hooks/*.md"],
    excludes=["docs/_build/**"],
).pytest()
