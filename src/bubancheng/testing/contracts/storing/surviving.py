"""Surviving: the end of the process, kills at the worst moment, and other processes."""

import os
import time

from bubancheng.errors import ConflictError
from bubancheng.store import Record
from bubancheng.testing.contracts.kit import check, expect
from bubancheng.testing.contracts.storing.rows import (
    HERE,
    MINUTE,
    change,
    found,
    row,
    sequences,
    take,
    taken,
    waiting,
)
from bubancheng.testing.contracts.storing.setup import StoreSetup
from bubancheng.testing.contracts.storing.sharing import ROUNDS, all_claims, rows_to_claim
from bubancheng.testing.contracts.together import Process, ready, say

KILLS = 2
_KILLED = 9


def commit_and_die(setup: StoreSetup) -> None:
    """Commit, and end at once without closing anything."""
    store = setup.open()
    ready()
    store.commit(change(row(), records=(Record("setting", "x", "1"),), outbox=(waiting(),)))
    os._exit(_KILLED)


def claim_and_die(setup: StoreSetup) -> None:
    """Commit, claim what it leaves to be done, and end before it is done."""
    store = setup.open()
    ready()
    store.commit(change(row(), outbox=(waiting(),)))
    take(store)
    os._exit(_KILLED)


def commit_without_end(setup: StoreSetup, start: int) -> None:
    """Change two tickets together, again and again, until somebody kills us."""
    store, version = setup.open(), start
    ready()
    while True:
        store.commit(*[change(row(it, version + 1), version) for it in "AB"])
        version += 1
        if version == start + 1:
            say("begun")


def win(setup: StoreSetup) -> int:
    """Try to write each version of one ticket; return how often that was the first to do so."""
    store, won = setup.open(), 0
    ready()
    for version in range(ROUNDS):
        try:
            store.commit(change(row(version=version + 1), version))
            won += 1
        except ConflictError:
            continue
    store.close()
    return won


def claim(setup: StoreSetup) -> list[str]:
    """Claim by threes until nothing is left."""
    store = setup.open()
    ready()
    claims = all_claims(store)
    store.close()
    return claims


class Surviving:
    """S30 to S35."""

    @check("S30", needs="durable")
    def test_everything_is_there_when_the_store_is_opened_again(self, setup: StoreSetup) -> None:
        """Rows, entries, records, what waits, and what is claimed until when."""
        store = setup.open()
        outbox = (waiting("a"), waiting("b", due=5))
        store.commit(change(row(), records=(Record("setting", "x", "1"),), outbox=outbox))
        take(store, 1)
        store.close()
        store = setup.open()
        seen = store.load(HERE, "T1"), sequences(store), store.lookup(HERE, "setting", "x")
        waits = taken(store, now=5), taken(store, now=MINUTE)
        store.close()
        expect((row(), [1], "1"), seen, "row, entries and records after opening again")
        expect((["b"], ["a"]), waits, "what waits, and what was claimed, after opening again")

    @check("S31", needs="durable")
    def test_what_was_committed_survives_a_kill(self, setup: StoreSetup) -> None:
        """When `commit` has returned, nothing that happens to the process takes it back."""
        child = Process(commit_and_die, setup)
        Process.go(child)
        expect(_KILLED, child.wait(), "the process ended as it was to")
        store = setup.open()
        seen = store.load(HERE, "T1"), sequences(store), store.lookup(HERE, "setting", "x"), taken(store)
        store.close()
        expect((row(), [1], "1", ["a"]), seen, "what was committed before a kill")

    @check("S32", needs="durable")
    def test_what_was_claimed_before_a_kill_comes_again(self, setup: StoreSetup) -> None:
        """A crash between the write and the notice: the ticket is whole, the notice goes out later."""
        child = Process(claim_and_die, setup)
        Process.go(child)
        expect(_KILLED, child.wait(), "the process ended as it was to")
        store = setup.open()
        seen = found(store), sequences(store), taken(store, now=MINUTE - 1), taken(store, now=MINUTE)
        store.close()
        expect((["T1"], [1], [], ["a"]), seen, "ticket, entries, claims before and after the lease's end")

    @check("S33", needs="durable")
    def test_a_kill_within_a_commit_leaves_all_of_it_or_nothing(self, setup: StoreSetup) -> None:
        """Two tickets that change together are at one version, whenever the kill comes."""
        for _ in range(KILLS):
            store = setup.open()
            state = store.load(HERE, "A")
            store.close()
            child = Process(commit_without_end, setup, 0 if state is None else state.version)
            Process.go(child)
            child.hear()
            time.sleep(0.05)
            child.kill()
            store = setup.open()
            lengths = {(it, len(sequences(store, it))) for it in "AB"}
            versions = {(it, state.version) for it in "AB" if (state := store.load(HERE, it)) is not None}
            store.close()
            expect(versions, lengths, "versions, and how many entries there are")
            expect(1, len({version for _, version in versions}), "how many versions a kill leaves")

    @check("S34", needs="processes")
    def test_of_two_processes_with_one_version_one_wins(self, setup: StoreSetup) -> None:
        """Each version is written once."""
        children = [Process(win, setup) for _ in range(2)]
        Process.go(*children)
        expect(ROUNDS, sum(child.answer() for child in children), "versions that two processes wrote")

    @check("S35", needs="processes")
    def test_two_processes_never_claim_the_same(self, setup: StoreSetup) -> None:
        """Together they get everything, each row once."""
        store = setup.open()
        store.commit(change(row(), outbox=[waiting(it) for it in rows_to_claim()]))
        store.close()
        children = [Process(claim, setup) for _ in range(2)]
        Process.go(*children)
        claims = [it for child in children for it in child.answer()]
        expect(rows_to_claim(), sorted(claims), "what two processes claim")
