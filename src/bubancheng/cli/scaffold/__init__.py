"""`bubancheng new-plugin`: a distribution to start from, which passes its own contract as it stands."""

from bubancheng.cli.scaffold.making import KINDS, new_plugin

__all__ = ["KINDS", "new_plugin"]
