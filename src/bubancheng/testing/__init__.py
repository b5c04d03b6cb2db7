"""The testing door: contract kits for plugins, and what asserts an SLA rule; needs the extra `testing`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bubancheng.testing.contracts.calendar import CalendarContract, CalendarSetup
    from bubancheng.testing.contracts.dispatch import DispatchCase, DispatchContract, DispatchSetup
    from bubancheng.testing.contracts.district import DistrictContract
    from bubancheng.testing.contracts.kit import Capabilities
    from bubancheng.testing.contracts.notify import NotifyContract, NotifySetup
    from bubancheng.testing.contracts.store import StoreContract
    from bubancheng.testing.contracts.storing.setup import Loan, StoreSetup

_HOMES: dict[str, str] = {
    "CalendarContract": "contracts.calendar",
    "CalendarSetup": "contracts.calendar",
    "Capabilities": "contracts.kit",
    "DispatchCase": "contracts.dispatch",
    "DispatchContract": "contracts.dispatch",
    "DispatchSetup": "contracts.dispatch",
    "DistrictContract": "contracts.district",
    "Loan": "contracts.storing.setup",
    "NotifyContract": "contracts.notify",
    "NotifySetup": "contracts.notify",
    "StoreContract": "contracts.store",
    "StoreSetup": "contracts.storing.setup",
}
"""Each public name and the module it lives in, imported when it is first asked for."""

__all__ = [
    "CalendarContract",
    "CalendarSetup",
    "Capabilities",
    "DispatchCase",
    "DispatchContract",
    "DispatchSetup",
    "DistrictContract",
    "Loan",
    "NotifyContract",
    "NotifySetup",
    "StoreContract",
    "StoreSetup",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 a module's attribute can be anything
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
