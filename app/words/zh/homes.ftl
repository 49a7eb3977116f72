### 楼栋与房屋、住户、到来登记、走访与到期事项。

home-map = 在地图上查看
home-arrival = 登记到来
home-grid = 网格{ $code }
home-floors = { $n }层
home-not-yours = 该楼栋不在您负责的网格内，由{ $who }负责，台账由其登记。
home-nobodys = 该楼栋不在您负责的网格内，目前无人负责。请告知网格管理员。
home-tally = { $households }户，居民{ $residents }人，房屋{ $doors }套
home-tally-let = 出租{ $n }套
home-tally-never = 从未走访{ $n }套
home-entrance = { $code }单元
home-no-entrance = 单元未知
home-doors = 房屋
home-floor = { $n }层
home-floor-unknown = 楼层未知
home-let = 出租
home-who =
    { $more ->
        [0] { $name }
       *[other] { $name }等另{ $more }人
    }
home-nobody = 无人登记
home-missing = 缺{ $n }项
home-never = 从未走访
home-no-doors = 还没有房屋。
home-none = 还没有房屋
home-none-about = 估算约有{ $n }户居住。请先添加门牌号，再登记住户。
home-logged = 姓名只对负责人显示。每次查看都有记录，居民本人可以看到。

home-state-verified = 已核实
home-state-due = 待核实
home-state-overdue = 已逾期
home-state-empty = 空置
home-state-other = 非居住

## 添加房屋

home-add-doors = 添加门牌
home-add-about = 填写楼层和每层户数，再在列表中改正个别门牌号。
home-add-from = 起始楼层
home-add-to = 最高楼层
home-add-each = 每层户数
home-add-list = 门牌号
home-add-act = 添加
home-add-none = 列表中没有门牌号。请至少填写一个。
home-cancel = 取消
home-save = 保存

## 住户

home-dwelling = 房屋{ $code }
home-visit = 走访
home-visit-at = 走访{ $code }
home-since = { $day }起
home-ended = 最后一名居民已于{ $day }离开，此处不再登记。
home-verified-on = { $day }已核实
home-verified-never = 登记信息尚未核实。
home-residents = 居民{ $n }人
home-name = 姓名
home-phone = 电话
home-age-band = 年龄段
home-age-under-14 = 14岁以下
home-age-14-15 = 14至15岁
home-age-16-or-over = 16岁及以上
home-registered = 户籍
home-registered-here = 本地户籍
home-registered-elsewhere = 外地户籍
home-hour = 方便走访的时间
home-hour-day = 白天
home-hour-evening = 晚上
home-hour-weekend = 周末
home-missing-phone = 缺电话
home-missing-age-band = 缺年龄段
home-missing-registered-here = 缺户籍
home-source = 信息来源
home-source-visit = 上门登记
home-source-resident = 本人到站登记
home-source-landlord = 房东告知
home-source-employer = 用工单位告知
home-source-import = 文件导入
home-source-exchange = 交换文件
home-correct = 更正
home-move = 换房
home-leave = 已离开
home-former = 曾住{ $n }人。期满后删除，此处不显示。
home-promises = 诉求与承诺
home-asked = 诉求
home-promised = 承诺
home-promised-day = 完成日期
home-kept = { $day }已兑现
home-until = { $day }前
home-keep = 已兑现
home-visits = 走访记录
home-no-visits = 还没有走访。
home-verified = 已核实
home-late = 逾时录入
home-result = 上门情况
home-result-met = 见到本人
home-result-nobody-home = 家中无人
home-result-refused = 不愿接待

home-leave-title = 谁离开了？哪天离开？
home-leave-day = 最后居住日
home-leave-all = 全部{ $n }人都离开
home-leave-about = 此后不再出现在现有台账中，信息期满后删除。
home-leave-act = 办理注销
home-left = { $n }名居民已离开。
home-left-all = { $n }名居民已全部离开，该户已注销。
home-move-title = 在本楼栋内换房
home-move-to = 换到
home-move-day = 入住日
home-move-all = 全部{ $n }人一起换
home-move-about = 搬到其他楼栋：在这里办理注销，在那里登记到来。
home-move-act = 换房
home-move-choose = 请选择换到哪一套房屋。
home-choose = 请选择

