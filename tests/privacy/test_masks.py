"""Masks of fields: names, phone numbers, identity numbers, and the personal data of a ticket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.privacy import mask_identity, mask_name, mask_personal, mask_phone

NAMES = [
    ("张三丰", "张**"),
    ("张三", "张*"),
    ("张", "*"),
    ("", ""),
    ("欧阳锋", "欧阳*"),
    ("欧阳正华", "欧阳**"),
    ("歐陽鋒", "歐陽*"),
    ("欧阳", "欧*"),  # may be 欧 and a given name
    ("诸葛亮", "诸葛*"),
    ("单于明", "单**"),  # 单 is the surname
    ("张　三", "张　*"),  # as clerks pad two characters
    (" 张三 ", " 张* "),
    ("买买提·艾力", "买**·**"),
    ("John Smith", "J*** *****"),
    ("J", "*"),
    ("𠮷田太郎", "𠮷***"),
    ("张三13812341234", "张************"),
    ("13812341234", "***********"),
    ("（张三）", "（**）"),
]

PHONES = [
    ("13812341234", "138****1234"),
    ("138 1234 1234", "138 **** 1234"),
    ("138-1234-1234", "138-****-1234"),
    ("１３８１２３４１２３４", "１３８****１２３４"),
    ("+8613812341234", "+86138****1234"),
    ("+86 138-1234-1234", "+86 138-****-1234"),
    ("0086 13812341234", "0086 138****1234"),
    ("013812341234", "0138****1234"),
    ("021-69611234", "021-****1234"),
    ("02169611234", "021****1234"),
    ("(021) 6961 1234", "(021) **** 1234"),
    ("（021）69611234", "（021）****1234"),
    ("0513-6961123", "0513-****123"),
    ("0513-69611234", "0513-****1234"),
    ("+86 21 69611234", "+86 21 ****1234"),
    ("69611234", "****1234"),
    ("6961123", "****123"),
    (" 13812341234 ", " 138****1234 "),
    ("13812341234、021-69611234", "138****1234、021-****1234"),
    ("13812341234/13912341234", "138****1234/139****1234"),
    # starred as a whole
    ("12345", "*****"),
    ("110", "***"),
    ("021-69611234-803", "***-********-***"),
    ("+1 415 555 2671", "+* *** *** ****"),
    ("李女士13812341234", "**************"),
    ("无", "*"),
    ("", ""),
    ("23812341234", "***********"),
    ("1381234123", "**********"),
    ("138123412345", "************"),
]

IDENTITIES = [
    ("310230199001011234", "310230********1234"),
    ("31023019900101123X", "310230********123X"),
    ("31023019900101123x", "310230********123x"),
    ("310230 19900101 1234", "310230 ******** 1234"),
    ("３１０２３０１９９００１０１１２３Ｘ", "３１０２３０********１２３Ｘ"),
    ("310230900101123", "310230******123"),
    # starred as a whole
    ("3102301990010112345", "*" * 19),
    ("31023019900101123", "*" * 17),
    ("X10230199001011234", "*" * 18),
    ("H1234567890", "*" * 11),
    ("", ""),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_a_name_keeps_its_surname(name: str, expected: str) -> None:
    assert expected == mask_name(name)


def test_the_name_of_an_organisation_is_shown() -> None:
    assert mask_name("上海某某有限公司", "organisation") == "上海某某有限公司"


@pytest.mark.parametrize("kind", ["person", None, "", "enterprise", "企业"])
def test_every_other_kind_is_a_person(kind: str | None) -> None:
    assert mask_name("张三丰", kind) == "张**"


@pytest.mark.parametrize(("phone", "expected"), PHONES)
def test_a_phone_number_loses_four_digits_and_anything_else_all(phone: str, expected: str) -> None:
    assert expected == mask_phone(phone)


@pytest.mark.parametrize(("number", "expected"), IDENTITIES)
def test_an_identity_number_loses_the_date_of_birth_and_anything_else_all(number: str, expected: str) -> None:
    assert expected == mask_identity(number)


DATA = {
    "reporter": "张三丰",
    "phone": "13812341234",
    "identity": "H1234567",
    "text": "请联系13912341234，CM-2024-0001",
    "place": "二楼，身份证310230199001011234",
}


def test_each_field_is_masked_as_what_it_is() -> None:
    assert mask_personal(DATA, kind=None) == {
        "reporter": "张**",
        "phone": "138****1234",
        "identity": "********",
        "text": "请联系139****1234，CM-2024-0001",
        "place": "二楼，身份证310230********1234",
    }


def test_an_organisation_keeps_its_name_and_nothing_more() -> None:
    data = DATA | {"reporter": "某某公司 13812341234"}
    assert {**mask_personal(DATA, kind="person"), "reporter": "某某公司 138****1234"} == mask_personal(
        data, kind="organisation"
    )


def test_masking_leaves_what_it_was_given_alone() -> None:
    before = dict(DATA)
    mask_personal(DATA, kind="person")
    assert before == DATA


HOSTILE = st.text() | st.text("0123456789 -*()+86张欧阳aX、/", max_size=40)


@given(text=HOSTILE)
def test_any_text_can_be_masked_and_masking_again_changes_nothing(text: str) -> None:
    for field in ("reporter", "phone", "identity", "text"):
        once = mask_personal({field: text}, kind="person")
        assert (once, len(text)) == (mask_personal(once, kind="person"), len(once[field]))


@given(name=st.text("张王李欧阳司马建国明 ·", max_size=8))
def test_at_most_two_characters_of_a_name_are_left(name: str) -> None:
    assert len(mask_name(name).replace("*", "").replace(" ", "").replace("·", "")) <= 2


@given(name=st.text(st.sampled_from("张王李建国明"), min_size=1, max_size=8))
def test_something_of_every_name_is_hidden(name: str) -> None:
    assert "*" in mask_name(name)
