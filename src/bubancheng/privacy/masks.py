"""Masks (脱敏) for fields whose meaning is known: a name, a phone number, an identity number."""

import re
from collections.abc import Mapping

from bubancheng.privacy.scrubbing import masked_identity, masked_phone, scrub

# Compound surnames (复姓): those of 百家姓 but 单于 (mostly the surname 单), and 独孤 and 太史.
_NAMES = """
万俟 司马 上官 欧阳 夏侯 诸葛 闻人 东方 赫连 皇甫 尉迟 公羊 澹台 公冶 宗政 濮阳 淳于 太叔
申屠 公孙 仲孙 轩辕 令狐 钟离 宇文 长孙 慕容 鲜于 闾丘 司徒 司空 亓官 司寇 子车 颛孙 端木
巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 百里 东郭 南门 呼延 羊舌 微生 梁丘
左丘 东门 西门 南宫 第五 独孤 太史 萬俟 司馬 歐陽 諸葛 聞人 東方 赫連 尉遲 澹臺 濮陽 公孫
仲孫 軒轅 鍾離 長孫 鮮于 閭丘 顓孫 巫馬 樂正 南宮 獨孤
"""
_COMPOUND = frozenset(_NAMES.split())
_LETTER = re.compile(r"\w")
_LISTED = re.compile("([、，,;；/]+)")


def mask_name(name: str, kind: str | None = "person") -> str:
    """Return a name with all but its surname starred: 张三丰 as `张**`, 欧阳锋 as `欧阳*`.

    Of a compound surname both characters stay where a given name follows; of any other name its
    first letter (John as `J***`); of a name of one character nothing. Spaces and points stay.
    `kind`: the name of an "organisation" (企业) is no personal data and is shown as it is; every other
    kind is a person.
    """
    if kind == "organisation":
        return name
    start = len(name) - len(name.lstrip())
    bare = name.strip()
    shown = 2 if bare[:2] in _COMPOUND and len(bare) > 2 else 1  # noqa: PLR2004 a surname of two
    if len(bare) == 1 or not bare[:1].isalpha():
        shown = 0
    kept = start + shown
    return name[:kept] + _starred(name[kept:])


def mask_phone(phone: str) -> str:
    """Return a phone number with four digits starred: `138****1234`, `021-****1234`, `****1234`.

    Spaces, dashes, full-width digits and +86 stay as they were written; several numbers may stand
    side by side (、，；/). What is no number of a person (12345, with an extension, of another
    country, with words around it) is starred as a whole.
    """
    return "".join(_masked_phone(part) for part in _LISTED.split(phone))


def _masked_phone(part: str) -> str:
    bare = part.strip()
    return part.replace(bare, masked_phone(bare) or _starred(bare)) if bare else part


def mask_identity(number: str) -> str:
    """Return a resident identity number (居民身份证号) with the date of birth starred.

    310230199001011234 as `310230********1234`; the fifteen digits of old as `310230******123`. Any other
    text is starred as a whole. The check character is not looked at: a mistyped number is masked too.
    """
    bare = number.strip()
    return number.replace(bare, masked_identity(bare) or _starred(bare)) if bare else number


def mask_personal(data: Mapping[str, str], *, kind: str | None) -> dict[str, str]:
    """Return personal data as those may see it who do not handle the ticket.

    `reporter` (反映人) is masked as a name of that `kind`, `phone` (联系电话) as a phone number,
    `identity` (证件号码) as an identity number; every other field, such as `text` (诉求内容), is scrubbed.
    """
    return {field: _masked_field(field, value, kind) for field, value in data.items()}


def _masked_field(field: str, value: str, kind: str | None) -> str:
    match field:
        case "reporter":
            return scrub(mask_name(value, kind))
        case "phone":
            return mask_phone(value)
        case "identity":
            return mask_identity(value)
        case _:
            return scrub(value)


def _starred(text: str) -> str:
    return _LETTER.sub("*", text)
