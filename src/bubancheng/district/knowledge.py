"""What an office knows beforehand: tips by topic (贴士), and questions that lead to the cause (问诊)."""

from collections.abc import Iterable

import attrs

from bubancheng.district.reading import Table


@attrs.frozen(kw_only=True)
class Tip:
    """A prepared answer (答疑贴士): its topic, the matters it is about, pitfalls, answer, papers needed."""

    id: str
    topic: str
    title: str
    answer: str
    matters: frozenset[str] = frozenset()
    pitfalls: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    source: str | None = None

    def printed(self) -> str:
        """Return the sheet that is handed out, in Chinese."""
        lines = [f"【{self.topic}】{self.title}", self.answer]
        lines += [f"易错：{it}" for it in self.pitfalls]
        lines += [f"材料 {number}：{it}" for number, it in enumerate(self.materials, start=1)]
        return "\n".join(lines)


@attrs.frozen(kw_only=True)
class Reply:
    """What may be replied to a question, and where it leads: to another question, a root cause, a tip."""

    words: str
    question: str | None = None
    cause: str | None = None
    tip: str | None = None


@attrs.frozen(kw_only=True)
class Question:
    """A question that helps to find out why it could not be done, with the replies it may get."""

    id: str
    words: str
    replies: tuple[Reply, ...]

    def reply(self, words: str) -> Reply | None:
        """Return where a reply leads; None for one that is not foreseen."""
        return next((it for it in self.replies if it.words == words), None)


def read_tip(table: Table) -> Tip:
    """Read a tip."""
    tip = Tip(
        id=table.text("id"),
        topic=table.text("topic"),
        title=table.text("title"),
        answer=table.text("answer"),
        matters=frozenset(table.texts("matters")),
        pitfalls=table.texts("pitfalls"),
        materials=table.texts("materials"),
        source=table.get("source", str),
    )
    table.done()
    return tip


def read_question(table: Table) -> Question:
    """Read a question and its replies; each leads somewhere."""
    replies = []
    for it in table.tables("reply"):
        reply = Reply(
            words=it.text("words"),
            question=it.get("question", str),
            cause=it.get("cause", str),
            tip=it.get("tip", str),
        )
        if reply.question is reply.cause is reply.tip is None:
            it.fault("words", "须指向 question、cause 或 tip (leads nowhere)")
        it.done()
        replies.append(reply)
    if not replies:
        table.fault("reply", "至少一种回答 (at least one reply)")
    question = Question(id=table.text("id"), words=table.text("words"), replies=tuple(replies))
    table.done()
    return question


def check_knowledge(
    root: Table, questions: Iterable[Question], tips: Iterable[Tip], causes: Iterable[str]
) -> None:
    """Note every reply that leads to something that is not there, and questions that lead in a circle."""
    asked = {it.id: it for it in questions}
    known = {"question": {*asked}, "tip": {it.id for it in tips}, "cause": {*causes}}
    for question in asked.values():
        for reply in question.replies:
            for kind, names in known.items():
                name = getattr(reply, kind)
                if name is not None and name not in names and (names or kind != "cause"):
                    table = root.named("question", question.id)
                    table.fault("id", f"{reply.words}：没有 {kind} {name!r} (no such)")
        if _returns(question.id, asked, ()):
            root.named("question", question.id).fault("id", "问题成环 (the questions lead in a circle)")


def _returns(question: str, asked: dict[str, Question], path: tuple[str, ...]) -> bool:
    if question in path:
        return question == path[0]
    following = asked[question].replies if question in asked else ()
    return any(
        it.question is not None and _returns(it.question, asked, (*path, question)) for it in following
    )
