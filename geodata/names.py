"""Invented names in Chinese, each given out once, and their pinyin.

The words are ordinary ones; together they name no real district. Pinyin is looked up character by character.
"""

from itertools import product

import numpy as np


def _words(text: str) -> list[str]:
    return text.split()


_SYLLABLES = _words("""
柳liu 荫yin 槐huai 杨yang 梧wu 桐tong 松song 柏bai 桂gui 兰lan 梅mei 荷he 莲lian 竹zhu 枫feng 桃tao
杏xing 榆yu 枣zao 银yin 丁ding 紫zi 荆jing 金jin 玉yu 翠cui 锦jin 绣xiu 秀xiu 丽li 华hua 春chun 秋qiu
晨chen 朝zhao 阳yang 旭xu 日ri 明ming 月yue 星xing 云yun 霞xia 雨yu 雪xue 清qing 泉quan 溪xi 河he 湖hu
水shui 滨bin 堤di 桥qiao 渡du 口kou 湾wan 塔ta 山shan 峰feng 岭ling 岗gang 原yuan 石shi 井jing 坡po
东dong 西xi 南nan 北bei 中zhong 上shang 下xia 前qian 后hou 新xin 古gu 老lao 大da 小xiao 长chang 平ping
安an 康kang 宁ning 和he 顺shun 泰tai 福fu 禄lu 寿shou 喜xi 吉ji 祥xiang 庆qing 瑞rui 德de 仁ren 义yi
礼li 信xin 诚cheng 忠zhong 文wen 武wu 学xue 书shu 院yuan 府fu 衙ya 城cheng 隍huang 庙miao 寺si 钟zhong
鼓gu 楼lou 棋qi 盘pan 糖tang 坊fang 铁tie 匠jiang 油you 盐yan 米mi 磨mo 豆dou 染ran 布bu 席xi 马ma
羊yang 车che 站zhan 门men 关guan 营ying 官guan 庄zhuang 村cun 里li 弄nong 巷xiang 胡hu 同tong 路lu 街jie
道dao 环huan 园yuan 苑yuan 居ju 庭ting 景jing 天tian 地di 江jiang 龙long 凤feng 凰huang 鹤he 鹭lu 燕yan
鸿hong 建jian 设she 解jie 放fang 人ren 民min 胜sheng 利li 工gong 农nong 友you 谊yi 团tuan 结jie 光guang
复fu 兴xing 振zhen 昌chang 盛sheng 富fu 强qiang 开kai 发fa 创chuang 业ye 科ke 技ji 英ying 才cai 育yu
红hong 绿lv 青qing 白bai 黄huang 百bai 千qian 万wan 三san 四si 五wu 六liu 七qi 八ba 九jiu 十shi 一yi
二er 零ling 社she 区qu 办ban 事shi 处chu 机ji 床chuang 厂chang 棉mian 纺fang 织zhi 轴zhou 承cheng 供gong
销xiao 粮liang 食shi 局ju 公gong 司si 家jia 属shu 宿su 舍she 花hua 场chang 市shi 号hao 张zhang 王wang
李li 赵zhao 刘liu 陈chen 孙sun 郭guo 韩han 冯feng 董dong 程cheng 曹cao 袁yuan 许xu 傅fu 沈shen 曾zeng
彭peng 吕lv 香xiang 塘tang 堡bao 屯tun 沟gou 窑yao 铺pu 集ji 郡jun 澜lan 墅shu 逸yi 雅ya 御yu 颐yi 悦yue
澄cheng 印yin 象xiang 首shou 嘉jia 馨xin 铭ming 丰feng 盈ying 通tong 达da 迎ying 宾bin 体ti 医yi 药yao
仓cang 台tai 在zai 太tai 定ding 帝di 店dian 戏xi 树shu 渠qu 源yuan 火huo 炉lu 目mu 篓lou 腐fu 衣yi
铜tong 锣luo 项xiang 心xin 电dian 力li 热re 化hua 肥fei 刷shua 木mu 器qi 皮pi 革ge 面mian 粉fen
""")
_PINYIN = {word[0]: word[1:] for word in _SYLLABLES}

