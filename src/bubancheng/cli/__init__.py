"""The command line (extra `[cli]`): the main job for people, and JSON for other programs."""

from bubancheng.cli.main import main

__all__ = ["main"]
