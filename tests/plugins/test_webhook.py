"""The webhook against a real receiver on this machine, that fails, hangs and repeats on purpose."""

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from bubancheng.actions import Accept, Register
from bubancheng.desk import Delivery, Desk
from bubancheng.errors import KindError, SettingsError
from bubancheng.hooks import DistrictPlugin, Health, Notice, hookimpl
from bubancheng.records import to_dict
from bubancheng.registry import Failure
from bubancheng.sla import Light
from bubancheng_webhook import (
    DeliveryError,
    SignatureError,
    WebhookPlugin,
    WebhookSettings,
    idempotency_key,
    sign,
    verify,
)
from tests.acting import CALENDAR, DISTRICT, OWNED, OWNER, WINDOW, Clock, accepted, instant
from tests.plugins.receiving import (
    Answer,
    Receiver,
    closed_port,
    each_byte,
    echo,
    for_ever,
    hang,
    keys,
    raw,
    status,
)
from tests.support import DATA

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 of no use elsewhere
CERTIFICATE = str(DATA / "loopback.pem")
SENT_AT = 1_711_332_000  # 2024-03-25 10:00 in Beijing
NOW = instant("2024-03-25 10:00")
SOON = 0.3  # seconds of the time-out where one is waited for
PHONE = "13800138000"

NOTICE = Notice(
    id=f"T1/dispatched/3/unit_inbox/{OWNER}",
    route="unit_inbox",
    receiver=OWNER,
    district="chongming",
    ticket="T1",
    event="dispatched",
    at=NOW,
    matter=OWNED,
    unit=OWNER,
    step="dispatched",
    step_name="已派单",
    light=Light.GREEN,
    due=None,
)
FOR_REPORTER = attrs.evolve(NOTICE, receiver="reporter", route="reporter", contact={"phone": PHONE})


@pytest.fixture
def receiving() -> Iterator[Callable[..., Receiver]]:
    """Starts receivers, and stops them in the end."""
    started: list[Receiver] = []

    def start(*answers: Answer, certificate: str | None = None) -> Receiver:
        started.append(Receiver(*answers, certificate=certificate))
        return started[-1]

    yield start
    for receiver in started:
        receiver.close()


Receiving = Callable[..., Receiver]


def webhook(receiver: Receiver | str, **changes: Any) -> WebhookPlugin:
    """Return a webhook that posts to a receiver, its clock standing at Monday 10:00."""
    url = receiver if isinstance(receiver, str) else receiver.url
    settings = {"routes": ["unit_inbox"], "url": url, "secret": SECRET} | changes
    return WebhookPlugin(settings, clock=lambda: float(SENT_AT))


def refusal(receiver: Receiver | str, notice: Notice = NOTICE, **changes: Any) -> DeliveryError:
    """Return the error with which a notice is not delivered."""
    with pytest.raises(DeliveryError) as caught:
        webhook(receiver, **changes).bubancheng_notify(notice)
    return caught.value


