from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Any, TypeAlias

_Add: TypeAlias = Callable[[datetime, timedelta], datetime]
_Between: TypeAlias = Callable[[datetime, datetime], timedelta]

def compiled(lines: dict[tzinfo | None, Any], add: _Add, between: _Between, /) -> tuple[_Add, _Between]: ...
