from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Any

_Add = Callable[[datetime, timedelta], datetime]
_Between = Callable[[datetime, datetime], timedelta]

def compiled(lines: dict[tzinfo | None, Any], add: _Add, between: _Between, /) -> tuple[_Add, _Between]: ...
