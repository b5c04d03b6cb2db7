"""The front door: one command, one transaction; then what follows from it; and the board."""

from bubancheng.desk.anchoring import Anchor
from bubancheng.desk.delivering import Delivery
from bubancheng.desk.duty import Absence
from bubancheng.desk.expiring import Expiry
from bubancheng.desk.following import Change
from bubancheng.desk.front import Desk
from bubancheng.desk.purging import Clearance
from bubancheng.desk.recounting import Move
from bubancheng.desk.tracking import PublicStatus, PublicStep
from bubancheng.desk.view import BoardLine
from bubancheng.desk.writing import Deed

__all__ = [
    "Absence",
    "Anchor",
    "BoardLine",
    "Change",
    "Clearance",
    "Deed",
    "Delivery",
    "Desk",
    "Expiry",
    "Move",
    "PublicStatus",
    "PublicStep",
]
