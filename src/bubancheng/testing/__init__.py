"""The testing door: assertions, case tables, strategies, contract kits; the last two need `[testing]`."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bubancheng.testing.asserting import assert_class, assert_due, assert_light, assert_lights
    from bubancheng.testing.cases import (
        Case,
        CaseProblem,
        CaseTable,
        LimitCase,
        PolicyCase,
        parse_case_table,
        read_case_table,
        read_cases,
    )
    from bubancheng.testing.checking import CaseChecker, check_case, check_cases
    from bubancheng.testing.clocks import FrozenClock
    from bubancheng.testing.contracts.calendar import CalendarContract, CalendarSetup
    from bubancheng.testing.contracts.dispatch import DispatchCase, DispatchContract, DispatchSetup
    from bubancheng.testing.contracts.district import DistrictContract
    from bubancheng.testing.contracts.kit import Capabilities
    from bubancheng.testing.contracts.notify import NotifyContract, NotifySetup
    from bubancheng.testing.contracts.store import StoreContract
    from bubancheng.testing.contracts.storing.setup import Loan, Spare, StoreSetup
    from bubancheng.testing.timing import Timing

_HOMES: dict[str, str] = {
    "CalendarContract": "contracts.calendar",
    "CalendarSetup": "contracts.calendar",
    "Capabilities": "contracts.kit",
    "Case": "cases",
    "CaseChecker": "checking",
    "CaseProblem": "cases",
    "CaseTable": "cases",
    "DispatchCase": "contracts.dispatch",
    "DispatchContract": "contracts.dispatch",
    "DispatchSetup": "contracts.dispatch",
    "DistrictContract": "contracts.district",
    "FrozenClock": "clocks",
    "LimitCase": "cases",
    "Loan": "contracts.storing.setup",
    "NotifyContract": "contracts.notify",
    "NotifySetup": "contracts.notify",
    "PolicyCase": "cases",
    "Spare": "contracts.storing.setup",
    "StoreContract": "contracts.store",
    "StoreSetup": "contracts.storing.setup",
    "Timing": "timing",
    "assert_class": "asserting",
    "assert_due": "asserting",
    "assert_light": "asserting",
    "assert_lights": "asserting",
    "check_case": "checking",
    "check_cases": "checking",
    "parse_case_table": "cases",
    "read_case_table": "cases",
    "read_cases": "cases",
}
"""Each public name and the module it lives in, imported when it is first asked for."""

__all__ = [
    "CalendarContract",
    "CalendarSetup",
    "Capabilities",
    "Case",
    "CaseChecker",
    "CaseProblem",
    "CaseTable",
    "DispatchCase",
    "DispatchContract",
    "DispatchSetup",
    "DistrictContract",
    "FrozenClock",
    "LimitCase",
    "Loan",
    "NotifyContract",
    "NotifySetup",
    "PolicyCase",
    "Spare",
    "StoreContract",
    "StoreSetup",
    "Timing",
    "assert_class",
    "assert_due",
    "assert_light",
    "assert_lights",
    "check_case",
    "check_cases",
    "parse_case_table",
    "read_case_table",
    "read_cases",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 a module's attribute can be anything
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