class TestSettings:
    GOOD: dict[str, Any] = {"routes": ["unit_inbox"], "url": "https://example.org/hook", "secret": SECRET}  # noqa: RUF012

    @pytest.mark.parametrize(
        ("key", "value", "said"),
        [
            ("routes", [], "at least one route"),
            ("routes", "unit_inbox", "routes: 应为"),
            ("url", 3, "url: 应为"),
            ("url", "", "no URL"),
            ("url", "example.org/hook", "no URL"),
            ("url", "https:///hook", "no URL"),
            ("url", "https://example.org:99999/", "no URL"),
            ("url", "https://例子.中国/", "no URL"),
            ("url", "https://example.org/a b", "no URL"),
            ("url", "https://example.org/\r\nX-Evil: 1", "no URL"),
            ("url", "https://[::1/", "no URL"),
            ("url", f"https://{'a' * 64}.org/", "no URL"),
            ("url", "https://example..org/", "no URL"),
            ("url", "ftp://example.org/", "must begin with https://"),
            ("url", "file:///etc/passwd", "no URL"),
            ("url", "https://me:pw@example.org/", "no user name"),
            ("url", "https://example.org/#part", "no fragment"),
            ("url", "http://example.org/hook", "https beyond this machine"),
            ("url", "http://10.0.0.1/hook", "https beyond this machine"),
            ("url", "http://127.0.0.1.example.org/", "https beyond this machine"),
            ("secret", "short", "32"),
            ("secret", None, "exactly one of the two"),
            ("secret_file", "also.txt", "exactly one of the two"),
            ("timeout", 0, "timeout"),
            ("timeout", -1, "timeout"),
            ("timeout", 61, "timeout"),
            ("timeout", float("nan"), "timeout"),
            ("timeout", "5", "timeout: 应为"),
            ("timeout", True, "timeout: 应为"),
            ("headers", {"Host": "x"}, "Host"),
            ("headers", {"idempotency-key": "x"}, "written by the plugin"),
            ("headers", {"a b": "x"}, "no name of a header"),
            ("headers", {"X-A": "x\r\nX-B: y"}, "visible ASCII"),
            ("headers", {"X-A": 3}, "headers.'X-A': 应为"),
            ("ca_file", "nowhere.pem", "PEM"),
            ("urll", "https://example.org/", "是否为 url"),
        ],
        ids=lambda it: repr(it).encode("ascii", "backslashreplace").decode()[:40],
    )
    def test_what_cannot_be_meant_is_refused(self, key: str, value: object, said: str) -> None:
        with pytest.raises(SettingsError, match=said):
            WebhookPlugin(self.GOOD | {key: value})

    @pytest.mark.parametrize(
        "url",
        [
            "https://example.org",
            "https://10.0.0.1:8443/a?b=c",
            "http://127.0.0.1:1/",
            "http://localhost/",
            "http://[::1]/",
        ],
    )
    def test_https_is_taken_anywhere_and_http_on_this_machine(self, url: str) -> None:
        assert ("unit_inbox",) == WebhookPlugin(self.GOOD | {"url": url}).routes

    @pytest.mark.parametrize("timeout", [0.001, 5, 60])
    def test_a_time_out_is_taken_up_to_a_minute(self, timeout: float) -> None:
        assert timeout == WebhookPlugin(self.GOOD | {"timeout": timeout}).settings.timeout

    def test_five_seconds_are_the_rule(self) -> None:
        assert 5 == WebhookPlugin(self.GOOD).settings.timeout

    def test_everything_that_is_wrong_is_told_at_once(self) -> None:
        with pytest.raises(SettingsError) as caught:
            WebhookPlugin({"routes": [], "url": "http://example.org", "secret": "x", "timeout": 0})
        assert ["routes", "timeout", "secret", "url"] == [
            it.partition(":")[0] for it in caught.value.problems
        ]

    def test_without_settings_it_says_what_is_missing(self) -> None:
        with pytest.raises(SettingsError, match=r"routes: 缺少.*url: 缺少"):
            WebhookPlugin()

    def test_a_desk_refuses_bad_settings_when_it_opens(self) -> None:
        with pytest.raises(SettingsError, match=r"plugin.webhook.routes: .*at least one route"):
            Desk.open(DISTRICT, plugins=["webhook"], settings={"webhook": self.GOOD | {"routes": []}})

    def test_the_secret_may_stand_in_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "secret"
        path.write_text(f"{SECRET}\n", "utf-8")
        settings = WebhookSettings(routes=("a",), url="https://example.org", secret_file=str(path))
        assert SECRET == settings.read_secret()

    @pytest.mark.parametrize(
        "content", [None, b"", b"short\n", b"\xff" * 40], ids=["none", "blank", "short", "bytes"]
    )
    def test_a_file_without_a_secret_is_refused(self, content: bytes | None, tmp_path: Path) -> None:
        path = tmp_path / "secret"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(SettingsError, match="secret"):
            WebhookPlugin({"routes": ["a"], "url": "https://example.org", "secret_file": str(path)})

    def test_secret_path_and_the_values_of_headers_are_not_shown(self) -> None:
        plugin = WebhookPlugin(self.GOOD | {"url": "https://example.org/t-1", "headers": {"X-Key": "k-1"}})
        shown = repr(plugin.settings) + repr(plugin)
        assert [False] * 3 == [it in shown for it in (SECRET, "t-1", "k-1")]
        assert "https://example.org:443" in shown

    @pytest.mark.parametrize("secret", [3, SECRET.encode(), [SECRET], "short-secret"])
    def test_a_refused_secret_is_not_repeated(self, secret: object) -> None:
        with pytest.raises(SettingsError) as caught:
            WebhookPlugin(self.GOOD | {"secret": secret})
        assert (False, False) == (SECRET in str(caught.value), "short-secret" in str(caught.value))


