"""A dispatcher that is right, and the cases that it and the wrong ones are tried with."""

from collections.abc import Callable, Mapping

from bubancheng.district import Assignment
from bubancheng.hooks import DispatchRequest, DistrictPlugin, hookimpl
from bubancheng.testing import DispatchCase, DispatchSetup
from tests.acting import DISTRICT, OWNED, OWNER, PLACE, RUNNER

TABLE = {OWNED: OWNER, "营业执照变更登记": "区市场监管局"}
CASES = (
    DispatchCase(matter=OWNED, unit=OWNER),
    DispatchCase(matter="营业执照变更登记", unit="区市场监管局"),
    DispatchCase(matter=OWNED, place="别处", unit=OWNER),
    DispatchCase(matter="别的事项", place=PLACE, unit=RUNNER),
    DispatchCase(matter="别的事项", unit=None),
)


class ByTable(DistrictPlugin):
    """Sends a matter to the unit of a table, what stands at a place to its runner."""

    cases = CASES

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        return self.assigned(request)

    def table(self) -> Mapping[str, str]:
        """Return the units by matter."""
        given = self.settings.get("table")
        return given if isinstance(given, dict) else {}

    def assigned(self, request: DispatchRequest) -> Assignment | None:
        """Return the unit of a request."""
        unit = self.table().get(request.matter)
        if unit is None and request.place == PLACE:
            return Assignment(unit=RUNNER, rule="place")
        return None if unit is None else Assignment(unit=unit, rule="table")


def dispatch_setup(make: Callable[[Mapping[str, object]], DistrictPlugin]) -> DispatchSetup:
    """Return the setup of a dispatcher that is given the table."""
    return DispatchSetup(
        make=make, district=DISTRICT, cases=getattr(make, "cases", CASES), settings={"table": TABLE}
    )
