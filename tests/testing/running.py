"""Running the checks of a kit without pytest, to see which of them reject an implementation."""

import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from bubancheng.testing.contracts.kit import Contract, checks


def rejecting(contract: type[Contract], make: Callable[[str], Any]) -> set[str]:
    """Return the names of the checks that reject what `make` sets up, anew for each check."""
    found = set()
    for name in checks(contract):
        setup = make(name)
        given = {"setup": setup}
        wanted = inspect.signature(getattr(contract, name)).parameters
        if "store" in wanted:
            given["store"] = setup.open()
        try:
            getattr(contract(), name)(**{key: value for key, value in given.items() if key in wanted})
        except Exception as error:  # noqa: BLE001 however it is rejected
            import os; os.environ.get("SHOW") and print(name, repr(error)[:300])
            found.add(name)
        finally:
            with suppress(Exception):  # of a wrong store anything can be wrong
                given["store"].close()
    return found