class TestSignature:
    BODY = b'{"id":"CM-1"}'
    FITTING = "v1=0664debeb2a715f82997e3b3cce00e9b8da2f56f8c66ff7afc8e391d4c33f38a"  # openssl dgst -sha256 -hmac SECRET, of 1711332000.{"id":"CM-1"}

    def headers(self, **changes: str) -> dict[str, str]:
        """Return what comes with the body."""
        given = {"Bubancheng-Timestamp": str(SENT_AT), "Bubancheng-Signature": self.FITTING}
        return given | {name.replace("_", "-"): value for name, value in changes.items()}

    def test_it_is_the_hmac_that_openssl_computes(self) -> None:
        assert self.FITTING == sign(SECRET, SENT_AT, self.BODY)

    def test_what_fits_is_believed(self) -> None:
        assert {"id": "CM-1"} == verify(SECRET, self.headers(), self.BODY, NOW)

    def test_the_case_of_header_names_does_not_matter(self) -> None:
        headers = {name.upper(): value for name, value in self.headers().items()}
        assert {"id": "CM-1"} == verify(SECRET, headers, self.BODY, NOW)

    @pytest.mark.parametrize("seconds", [-300, 0, 300])
    def test_five_minutes_to_both_sides_are_believed(self, seconds: int) -> None:
        now = NOW + dt.timedelta(seconds=seconds)
        assert {"id": "CM-1"} == verify(SECRET, self.headers(), self.BODY, now)

    @pytest.mark.parametrize("seconds", [-301, 301, 86_400])
    def test_more_is_an_old_request_again(self, seconds: int) -> None:
        with pytest.raises(SignatureError, match=f"{abs(seconds)} seconds"):
            verify(SECRET, self.headers(), self.BODY, NOW + dt.timedelta(seconds=seconds))

    @pytest.mark.parametrize(
        "changes",
        [
            {"Bubancheng_Signature": ""},
            {"Bubancheng_Signature": "v1="},
            {"Bubancheng_Signature": "v1=" + "0" * 64},
            {"Bubancheng_Signature": "签名"},
            {"Bubancheng_Timestamp": ""},
            {"Bubancheng_Timestamp": str(SENT_AT + 1)},
            {"Bubancheng_Timestamp": f"-{SENT_AT}"},
            {"Bubancheng_Timestamp": f"{SENT_AT}.0"},
            {"Bubancheng_Timestamp": "１７１１３３２０００"},
            {"Bubancheng_Timestamp": "9" * 5000},
        ],
        ids=str,
    )
    def test_a_wrong_header_is_not_believed(self, changes: dict[str, str]) -> None:
        with pytest.raises(SignatureError):
            verify(SECRET, self.headers(**changes), self.BODY, NOW)

    def test_no_headers_are_not_believed(self) -> None:
        with pytest.raises(SignatureError):
            verify(SECRET, {}, self.BODY, NOW)

    @pytest.mark.parametrize("body", [b"", b'{"id":"CM-2"}', b'{"id":"CM-1"} '])
    def test_another_body_is_not_believed(self, body: bytes) -> None:
        with pytest.raises(SignatureError, match="does not fit"):
            verify(SECRET, self.headers(), body, NOW)

    def test_another_secret_is_not_believed(self) -> None:
        with pytest.raises(SignatureError, match="another secret"):
            verify(SECRET[::-1], self.headers(), self.BODY, NOW)

    def test_a_time_without_zone_is_an_error_of_the_caller(self) -> None:
        with pytest.raises(KindError, match="zone"):
            verify(SECRET, self.headers(), self.BODY, dt.datetime(2024, 3, 25, 10))

    def test_two_districts_with_one_ticket_number_have_two_keys(self) -> None:
        assert "chongming/T1/a" == idempotency_key("chongming", "T1/a")
        assert "pudong/T1/a" == idempotency_key("pudong", "T1/a")


