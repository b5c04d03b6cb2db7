"""The plugins that come with the library keep the contracts of dispatchers and notifiers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bubancheng.hooks import DistrictPlugin
from bubancheng.testing import DispatchCase, DispatchContract, DispatchSetup, NotifyContract, NotifySetup
from bubancheng_spreadsheet import SpreadsheetPlugin
from bubancheng_webhook import WebhookPlugin
from tests.acting import DISTRICT, UNOWNED
from tests.plugins.receiving import Receiver, keys, status
from tests.plugins.test_spreadsheet import EXAMPLE, table, written
from tests.plugins.test_webhook import SECRET

COMMUNITY = "城桥镇社区事务受理服务中心"


class TestSpreadsheet(DispatchContract):
    @pytest.fixture
    def setup(self, tmp_path: Path) -> DispatchSetup:
        """The example sheet, and another one for another desk."""
        other = written(tmp_path, *table(("居住证办理", "", "", "区民政局")))
        return DispatchSetup(
            make=SpreadsheetPlugin,
            district=DISTRICT,
            settings={"path": str(EXAMPLE), "district": "chongming"},
            other_settings={"path": str(other)},
            cases=[
                DispatchCase(matter="居住证办理", unit="区公安分局"),
                DispatchCase(matter="个体工商户变更登记", unit="区市场监管局"),
                DispatchCase(matter="个体工商户变更登记", place=COMMUNITY, unit="城桥镇市场监管所"),
                DispatchCase(matter="企业办税", unit="区税务局"),
                DispatchCase(matter="企业办税", channel="online_human_help", unit="区行政服务中心"),
                DispatchCase(matter=UNOWNED, place=COMMUNITY, unit=COMMUNITY),
                DispatchCase(matter=UNOWNED, unit=None),
            ],
        )


class TestWebhook(NotifyContract):
    @pytest.fixture
    def setup(self) -> Iterator[NotifySetup]:
        """A receiver on this machine, and the webhook that posts to it."""
        receiver = Receiver()

        def aimed_at(host: str, port: int) -> DistrictPlugin:
            url = f"http://{host}:{port}/hook"
            return WebhookPlugin({"routes": ["a", "b"], "url": url, "secret": SECRET, "timeout": 0.3})

        @contextmanager
        def failing() -> Iterator[None]:
            before, answers = len(receiver.arrived), receiver.answers
            receiver.answers = [status(503)]
            try:
                yield
            finally:
                receiver.answers = answers
                del receiver.arrived[before:]  # what was refused did not arrive

        plugin = WebhookPlugin({"routes": ["a", "b"], "url": receiver.url, "secret": SECRET})
        yield NotifySetup(
            plugin=plugin,
            received=lambda: keys(receiver.arrived),
            failing=failing,
            aimed_at=aimed_at,
            patience=10,
        )
        receiver.close()
