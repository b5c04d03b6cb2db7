"""Sphinx reads this: MyST pages, furo, reference from docstrings."""

from importlib.metadata import version as _version

project = "bubancheng"
author = "The bubancheng founders"
copyright = "The bubancheng founders"
version = release = _version("bubancheng")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.intersphinx"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_class_signature = "separated"

html_theme = "furo"
html_title = f"bubancheng {release}"
html_search_language = "zh"
language = "en"
