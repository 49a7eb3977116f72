"""Words that may name or number somebody: phones, identity numbers, plates, surnames with a title.

Reports of the public are about places. Text that may be about a person is held until staff have looked
(`held.py`); what is found here is put out of sight for them to begin with. It is better to hold a sentence
too many than to show one that names somebody. What is not found: a bare name without anything beside it that
says it is one; staff look at every report before it goes anywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HIDDEN = "■■■"


@dataclass(frozen=True)
class Found:
    """A stretch of a text that may be about a person, of one of the kinds of `PATTERNS`."""

    kind: str
    begin: int
    end: int


def found_in(said: str) -> list[Found]:
    """What in a text may name or number somebody, in the order it stands there; stretches do not overlap.

    >>> [one.kind for one in found_in("王先生家的电线，电话13800138000")]
    ['name', 'phone']
    >>> found_in("长安路5号楼道里堆满杂物")
    []
    """
    plain = said.translate(_NARROW)
    every = sorted(
        (Found(kind, *match.span()) for kind, pattern in PATTERNS for match in pattern.finditer(plain)),
        key=lambda one: (one.begin, -one.end),
    )
    kept: list[Found] = []
    for one in every:
        if not kept or one.begin >= kept[-1].end:
            kept.append(one)
    return kept


def redacted(said: str) -> str:
    """The text with a mark in place of each such stretch.

    >>> redacted("找3号楼的李老师，微信 lls_88123")
    '找3号楼的■■■，■■■'
    """
    parts, at = [], 0
    for one in found_in(said):
        parts += [said[at : one.begin], HIDDEN]
        at = one.end
    return "".join([*parts, said[at:]])


# --- Patterns -------------------------------------------------------------------------------------------

# Wide digits and letters as they are typed in Chinese, to narrow ones; no text changes its length.
_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20}
# The commonest family names; each stands for some nine in ten people with the double ones.
_SINGLE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文肖闫"
)
_DOUBLE = "欧阳|上官|司马|诸葛|皇甫|令狐|司徒|尉迟|公孙|慕容|夏侯"
# Characters that are more often part of a word than a name when these follow.
_WORDS = (
    "高[空层压温处度音声架楼]|马[上路达桶葫]|白[天色]|黄[色昏线]|万[一分]|方[便向法面]|石[头块板子灰棉油]|金[属]|江[边面]|"
    "常[常年]|于[是]|任[意何由]|许[多可]|雷[雨电]|龙[头]|毛[病坯]|孔[洞]|顾[客虑]|段[路]|易[燃爆]|何[时处]|范[围]|程[度序]|余[下]|"
    "钱[不被]|林[地带木]|杜[绝]|胡[同乱]|周[围边一二三四五六日末]|张[贴]|曾[经]|文[件化明字]|史[上]|武[器]|康[复]|单[元]|田[地]|汤[水]"
)
_SURNAME = rf"(?:{_DOUBLE}|(?!{_WORDS})[{_SINGLE}])"
_HAN = r"[\u4e00-\u9fff]"
_TITLE = (
    "先生|女士|小姐|太太|夫人|老师|医生|大夫|师傅|老板|经理|主任|书记|局长|处长|科长|所长|站长|队长|校长|院长|教授|律师|警官|"
    "阿姨|大爷|大妈|大叔|大婶|大姐|大哥|叔叔|伯伯|奶奶|爷爷|嫂子|婆婆|同志|某某"
)
# Short ones stand right behind the surname and begin no other word.
_SHORT_TITLE = (
    "总(?![共体是量数之要线站部面会在算有得该能闸阀表开])|工(?![业厂地程人作棚具商资会学贸艺单期队区装序种件])|"
    "某(?![些个种天日处时])|[姐哥叔婶嫂姨爷](?![妹弟])"
)
# After 老 or 小 and a surname: these make it a place or a thing.
_THING = "[路街巷村庄区里园桥店屋院楼车狗河江鱼花树库头虾钱子区学校市湾坝堡屯寨坊]"
_WHO = "户主|房东|业主|租客|租户|住户|邻居|店主|老板|司机|保安|联系人|举报人|本人|房客|屋主|当事人"
# What stands before a name as well as behind it.
_OFFICE = "主任|书记|经理|队长|站长|所长|校长|院长|会长"
_GAP = r"[\s\-–—.·]{0,2}"
_SPOKEN = "零〇一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖"
_ENGLISH_TITLE = (
    "Mr|Mrs|Ms|Miss|Mister|Dr|Prof|Professor|Madam|Uncle|Auntie|Aunt|Teacher|Boss|Master|Grandma|Grandpa"
)
_ENGLISH_WHO = "landlord|landlady|tenant|owner|neighbou?r|caretaker|manager|director"
# Old Wang and Xiao Li, but not Old Town and Little Park.
_ENGLISH_SURNAME = (
    "Wang|Li|Zhang|Liu|Chen|Yang|Zhao|Huang|Zhou|Wu|Xu|Sun|Hu|Zhu|Gao|Lin|He|Guo|Ma|Luo|Liang|Song|Zheng|Xie|Han|"
    "Feng|Deng|Cao|Peng|Zeng|Xiao|Tian|Dong|Pan|Yuan|Cai|Jiang|Yu|Du|Ye|Cheng|Wei|Su|Lu|Ding|Ren|Shen|Yao|Tan"
)

PATTERNS = (
    (
        "identity",
        re.compile(
            r"(?<!\d)[1-9]\d{5}[\s\-]?(?:18|19|20)\d{2}[\s\-]?(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
            r"[\s\-]?\d{3}[\dXx](?![\dA-Za-z])"
            r"|(?<!\d)[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"
        ),
    ),
    (
        "phone",
        re.compile(
            rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)"
            rf"|(?<!\d)1[3-9]\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)"
            rf"|(?<!\d)\(?0\d{{2,3}}\)?{_GAP}[2-8]\d{{2,3}}{_GAP}\d{{4}}(?!\d)"
            r"|(?<!\d)\+\d{1,3}[\s\-]?\d{2,4}[\s\-]?\d{3,4}[\s\-]?\d{3,4}(?!\d)"
            rf"|[{_SPOKEN}]{{11,}}"
            rf"|(?:电话|手机|tel|phone)\s*(?:号码?|number|no\.?)?\s*(?:[:：是]|is)?\s*\d(?:{_GAP}\d){{6,11}}(?!\d)",
            re.IGNORECASE,
        ),
    ),
    (
        "account",
        re.compile(
            r"(?:微信|weixin|wechat|qq)\s*(?:号|群)?\s*[:：是]?\s*[A-Za-z0-9_\-]{5,}"
            r"|[\w.+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{2,24}){1,3}",
            re.IGNORECASE,
        ),
    ),
    (
        "plate",
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]\s?[·.\-]?\s?[A-Z0-9]{5,6}(?![A-Z0-9])"
        ),
    ),
    (
        "name",
        re.compile(
            rf"{_SURNAME}{_HAN}{{0,2}}?(?:{_TITLE})|{_SURNAME}(?:{_SHORT_TITLE})"
            rf"|[老小阿]{_SURNAME}(?!{_THING})|姓{_SURNAME}"
            rf"|(?:{_WHO})[是叫:：\s]{{0,3}}{_SURNAME}{_HAN}{{1,2}}"
            rf"|(?:名叫|叫做|名字[是叫]?|姓名[:：]?|我叫|他叫|她叫|叫)\s*{_SURNAME}{_HAN}{{1,2}}"
            rf"|(?:{_OFFICE}){_SURNAME}{_HAN}{{1,2}}"
            rf"|\b(?:{_ENGLISH_TITLE})\b\.?\s+[A-Z][\w'’\-]+(?:\s+[A-Z][\w'’\-]+)?"
            rf"|\b(?i:{_ENGLISH_WHO})\b\s*:?\s+[A-Z][a-z'’\-]+(?:\s+[A-Z][a-z'’\-]+)?"
            rf"|\b(?i:old|little|lao|xiao)\s+(?:{_ENGLISH_SURNAME})\b(?!\s+(?i:road|street|lane|lu|jie|village|bridge))"
            r"|\b(?:named|called|name is)\s+[A-Z][\w'’\-]+(?:\s+[A-Z][\w'’\-]+)?"
        ),
    ),
)