_FIRST = "柳槐桐松桂兰梅荷枫桃杏榆紫金翠锦秀春秋晨朝旭明云霞清泉玉瑞祥福康安宁和顺泰德仁文"
_SECOND = "荫华阳光明泉溪园湖秀景康宁和平安兴昌盛义信学雅馨丰福祥云德庆"
_GREAT_STREETS = _words("""
解放 建设 人民 胜利 新华 和平 友谊 团结 光复 振兴 复兴 开源 迎宾 长兴 太平 安定 朝阳 文昌 工农 英才 科技
创业 富强 康泰 长宁 天桥 塔山 鼓楼 钟楼 府前 书院 学府 体育 站前 电力 金桥 玉泉 兴业 德胜
""")
_OLD_LANES = _words("""
棋盘 糖坊 铁匠 油坊 盐店 米市 磨坊 豆腐 染坊 席市 马市 羊市 车营 井台 官井 书院后 文庙 城隍庙 钟楼后
鼓楼西 白衣 关帝 石桥 槐树 枣树 柳树 杏花 香炉 铜锣 大院 小营 南仓 北仓 皮市 花市 布店 药王 戏楼 铺前
塔后 水井 石磨 竹器 木器 银匠 面坊 皮坊 油篓
""")
_LEADS = "东西南北新上下前后"
_SURNAMES = "张王李赵刘陈孙郭韩冯董程曹袁许傅沈曾彭吕马杨"
_VILLAGE_ENDS = ("庄", "村", "家沟", "家堡", "家窑", "家屯")
_WORKS = _words("""
机床厂 棉纺厂 轴承厂 供销社 粮食局 电力局 化肥厂 印刷厂 木器厂 皮革厂 面粉厂 热力公司 布厂 水利局
医药公司 车厂
""")
_ESTATE_ENDS = {
    "old": ("里", "小区", "新村"),
    "new": ("花园", "苑", "家园", "雅居", "华庭", "嘉苑", "公园里"),
}
_NUMERALS = "零一二三四五六七八九十"


def numeral(number: int) -> str:
    """A small number in Chinese.

    number: 1 to 99.

    >>> numeral(7), numeral(12), numeral(40)
    ('七', '十二', '四十')
    """
    tens, ones = divmod(number, 10)
    head = {0: "", 1: "十"}.get(tens, _NUMERALS[tens] + "十" if tens else "")
    return head + (_NUMERALS[ones] if ones else "")


def pinyin(name: str) -> str:
    """The name in Latin letters, one capitalised word; what has no reading (digits) is kept.

    >>> pinyin("柳荫路")
    'Liuyinlu'
    """
    return "".join(_PINYIN.get(character, character) for character in name).capitalize()


class Names:
    """Gives out names, never the same one twice."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        pairs = [a + b for a, b in product(_FIRST, _SECOND) if a != b]
        self._all_pairs = list(rng.permutation(np.array(pairs)))
        self._pairs = list(self._all_pairs)
        self._lead = -1
        self._great = list(rng.permutation(np.array(_GREAT_STREETS)))
        self._lanes = list(rng.permutation(np.array(_OLD_LANES)))
        self._villages = list(
            rng.permutation(np.array([a + b for a, b in product(_SURNAMES, _VILLAGE_ENDS)]))
        )
        self._works = list(rng.permutation(np.array(_WORKS)))
        self._given: dict[str, int] = {}

    def _once(self, name: str) -> str:
        """The name itself, or with 二, 三 … before its last character when it was given before."""
        times = self._given[name] = self._given.get(name, 0) + 1
        return name if times == 1 else self._once(f"{name[:-1]}{numeral(times)}{name[-1]}")

    def _pair(self) -> str:
        if not self._pairs:
            self._lead += 1
            self._pairs = [_LEADS[self._lead] + pair for pair in self._all_pairs]
        return str(self._pairs.pop())

    def great_street(self, ending: str) -> str:
        """An arterial or secondary street, as 解放路."""
        return self._once(str(self._great.pop() if self._great else self._pair()) + ending)

    def small_street(self, ending: str) -> str:
        """A street inside a quarter, as 柳荫街."""
        return self._once(self._pair() + ending)

    def lanes(self, count: int) -> list[str]:
        """Lanes of one old quarter: each its own old name, or numbered ones of a family."""
        if self._lanes and self._rng.random() < 0.6:
            ending = "巷" if self._rng.random() < 0.55 else "胡同"
            taken = [str(self._lanes.pop()) for _ in range(min(count, len(self._lanes)))]
            rest = count - len(taken)
            return [self._once(name + ending) for name in taken] + (self._family(rest) if rest else [])
        return self._family(count)

    def _family(self, count: int) -> list[str]:
        stem = self._pair()
        return [self._once(f"{stem}{numeral(k + 1)}巷") for k in range(count)]

    def estate(self, age: str) -> str:
        """A housing estate; age: `old` (里, 小区) or `new` (花园, 苑)."""
        ends = _ESTATE_ENDS[age]
        return self._once(self._pair() + ends[int(self._rng.integers(len(ends)))])

    def work_unit(self) -> str:
        """A work-unit compound, as 棉纺厂家属院."""
        return self._once((str(self._works.pop()) if self._works else self._pair() + "厂") + "家属院")

    def factory(self) -> str:
        return self._once(self._pair() + "工业园")

    def village(self) -> str:
        return self._once(str(self._villages.pop()) if self._villages else self._pair() + "村")

    def rental_yard(self) -> str:
        surname = _SURNAMES[int(self._rng.integers(len(_SURNAMES)))]
        return self._once(f"{surname}家大院")

    def subdistrict(self) -> str:
        return self._once(self._pair() + "街道")

    def community(self, stem: str) -> str:
        """A community called after what lies in it, as 柳荫里社区; stem may be empty."""
        return self._once((stem or self._pair()) + "社区")

    def place(self, ending: str) -> str:
        """Any other thing that carries a name, as 玉泉公园."""
        return self._once(self._pair() + ending)