class TestDelivering:
    def test_what_arrives_is_the_notice_signed(self, receiving: Receiving) -> None:
        receiver = receiving()
        webhook(receiver, headers={"X-Key": "k-1"}).bubancheng_notify(NOTICE)
        (arrived,) = receiver.arrived
        assert to_dict(NOTICE) == verify(SECRET, arrived.headers, arrived.body, NOW)
        assert ("/hook?token=t-1", "application/json", "k-1") == (
            arrived.path,
            arrived.headers["Content-Type"],
            arrived.headers["X-Key"],
        )

    def test_its_key_is_made_of_district_and_id(self, receiving: Receiving) -> None:
        receiver = receiving()
        webhook(receiver).bubancheng_notify(attrs.evolve(NOTICE, id="T1/x/区"))
        assert ["chongming/T1/x/%E5%8C%BA"] == keys(receiver.arrived)

    def test_what_is_sent_again_has_the_same_key_and_a_new_time(self, receiving: Receiving) -> None:
        receiver = receiving()
        moments = iter([SENT_AT, SENT_AT + 60])
        settings = {"routes": ["unit_inbox"], "url": receiver.url, "secret": SECRET}
        plugin = WebhookPlugin(settings, clock=lambda: next(moments))
        plugin.bubancheng_notify(NOTICE)
        plugin.bubancheng_notify(NOTICE)
        one, other = receiver.arrived
        assert (one.headers["Idempotency-Key"], one.body) == (other.headers["Idempotency-Key"], other.body)
        assert [str(SENT_AT), str(SENT_AT + 60)] == [
            it.headers["Bubancheng-Timestamp"] for it in (one, other)
        ]

    @pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
    def test_a_2xx_is_delivered(self, code: int, receiving: Receiving) -> None:
        receiver = receiving(status(code))
        webhook(receiver).bubancheng_notify(NOTICE)
        assert 1 == len(receiver.arrived)

    @pytest.mark.parametrize("code", [199, 300, 304, 400, 401, 404, 409, 410, 429, 500, 503, 999])
    def test_any_other_status_is_a_failure_that_names_it(self, code: int, receiving: Receiving) -> None:
        error = refusal(receiving(raw(b"HTTP/1.1 %d no\r\n\r\nsorry" % code)), timeout=2)
        assert (code, f"HTTP {code}") == (error.status, error.reason[: len(f"HTTP {code}")])

    def test_a_409_with_our_own_key_is_delivered_already(self, receiving: Receiving) -> None:
        key = idempotency_key(NOTICE.district, NOTICE.id)
        receiver = receiving(status(409, Idempotency_Key=key))
        webhook(receiver).bubancheng_notify(NOTICE)
        assert [key] == keys(receiver.arrived)

    def test_a_409_with_another_key_is_a_failure(self, receiving: Receiving) -> None:
        assert 409 == refusal(receiving(status(409, Idempotency_Key="chongming/T2"))).status

    @pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
    def test_redirects_are_not_followed(self, code: int, receiving: Receiving) -> None:
        elsewhere = receiving()
        error = refusal(receiving(status(code, Location=elsewhere.url)))
        assert ([], code, True) == (elsewhere.arrived, error.status, "redirects" in error.reason)

    def test_proxies_of_the_environment_are_not_asked(
        self, receiving: Receiving, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
        receiver = receiving()
        webhook(receiver).bubancheng_notify(NOTICE)
        assert 1 == len(receiver.arrived)


class TestHanging:
    @pytest.mark.parametrize(
        "answer",
        [
            hang,
            raw(b"HTTP/1.1 200 OK\r\nX-A: b\r\n", b"", pause=30),
            each_byte(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0.05),
            raw(*[b"HTTP/1.1 100 Continue\r\n\r\n"] * 1000, pause=0.01),
        ],
        ids=["never answers", "half a head", "a byte at a time", "continues for ever"],
    )
    def test_the_time_out_bounds_the_whole_exchange(self, answer: Answer, receiving: Receiving) -> None:
        began = time.monotonic()
        error = refusal(receiving(answer), timeout=SOON)
        assert ("0.3 秒内没有答复 (no answer in time)", None) == (error.reason, error.status)
        assert time.monotonic() - began < 10  # of 30 or more that it would take

    def test_a_2xx_counts_though_its_body_never_ends(self, receiving: Receiving) -> None:
        receiver = receiving(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", b"x", pause=30))
        began = time.monotonic()
        webhook(receiver, timeout=60).bubancheng_notify(NOTICE)
        assert 1 == len(receiver.arrived)
        assert time.monotonic() - began < 10  # nobody waits for it

    def test_a_refusal_counts_though_its_body_hangs(self, receiving: Receiving) -> None:
        answer = raw(b"HTTP/1.1 503 no\r\nContent-Length: 9\r\n\r\n", b"x", pause=30)
        assert 503 == refusal(receiving(answer), timeout=SOON).status

    def test_of_a_huge_answer_only_the_beginning_is_read(self, receiving: Receiving) -> None:
        error = refusal(receiving(for_ever))
        assert (500, "x" * 200) == (error.status, error.excerpt)

    @pytest.mark.parametrize(
        "answer",
        [
            raw(),
            raw(b"HTTP/1.1 2"),
            raw(b"hello\r\n\r\n"),
            raw(b"\0" * 1000),
            raw(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1000 + b"\r\n"),
            raw(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 100_000),
        ],
        ids=["nothing", "half a line", "no HTTP", "zeros", "a thousand headers", "a header without end"],
    )
    def test_an_answer_that_is_none_is_a_failure(self, answer: Answer, receiving: Receiving) -> None:
        assert refusal(receiving(answer)).status is None

    def test_nobody_there_is_a_failure(self) -> None:
        error = refusal(f"http://127.0.0.1:{closed_port()}/")
        assert ("ConnectionRefusedError", None) == (error.reason.partition(":")[0], error.status)


class TestTls:
    def test_a_certificate_that_nobody_vouches_for_is_refused(self, receiving: Receiving) -> None:
        receiver = receiving(certificate=CERTIFICATE)
        error = refusal(receiver)
        assert ([], True) == (receiver.arrived, "CERTIFICATE_VERIFY_FAILED" in error.reason)

    def test_a_certificate_of_the_districts_own_is_taken(self, receiving: Receiving) -> None:
        receiver = receiving(certificate=CERTIFICATE)
        webhook(receiver, ca_file=CERTIFICATE).bubancheng_notify(NOTICE)
        assert 1 == len(receiver.arrived)

    def test_a_certificate_for_another_host_is_refused(self, receiving: Receiving) -> None:
        receiver = receiving(certificate=CERTIFICATE)
        url = receiver.url.replace("127.0.0.1", "127.0.0.2")
        receiver_there = refusal(url, ca_file=CERTIFICATE)
        assert [] == receiver.arrived
        assert receiver_there.status is None

    def test_tls_where_none_is_spoken_is_a_failure(self, receiving: Receiving) -> None:
        receiver = receiving()
        refusal(receiver.url.replace("http:", "https:"), timeout=SOON)
        assert [] == receiver.arrived

    @pytest.mark.parametrize(
        "answer", [hang, each_byte(b"HTTP/1.1 200 OK\r\n\r\n", 0.05)], ids=["hang", "bytes"]
    )
    def test_the_time_out_holds_under_tls_too(self, answer: Answer, receiving: Receiving) -> None:
        receiver = receiving(answer, certificate=CERTIFICATE)
        error = refusal(receiver, ca_file=CERTIFICATE, timeout=SOON)
        assert ("0.3 秒内没有答复 (no answer in time)", 1) == (error.reason, len(receiver.arrived))


class TestPrivacy:
    def test_how_to_reach_a_reporter_is_sent_on_the_reporters_route(self, receiving: Receiving) -> None:
        receiver = receiving()
        webhook(receiver, routes=["reporter"]).bubancheng_notify(FOR_REPORTER)
        assert {"phone": PHONE} == json.loads(receiver.arrived[0].body)["contact"]

    def test_and_on_no_other(self, receiving: Receiving) -> None:
        receiver = receiving()
        webhook(receiver).bubancheng_notify(attrs.evolve(NOTICE, contact={"phone": PHONE}))
        assert PHONE.encode() not in receiver.arrived[0].body

    def test_a_receiver_that_repeats_all_it_got_gives_nothing_away(self, receiving: Receiving) -> None:
        headers = {"A": "k-1-secret", "Authorization": "Bearer k-2-secret"}
        receiver = receiving(echo)
        errors = [refusal(receiver, notice, headers=headers) for notice in (NOTICE, FOR_REPORTER)]
        assert "A: …" in errors[0].excerpt
        assert "" == errors[1].excerpt
        told = "".join(f"{it} {it!r} {it.args}" for it in errors)
        assert [False] * 5 == [it in told for it in (SECRET, "k-1", "k-2", "t-1", PHONE)]

    def test_an_answer_is_told_on_one_line(self, receiving: Receiving) -> None:
        error = refusal(receiving(status(500, b"a\r\nb\x1b[31m\xff")))
        assert "a  b [31m\N{REPLACEMENT CHARACTER}" == error.excerpt


class Telephone(DistrictPlugin):
    """Delivers on the reporter's route, and keeps what it delivered."""

    routes = ("reporter",)

    def __init__(self) -> None:
        super().__init__()
        self.notices: list[Notice] = []

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        self.notices.append(notice)


def open_desk(receiver: Receiver | str, clock: Clock, **changes: Any) -> Desk:
    """Return a desk that binds the webhook by its name, and a second notifier behind it."""
    url = receiver if isinstance(receiver, str) else receiver.url
    settings = {"routes": ["unit_inbox"], "url": url, "secret": SECRET} | changes
    desk = Desk.open(
        DISTRICT, calendar=CALENDAR, clock=clock, plugins=["webhook"], settings={"webhook": settings}
    )
    desk.bind("telephone", Telephone())
    return desk


def relayed(desk: Desk, clock: Clock, *minutes: int) -> list[Delivery]:
    """Relay now, and again after as many minutes each."""
    done = [desk.relay()]
    for it in minutes:
        clock.now += dt.timedelta(minutes=it)
        done.append(desk.relay())
    return done


class TestThroughADesk:
    def test_a_dispatched_ticket_is_told_to_its_unit(self, receiving: Receiving) -> None:
        receiver, clock = receiving(), Clock()
        desk = open_desk(receiver, clock)
        accepted(desk)
        assert 2 == desk.relay().delivered
        (arrived,) = receiver.arrived
        now = dt.datetime.now(dt.UTC)  # what is sent bears the real time
        notice = verify(SECRET, arrived.headers, arrived.body, now)
        assert ("dispatched", OWNER, "T1") == (notice["event"], notice["receiver"], notice["ticket"])

    def test_what_fails_is_sent_again_later_and_later_until_it_is_taken(self, receiving: Receiving) -> None:
        receiver, clock = receiving(status(500), hang, raw(), status(204)), Clock()
        desk = open_desk(receiver, clock, timeout=SOON)
        accepted(desk)
        done = relayed(desk, clock, 1, 1, 1, 3, 1)
        assert [1, 1, 0, 1, 0, 0] == [it.put_off for it in done]
        assert [1, 0, 0, 0, 0, 1] == [it.delivered for it in done]
        assert (4, 1) == (len(receiver.arrived), len(set(keys(receiver.arrived))))

    def test_a_receiver_that_stays_away_gets_a_dead_letter_that_can_be_sent_again(
        self, receiving: Receiving
    ) -> None:
        receiver, clock = receiving(status(500)), Clock()
        desk = open_desk(receiver, clock)
        accepted(desk)
        done = relayed(desk, clock, *[1440] * 9)
        assert (9, 1) == (sum(it.put_off for it in done), sum(it.dead for it in done))
        (letter,) = desk.dead_letters()
        receiver.answers = [status(204)]
        desk.redeliver(letter.id)
        assert (1, []) == (desk.relay().delivered, desk.dead_letters())

    def test_other_notices_go_on_while_one_receiver_fails(self, receiving: Receiving) -> None:
        clock = Clock()
        desk = open_desk(receiving(hang), clock, timeout=SOON)
        for number in range(3):
            accepted(desk, f"T{number}")
        assert Delivery(delivered=3, put_off=3) == desk.relay()

    def test_a_receiver_that_skips_known_keys_has_each_notice_once(self, receiving: Receiving) -> None:
        # it keeps the notice and then fails: the desk cannot know, and sends it again
        receiver, clock = receiving(status(500), raw(), hang, status(204)), Clock()
        desk = open_desk(receiver, clock, timeout=SOON)
        accepted(desk)
        accepted(desk, "T2")
        relayed(desk, clock, *[60] * 4)
        assert len(receiver.arrived) > 2
        assert {"T1", "T2"} == {json.loads(it.body)["ticket"] for it in receiver.arrived}
        assert 2 == len(set(keys(receiver.arrived)))

    def test_of_many_notices_to_a_bad_receiver_none_is_lost(self, receiving: Receiving) -> None:
        turns = [status(500), raw(), raw(b"HTTP/1.1 2"), status(302), status(204), status(409)] * 8
        receiver, clock = receiving(*turns, status(204)), Clock()
        desk = open_desk(receiver, clock)
        for number in range(20):
            accepted(desk, f"T{number:02}")
        done = relayed(desk, clock, *[1440] * 9)
        assert 40 == sum(it.delivered for it in done) + sum(it.dead for it in done)
        assert (0, 20) == (sum(it.dead for it in done), len(set(keys(receiver.arrived))))

    def test_a_failure_names_plugin_hook_and_reason(self, receiving: Receiving) -> None:
        receiver = receiving(status(503, b"busy"))
        desk = open_desk(receiver, Clock())
        accepted(desk)
        desk.relay()
        address = receiver.url.split("/")[2]
        said = f"{address} 未收下通知 (did not take the notice): HTTP 503，答复开头 (its answer begins): busy"
        assert [Failure("webhook", "bubancheng_notify", said)] == desk.failures

    def test_a_reporters_phone_goes_out_and_into_no_failure(self, receiving: Receiving) -> None:
        receiver = receiving(echo)
        desk = open_desk(receiver, Clock(), routes=["reporter"])
        desk.do(Register(ticket="T1", matter=OWNED, reporter="张三丰", phone=PHONE), actor=WINDOW)
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        desk.relay()
        assert {"reporter": "张三丰", "phone": PHONE} == json.loads(receiver.arrived[0].body)["contact"]
        assert ([True], False) == ([True for _ in desk.failures], PHONE in repr(desk.failures))


class TestHealth:
    def test_a_receiver_that_listens_is_healthy_and_gets_nothing(self, receiving: Receiving) -> None:
        receiver = receiving()
        health = open_desk(receiver, Clock()).health()["webhook"]
        assert (True, []) == (health is not None and health.ok, receiver.arrived)

    def test_nobody_there_is_unhealthy(self) -> None:
        port = closed_port()
        health = open_desk(f"http://127.0.0.1:{port}/", Clock()).health()["webhook"]
        assert health is not None
        assert (False, f"127.0.0.1:{port}: ConnectionRefusedError") == (
            health.ok,
            health.detail.partition(": [")[0],
        )

    def test_a_certificate_that_does_not_hold_is_unhealthy(self, receiving: Receiving) -> None:
        health = webhook(receiving(certificate=CERTIFICATE)).bubancheng_health()
        assert (Health, False) == (type(health), health.ok)
