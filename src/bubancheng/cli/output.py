"""What the commands print: tables that survive any console, lights in colour and in words."""

import datetime as dt
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bubancheng.cli.plain import clean
from bubancheng.desk import BoardLine
from bubancheng.sla import Light

_LIGHTS = {
    Light.GREEN: ("绿", "green"),
    Light.YELLOW: ("黄", "yellow"),
    Light.RED: ("红", "red"),
}
_URGENCY = (Light.RED, Light.YELLOW, Light.GREEN)
_WIDTH = 400  # columns for output that is no terminal: nothing is folded
_LEAST = 120  # columns of a board that is still readable; a narrower terminal wraps its lines
_FOLDED = ("事项", "主办单位")  # what gives way first where the terminal is narrow


def console(*, stderr: bool = False) -> Console:
    """Return a console: as wide as the terminal, or wide enough where there is none."""
    stream = sys.stderr if stderr else sys.stdout
    width = max(shutil.get_terminal_size().columns, _LEAST) if stream.isatty() else _WIDTH
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=width)


def moment(when: dt.datetime | None) -> str:
    """Return an instant as people read it; a dash where there is none."""
    return "-" if when is None else f"{when:%Y-%m-%d %H:%M}"


def span(amount: dt.timedelta) -> str:
    """Return a natural span in days, hours and minutes, without its sign."""
    minutes = abs(amount) // dt.timedelta(minutes=1)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    words = [f"{days}天" if days else "", f"{hours}小时" if hours else "", f"{minutes}分" if minutes else ""]
    return "".join(words[:2] if days else words) or "不足1分"


def _remaining(line: BoardLine) -> str:
    if line.remaining is None:
        if line.closed and line.acknowledged_at is not None:
            return "已办结"
        return line.step_name if line.closed or line.unit is None else "-"
    late = line.remaining < dt.timedelta(0)
    if line.closed:
        return f"已办结，超时{span(line.remaining)}" if late else "已办结"
    return f"超时{span(line.remaining)}" if late else f"剩{span(line.remaining)}"


def _lamp(light: Light, words: Mapping[str, str]) -> tuple[str, str]:
    """Return a light as a ● and a word, the district's own where it has one, and its colour."""
    word, colour = _LIGHTS[light]
    return f"●{clean(words.get(light.value, word))}", colour


def _light(line: BoardLine, words: Mapping[str, str]) -> Text:
    word, colour = _lamp(line.light, words)
    text = Text(word, style=colour)
    if line.contact_overdue:
        text.append(" 联系超时", style="magenta")
    return text


def print_board(lines: Iterable[BoardLine], title: str, now: dt.datetime, words: Mapping[str, str]) -> None:
    """Print the board, the most urgent first: open before closed, red before yellow before green.

    `words`: the district's own for the lights.
    """
    ordered = sorted(
        lines,
        key=lambda it: (
            it.closed,
            _URGENCY.index(it.light),
            it.due is None,
            it.due.timestamp() if it.due else 0.0,
            it.id,
        ),
    )
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("工单编号", "事项", "主办单位", "难易", "接单", "办结期限", "剩余", "灯"):
        table.add_column(heading, no_wrap=heading not in _FOLDED, overflow="fold")
    for line in ordered:
        deemed = line.deemed_acknowledged_at
        table.add_row(
            Text(clean(line.id)),
            Text(clean(line.matter)),
            Text(clean(line.unit or ("-" if line.closed else "（人工派单）"))),
            line.category_name,
            moment(line.acknowledged_at) if deemed is None else f"{moment(deemed)} 视同",
            moment(line.due) + (" 暂定" if line.provisional and line.due else ""),
            _remaining(line),
            _light(line, words),
        )
    out = console()
    out.print(f"{title}　{moment(now)}", style="bold")
    out.print(table)
    out.print(_summary(ordered, words))


def _summary(lines: Sequence[BoardLine], words: Mapping[str, str]) -> Text:
    text = Text(f"共 {len(lines)} 件，其中未办结 {sum(not line.closed for line in lines)} 件：")
    for light in (Light.GREEN, Light.YELLOW, Light.RED):
        word, colour = _lamp(light, words)
        count = sum(line.light is light and not line.closed for line in lines)
        text.append(f" {word} {count}", style=colour)
    return text
