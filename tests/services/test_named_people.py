"""Sentences that may be about somebody are held, and those about places are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.named_people import HIDDEN, found_in, redacted

# What must be held, and of which kind.
ABOUT_SOMEBODY = [
    ("王先生家的煤气味很大", "name"),
    ("3号楼的李女士把电动车推进楼里", "name"),
    ("请找张老师，她知道情况", "name"),
    ("欧阳师傅私拉电线", "name"),
    ("找陈主任反映过没人管", "name"),
    ("隔壁刘阿姨家煤炉没有烟囱", "name"),
    ("是赵建国先生堆的杂物", "name"),
    ("老王在楼道里充电", "name"),
    ("小李又把消防门锁了", "name"),
    ("住在二楼姓孙的烧煤", "name"),
    ("房东刘桂兰不修漏气的管子", "name"),
    ("租客张三在阳台用煤炉", "name"),
    ("他叫周大勇，天天堵门", "name"),
    ("李某某的店占了出口", "name"),
    ("张某把灭火器拿走了", "name"),
    ("陈总的工地半夜施工", "name"),
    ("王工说电箱没有盖", "name"),
    ("李姐的摊位用明火", "name"),
    ("Mr Wang keeps gas bottles in the stairwell", "name"),
    ("Please ask Mrs. Li Hua on the second floor", "name"),
    ("The shop of a man called Zhao Qiang blocks the exit", "name"),
    ("我的电话是13800138000", "phone"),
    ("打138 0013 8000找我", "phone"),
    ("手机：１３９－１２３４－５６７８", "phone"),
    ("联系 +86 137-0000-1234", "phone"),
    ("座机0755-8321 0000", "phone"),
    ("请打(010)62345678", "phone"),
    ("电话62345678", "phone"),
    ("一三八零零一三八零零零", "phone"),
    ("Call me on +44 20 7946 0958", "phone"),
    ("身份证440301199001011234", "identity"),
    ("证件号 11010519491231002X", "identity"),
    ("440301 1990 0101 1234 是他的", "identity"),
    ("老证号440301900101123", "identity"),
    ("微信号 lls_88123", "account"),
    ("加QQ:123456789", "account"),
    ("write to someone@example.com", "account"),
    ("粤B12345堵住消防通道", "plate"),
    ("京A·D12345 一直停在门口", "plate"),
    ("业主吴敏家漏水到电表箱", "name"),
    ("业委会主任周涛不让装车棚", "name"),
    ("Old Wang charges his bike in the hall", "name"),
    ("The landlord Zhang Wei never repairs the pipe", "name"),
    ("Owner: Li Na", "name"),
    ("Grandma Liu burns coal on the balcony", "name"),
    ("Dr Ouyang keeps gas bottles", "name"),
    ("My phone number is 8321 0000", "phone"),
    ("Tel: 0351-4567890", "phone"),
    ("ID card 440301199001011234", "identity"),
    ("WeChat: lls_88123", "account"),
]
# What is about places and nuisances alone: a report must not wait for these.
ABOUT_PLACES = [
    "长安路5号楼道里堆满杂物",
    "3单元一楼有煤气味",
    "消防通道被锁住",
    "住户高空抛物",
    "工地半夜施工，噪声很大",
    "高压线下有人烧烤",
    "马上要下雨，井盖没有了",
    "周围没有路灯",
    "楼下小区门口路面塌陷",
    "电动车在楼道充电，线从二楼拉下来",
    "金属棚快要倒了",
    "2026年3月5日晚上起火冒烟",
    "14栋302门口，编码1404990010010096",
    "石头从墙上掉下来",
    "许多垃圾堆在王府路和李家村路口",
    "Gas smell in the stairwell of block 12, entrance 3",
    "The exit on the ground floor is locked since Monday",
    "总闸没有盖，电线裸露",
    "某处漏水，具体在地下室",
    "小石子路上有坑",
    "老马路边的树快倒了",
    "老张湾村路灯不亮",
    "居委会主任办公室门口漏水",
    "The old wall beside Old Town Road may fall",
    "Lao Wang Road has no lamps",
    "The owner of the shop blocks the exit",
    "Call the manager. Block 12 has no light",
]


@pytest.mark.parametrize(("said", "kind"), ABOUT_SOMEBODY)
def test_a_sentence_that_may_be_about_somebody_is_held(said, kind):
    assert kind in [one.kind for one in found_in(said)]
    assert HIDDEN in redacted(said)


@pytest.mark.parametrize("said", ABOUT_PLACES)
def test_a_sentence_about_a_place_is_not(said):
    assert [said[one.begin : one.end] for one in found_in(said)] == []


def test_there_are_more_than_forty_in_two_languages():
    english = [said for said, _ in ABOUT_SOMEBODY if said.isascii()]

    assert len(ABOUT_SOMEBODY) >= 40
    assert len(english) >= 12


@given(st.text(max_size=200))
def test_what_was_put_out_of_sight_is_so_once_and_for_all(said):
    once = redacted(said)

    assert all(one.end <= other.begin for one, other in zip(found_in(said), found_in(said)[1:], strict=False))
    assert len(once) >= len(HIDDEN) * len(found_in(said))


@given(
    st.from_regex(r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}", fullmatch=True), st.sampled_from(["", "找", "tel ", "，"])
)
def test_no_mobile_number_is_shown(number, before):
    assert number not in redacted(f"{before}{number}")
