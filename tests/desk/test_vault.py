"""A vault: what is sealed before it is stored, and what becomes of it when it cannot be opened."""

import base64
from pathlib import Path
from typing import Any

import pytest

from bubancheng.actions import Accept, Acknowledge, Archive, Complete, Decline, Note, Register
from bubancheng.desk import Desk
from bubancheng.errors import BubanchengError, StoreError
from bubancheng.hooks import DistrictPlugin, Notice, hookimpl
from bubancheng.privacy import Vault
from bubancheng.sqlite import SqliteStore
from bubancheng.store import MemoryStore, Store
from tests.acting import CALENDAR, CENTRE, DISTRICT, OFFICE, OFFICER, OWNED, WINDOW, Clock, instant

SECRETS = ("张三丰", "13800001234", "家住城桥镇")
REGISTER = Register(ticket="T1", matter=OWNED, reporter=SECRETS[0], phone=SECRETS[1])


class ToyVault:
    """A vault that turns its text round and writes it in base 64; a plugin would use SM4 or AES."""

    def __init__(self) -> None:
        self.opened = 0

    def seal(self, text: str) -> str:
        """Return the text as nobody reads it."""
        return "toy:" + base64.b64encode(text.encode()[::-1]).decode()

    def open(self, text: str) -> str:
        """Return the text that was sealed."""
        self.opened += 1
        if not text.startswith("toy:"):
            msg = "not sealed by this vault"
            raise ValueError(msg)
        return base64.b64decode(text.removeprefix("toy:"))[::-1].decode()


class LostKey(ToyVault):
    """A vault that seals, and opens nothing."""

    def open(self, text: str) -> str:  # noqa: ARG002 it fails whatever it is given
        """Fail."""
        msg = "the key is lost"
        raise RuntimeError(msg)


def desk_on(store: Store, vault: Vault | None = None, clock: Clock | None = None) -> Desk:
    """Return a desk on a store with a vault."""
    return Desk.open(
        DISTRICT, calendar=CALENDAR, store=store, vault=vault or ToyVault(), clock=clock or Clock()
    )


@pytest.fixture
def store() -> MemoryStore:
    """A store in memory."""
    return MemoryStore()


@pytest.fixture
def desk(store: MemoryStore) -> Desk:
    """A desk with a ticket whose data is sealed."""
    desk = desk_on(store)
    desk.do(REGISTER, actor=WINDOW)
    desk.do(Complete(ticket="T1", text=SECRETS[2]), actor=WINDOW)
    return desk


def personal(desk: Desk) -> dict[str, str]:
    """Return the personal data as it is."""
    return desk.personal("T1", actor=WINDOW, purpose="核对")


class TestSealed:
    def test_what_was_sealed_reads_back(self, desk: Desk) -> None:
        assert dict(zip(("reporter", "phone", "text"), SECRETS, strict=True)) == personal(desk)

    def test_nothing_in_the_store_is_readable(self, desk: Desk, store: MemoryStore) -> None:
        everything = f"{store._rows}{store._links}{store._records}{store._outbox}"
        assert (True, []) == (bool(desk), [it for it in SECRETS if it in everything])

    def test_nothing_in_the_file_is_readable(self, tmp_path: Path) -> None:
        desk = desk_on(SqliteStore(str(tmp_path / "desk.db")))
        desk.do(REGISTER, actor=WINDOW)
        desk.close()
        kept = b"".join(it.read_bytes() for it in tmp_path.iterdir())
        assert [] == [it for it in SECRETS if it.encode() in kept]

    def test_the_chain_is_whole(self, desk: Desk) -> None:
        assert [] == desk.verify()

    def test_another_desk_with_the_vault_reads_it(self, desk: Desk, store: MemoryStore) -> None:
        assert personal(desk) == personal(desk_on(store))

    def test_what_needs_no_data_opens_no_vault(self, store: MemoryStore) -> None:
        vault = ToyVault()
        desk = desk_on(store, vault)
        desk.do(REGISTER, actor=WINDOW)
        desk.get("T1", actor=WINDOW)
        desk.history("T1", actor=WINDOW)
        desk.find(actor=WINDOW)
        list(desk.board())
        desk.sweep()
        assert 0 == vault.opened

    def test_what_was_erased_is_gone_with_its_seal(self, store: MemoryStore) -> None:
        clock = Clock("2020-03-02 10:00")
        desk = desk_on(store, clock=clock)
        desk.do(REGISTER, actor=WINDOW)
        words: dict[str, Any] = {"exclusion": "legal_bar", "citation": "第三条", "explanation": "已说明"}
        desk.do(Decline(ticket="T1", **words), actor=WINDOW)
        desk.do(Archive(ticket="T1"), actor=WINDOW)
        desk.erase("T1", actor=OFFICE, now=instant("2024-03-02 10:00"))
        assert (None, {}, []) == (
            store.lookup("chongming", "personal", "T1") or None,
            personal(desk),
            desk.verify(),
        )


