"""Words that a profile uses and nobody defines: in what its rows ask for, and in its ledger's columns."""

from collections.abc import Iterator

from bubancheng.actions import own_actions
from bubancheng.district.model import District
from bubancheng.district.reading import Table
from bubancheng.flow import Happened, Listed, OnDuty, Transition
from bubancheng.ticket import Fact


def check_words(root: Table, district: District) -> None:
    """Note every word that is in no code table, every post nobody holds, every action no row carries out."""
    flow, posts = root.table("flow"), {it.post for it in district.duties}
    for row in district.flow.transitions:
        table = flow.named("transition", row.action)
        for key, fact, word in _words_of(row):
            known = {it.id for it in district.coded(fact)}
            if known and str(word) not in known:
                table.fault(
                    key, f"{fact} 没有这个词 (not in the code table) {word!r}：{', '.join(sorted(known))}"
                )
        for condition in row.conditions:
            if isinstance(condition, OnDuty) and condition.post not in posts:
                held = ", ".join(sorted(posts))
                table.fault(
                    "on_duty", f"没有 [[duty]] 岗位 (nobody holds the post) {condition.post!r}：{held}"
                )
    actions = {row.action for row in district.flow.transitions}
    for column in district.columns:
        if column.action in own_actions():
            root.table("ledger").named("column", column.id).fault(
                "action", f"{column.action!r} 是库自带的动作，台账不能代为填写 (an action of the library)"
            )
        elif column.action is not None and column.action not in actions:
            root.table("ledger").named("column", column.id).fault(
                "action", f"没有动作 (no such action) {column.action!r}"
            )


def _words_of(row: Transition) -> Iterator[tuple[str, str, Fact]]:
    """Yield the words that a row asks for: under which key, of which fact."""
    yield from (("given", fact, word) for fact, word in row.given.items())
    for condition in row.conditions:
        if isinstance(condition, Listed):
            yield from (("listed", condition.field, word) for word in sorted(condition.values))
        elif isinstance(condition, Happened) and condition.field is not None:
            yield "happened", condition.field, condition.value
