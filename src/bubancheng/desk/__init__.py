"""The front door: one command, one transaction; then what follows from it; and the board."""

from bubancheng.desk.following import Change
from bubancheng.desk.front import Desk
from bubancheng.desk.recounting import Move
from bubancheng.desk.view import BoardLine
from bubancheng.desk.writing import Deed

__all__ = ["BoardLine", "Change", "Deed", "Desk", "Move"]
