"""The outbox: what must still be done is taken by one, comes again, and goes when it is done."""

import attrs

from bubancheng.store import Store
from bubancheng.testing.contracts.kit import check, expect
from bubancheng.testing.contracts.storing.rows import HERE, MINUTE, change, put, row, take, taken, waiting


class Outbox:
    """S21 to S25."""

    @check("S21")
    def test_what_is_due_is_claimed_the_earliest_first(self, store: Store) -> None:
        """Of the kinds asked for, up to now, that instant included, at most as many as asked for."""
        rows = waiting("c", due=3), waiting("a", due=1), waiting("z", due=9), waiting("n", kind="notice")
        store.commit(change(row(), outbox=rows))
        expect([], store.claim(HERE, [], 9, now=9, lease=1), "no kind claims nothing")
        notices = store.claim(HERE, ["notice", "other"], 9, now=9, lease=1)
        expect(["n"], [it.id for it in notices], "only the kinds asked for")
        seen = taken(store, 1, now=9), taken(store, now=3), taken(store, now=9)
        expect((["a"], ["c"], ["z"]), seen, "the earliest first, and what is due only")

    @check("S22")
    def test_a_claim_keeps_a_row_from_others_until_it_runs_out(self, store: Store) -> None:
        """A claim counts, says until when it holds, and the row comes again after it."""
        store.commit(change(row(), outbox=(waiting(text="about"),)))
        first = take(store, now=3)
        kept = taken(store, now=3 + MINUTE - 1)
        expect([], kept, "a claimed row is kept from others")
        again = take(store, now=3 + MINUTE)
        expected = [waiting(text="about", due=3 + MINUTE * it, attempts=it) for it in (1, 2)]
        expect(expected, first + again, "a claim counts and runs out")

    @check("S23")
    def test_what_is_finished_is_gone_and_finishing_twice_does_no_harm(self, store: Store) -> None:
        """Whoever was slow finishes what another has finished; all else stays."""
        store.commit(change(row(), outbox=(waiting("a"), waiting("b", due=1))))
        (got,) = take(store, 1)
        store.finish(got)
        store.finish(got)
        expect(["b"], taken(store, now=9 * MINUTE), "what is finished")

    @check("S24")
    def test_a_commit_can_finish(self, store: Store) -> None:
        """A follow-up settles its row in the same commit, also where somebody settled it before."""
        store.commit(change(row(), outbox=(waiting("a"), waiting("b"))))
        store.commit(change(row(version=2), 1, finished=("a", "never")))
        expect(["b"], taken(store), "what a commit has finished")

    @check("S25")
    def test_a_row_put_again_replaces_the_one_that_waits(self, store: Store) -> None:
        """A relay puts a notice off, or aside, under its own id."""
        store.commit(change(row(), outbox=(waiting(),)))
        (got,) = take(store)
        store.commit(put(attrs.evolve(got, due=5 * MINUTE, text="put off")))
        expect([], taken(store, now=4 * MINUTE), "what was put off")
        expect(["put off"], [it.text for it in take(store, now=5 * MINUTE)], "what was put off")
