"""How long a store goes on trying: bounded, each pause longer than the one before, none like another's."""

import random
import time
from collections.abc import Iterator, Mapping

import attrs

from bubancheng.errors import ArgumentError

_SHORTEST, _LONGEST = 0.005, 0.5  # seconds between two tries


def _seconds(_owner: object, field: "attrs.Attribute[float]", value: object) -> None:
    if type(value) not in {int, float} or not 0 <= value <= 3600:  # type: ignore[operator] # checked before # noqa: PLR2004 an hour
        msg = f"{field.name} takes seconds from 0 to 3600, got {value!r}"
        raise ArgumentError(msg)


@attrs.frozen
class Patience:
    """The seconds to go on while a server is away, or others hold what is wanted."""

    seconds: float = attrs.field(default=10.0, validator=_seconds)

    @classmethod
    def of(cls, settings: Mapping[str, object]) -> "Patience":
        """Return the patience that settings ask for."""
        return cls(settings["patience"]) if "patience" in settings else cls()  # type: ignore[arg-type] # checked by the class

    def tries(self) -> Iterator[bool]:
        """Yield for each try whether it is the last one; pause between them."""
        end, pause = time.monotonic() + self.seconds, _SHORTEST
        while time.monotonic() < end:
            yield False
            time.sleep(random.uniform(pause / 2, pause))  # noqa: S311 only that two do not meet again
            pause = min(pause * 2, _LONGEST)
        yield True
