"""Whether a plugin may bear a name, and what follows from it."""

import keyword
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec

from bubancheng.errors import ArgumentError
from bubancheng.registry import offered

_OWN = "bubancheng"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 40


def check_name(name: str) -> None:
    """Refuse a name that is no name, or that is taken; `ArgumentError` with what to do."""
    problem = next(_problems(name), None)
    if problem is not None:
        msg = f"插件名 {name!r} {problem}"
        raise ArgumentError(msg)


def _problems(name: str) -> Iterator[str]:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        yield (
            f"不能用：以小写字母开头，只用小写字母、数字和单个连字符，不超过 {_LONGEST} 个字符，如 by-matter "
            "(lower-case letters, digits and single hyphens)"
        )
    elif name == _OWN or name.startswith(f"{_OWN}-"):
        short = name.removeprefix(_OWN).lstrip("-") or "by-matter"
        yield f"不能用：前缀 {_OWN}- 会自动加上，写 {short} 即可 (leave the prefix out)"
    elif keyword.iskeyword(name):
        yield "是 Python 的保留字，请换一个 (is a keyword of Python: choose another)"
    elif name in offered():
        yield "已有安装的插件使用，请换一个 (an installed plugin bears this name: choose another)"
    elif _is_installed(name):
        yield f"对应的安装包 {distribution_name(name)} 已安装，请换一个 (is installed: choose another)"


def _is_installed(name: str) -> bool:
    try:
        distribution(distribution_name(name))
    except PackageNotFoundError:
        return find_spec(module_name(name)) is not None
    return True


def distribution_name(name: str) -> str:
    """Return the name of the distribution that offers a plugin."""
    return f"{_OWN}-{name}"


def module_name(name: str) -> str:
    """Return the name of the package in that distribution."""
    return distribution_name(name).replace("-", "_")