class TestLostKey:
    @pytest.fixture
    def lost(self, desk: Desk, store: MemoryStore) -> Desk:
        """A desk on the same store whose vault opens nothing."""
        assert desk
        return desk_on(store, LostKey())

    def test_reading_says_that_the_vault_cannot_open_it(self, lost: Desk) -> None:
        with pytest.raises(StoreError, match=r"vault cannot open .*'T1'.* the key is lost"):
            personal(lost)

    def test_masked_it_is_not_shown_either(self, lost: Desk) -> None:
        with pytest.raises(StoreError):
            lost.personal("T1", actor=WINDOW)

    def test_verify_names_the_ticket_and_goes_on(self, lost: Desk) -> None:
        lost.do(Register(ticket="T2", matter=OWNED), actor=WINDOW)
        assert ["T1"] == [it.ticket for it in lost.verify()]

    def test_what_is_not_personal_is_read(self, lost: Desk) -> None:
        assert "registered" == lost.get("T1", actor=WINDOW).step

    def test_the_work_on_a_ticket_goes_on(self, lost: Desk) -> None:
        assert "dispatched" == lost.do(Accept(ticket="T1"), actor=WINDOW).step

    def test_what_nobody_can_read_can_be_erased(self, store: MemoryStore) -> None:
        desk = desk_on(store, clock=Clock("2020-03-02 10:00"))
        desk.do(REGISTER, actor=WINDOW)
        words: dict[str, Any] = {"exclusion": "legal_bar", "citation": "第三条", "explanation": "已说明"}
        desk.do(Decline(ticket="T1", **words), actor=WINDOW)
        desk.do(Archive(ticket="T1"), actor=WINDOW)
        lost = desk_on(store, LostKey())
        lost.erase("T1", actor=OFFICE, now=instant("2024-03-02 10:00"))
        assert [] == lost.verify()

    def test_new_data_is_not_written_over_what_cannot_be_opened(self, lost: Desk, desk: Desk) -> None:
        with pytest.raises(StoreError):
            lost.do(Complete(ticket="T1", phone="139"), actor=WINDOW)
        assert SECRETS[1] == personal(desk)["phone"]

    def test_the_notices_of_other_tickets_go_out(self, desk: Desk, store: MemoryStore) -> None:
        for number in ("T1", "T2"):
            if number == "T2":
                desk.do(Register(ticket="T2", matter=OWNED), actor=WINDOW)
            desk.do(Accept(ticket=number), actor=WINDOW)
        told: list[str] = []

        class Notifier(DistrictPlugin):
            routes = ("reporter",)

            @hookimpl
            def bubancheng_notify(self, notice: Notice) -> None:
                told.append(notice.ticket)

        lost = desk_on(store, LostKey())
        lost.bind("notifier", Notifier())
        lost.relay()
        assert ["T2"] == told


class NoSeal(ToyVault):
    """A vault that cannot seal."""

    def seal(self, text: str) -> str:  # noqa: ARG002 it fails whatever it is given
        """Fail."""
        msg = "no random numbers"
        raise RuntimeError(msg)


class TestFailingSeal:
    def test_what_cannot_be_sealed_is_not_stored(self, store: MemoryStore) -> None:
        desk = desk_on(store, NoSeal())
        with pytest.raises((BubanchengError, RuntimeError)):
            desk.do(REGISTER, actor=WINDOW)
        assert [] == desk.find(actor=WINDOW)

    def test_and_that_is_said_in_our_words(self, store: MemoryStore) -> None:
        with pytest.raises(StoreError, match="no random numbers"):
            desk_on(store, NoSeal()).do(REGISTER, actor=WINDOW)


def test_a_command_without_personal_data_leaves_the_seal_as_it_is(desk: Desk, store: MemoryStore) -> None:
    before = store.lookup("chongming", "personal", "T1")
    desk.do(Accept(ticket="T1"), actor=WINDOW)
    desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
    desk.do(Note(ticket="T1", topic="其他", note="x"), actor=CENTRE)
    assert before == store.lookup("chongming", "personal", "T1")