## 到来登记

home-joins =
    { $n ->
        [0] 该户目前无人登记。
       *[other] 加入该户，现有居民{ $n }人。
    }
home-door = 门牌号
home-door-about = 门上的号码，如302。新号码即新增一套房屋。
home-from = 居住起始日
home-who-came = 谁来居住？
home-person-more = 再加一人
home-person-remove = 去掉此人
home-name-missing = 有一人没有姓名。请填写，或去掉该行。
home-consent = 已告知用途，本人同意
home-consent-about = 用于居住登记，离开后最多保存两年。本人可随时查看、更正、提出异议或要求删除。不同意则不登记，各项服务照常提供。
home-arrival-act = 登记

## 走访

home-when = 时间：
home-when-now = 现在
home-when-other = 更早
home-when-about = 走访须在24小时内录入，超过即为逾时。
home-known =
    { $n ->
        [0] 无人登记
       *[other] 已登记居民{ $n }人
    }
home-gone = 已不住在这里
home-all-right = 以上信息都正确
home-all-right-about = 已与住户逐项核对，不必重复填写。
home-also = 还有其他人居住吗？
home-who-lives = 谁住在这里？
home-who-lives-about = 此门还没有登记住户。无人居住请留空。
home-said = 诉求与承诺
home-said-more = 再加一条
home-sending-later = 没有信号。请保持页面打开，有信号后自动发送。

## 今日

today-title = 今日
today-nearest = 由近到远
today-deputy = 代管
today-no-grid = 今天没有您负责的网格
today-no-grid-about = 这里列出负责网格内的到期事项。网格由网格管理员分派。
today-done = 没有到期事项
today-done-about = 本季度住户已全部核实，没有待兑现的承诺。
today-overdue = 已逾期
today-now = 现在可办
today-buildings = 楼栋
today-show = 显示范围
today-show-now = 此时可走访
today-show-all = 全部
today-nothing-shown = 没有此类到期事项。
today-overdue-n = 逾期{ $n }项
today-house = 本栋
today-later = 此时不宜
today-no-position = 手机没有提供位置。请允许本页使用位置，或按列表走访。
due-promise = 承诺
due-move-out = 核实是否搬离
due-verification = 核实登记信息
due-never = 从未走访
due-since = 上次核实{ $day }
due-never-verified = 尚未核实
due-until = { $day }前
due-was = 应于{ $day }前完成

## 月报

monthly-title = 每月报告
monthly-figures = 到来{ $arrivals }人，离开{ $departures }人，走访{ $visits }次
monthly-nothing = 零报告：无到来、离开和走访
monthly-filed = { $day }已报
monthly-late = 迟报
monthly-missing = 缺报
monthly-open = 本月未结束
monthly-file = 上报
monthly-file-zero = 零报告

## 用工单位

employer-title = 用工单位、商铺与工地
employer-add = 添加
employer-none = 该楼栋没有登记用工单位。
employer-complete = 信息齐全
employer-gap-contact = 缺安全联系人
employer-gap-phone = 缺电话
employer-gap-size = 缺用工规模
employer-gap-statement = 缺责任书
employer-name = 名称
employer-kind = 类别
employer-kind-employer = 用工单位
employer-kind-shop = 商铺
employer-kind-market = 市场
employer-kind-site = 工地
employer-size = 用工规模
employer-size-1-9 = 1—9人
employer-size-10-49 = 10—49人
employer-size-50-299 = 50—299人
employer-size-300-or-more = 300人及以上
employer-contact = 安全联系人
employer-contact-phone = 联系人电话
employer-begun = 入驻日期
employer-gone = 已撤离
employer-gone-act = 已关闭或迁走
employer-gone-about = 不再出现在台账中，责任书期满后删除。
employer-ended = 已于{ $day }撤离。
employer-facts = 登记信息
home-no-hazards = 此处没有未办结的隐患。
notes-title = 现场备注
notes-new = 新增备注
notes-about = 如单元门几点上锁、院内有犬、群众习惯叫法（可据此查找）。请勿写姓名和号码，备注会随待办清单存入手机。
notes-keep = 保存
notes-strike = 已失效
rental-landlords = 出租房东
rental-landlords-about = 完整号码见出租屋档案，查看会留下记录。
