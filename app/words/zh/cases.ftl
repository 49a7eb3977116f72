### 隐患与案件：列表、上报、案件、时限、巡查。
## 名称
case-state = { $state ->
    [reported] 待受理
    [accepted] 已受理
    [refused] 不予受理
    [filed] 已立案
    [dispatched] 已派遣
    [handling] 处置中
    [claimed_done] 待核查
    [verified] 核查通过
    [closed] 已结案
    [evaluated] 已评价
    [returned] 已退回
    [rework] 返工
    [pending] 挂账
   *[duplicate] 重复
  }
case-mechanism = { $mechanism ->
    [coordination] 协调类
    [emergency] 应急类
    [approval] 报批类
   *[ordinary] 普通类
  }
case-severity = { $severity ->
    [1] 一般
    [2] 较大
   *[3] 重大
  }
case-origin = { $origin ->
    [coordinator] 协理员
    [manager] 网格管理员
    [public] 群众
    [inspection] 巡查
   *[import] 导入文件
  }
case-act = { $act ->
    [report] 上报
    [accept] 受理
    [call] 电话通知
    [classify] 重新分类
    [refuse] 不予受理
    [duplicate] 并为重复件
    [on_the_spot] 当场办结
    [file] 立案
    [meet] 社区会议
    [dispatch] 派遣
    [hand_up] 上报审批
    [begin] 开始处置
    [track] 跟踪
    [return] 退回（非本单位）
    [claim] 处置完毕
    [answer] 收到答复
    [verify] 核查通过
    [tell] 告知上报人
    [fail] 核查不通过
    [close] 结案
    [evaluate] 评价
    [reopen] 重新办理
    [pend] 挂账
    [resume] 恢复办理
    [supervise] 督办
   *[escalated] 已逾期，已上报领导
  }
case-act-about = { $act ->
    [accept] 属于本单位职责，立案派遣时限开始计算。
    [call] 先打电话，再补手续，一小时内立案。
    [classify] 更正类别、等级或处理方式，时限自上报时起重新计算。
    [refuse] 不是隐患或不归我们管，请写明原因，上报人可以看到。
    [duplicate] 另有案件反映同一问题。
    [on_the_spot] 当场整改并拍照，一步立案结案。
    [file] 登记为案件。
    [meet] 由社区会议决定立案。
    [dispatch] 交给承办单位或承办人。
    [hand_up] 上报上级单位，留存回执。
    [begin] 开始处置。
    [track] 记录上级单位的办理进展。
    [return] 派错单位。
    [claim] 处置完毕，等待核查。
    [answer] 上级单位已答复。
    [verify] 现场查看，整改到位。
    [tell] 将答复告知上报人。
    [fail] 现场查看，整改不到位。
    [close] 案件办结。
    [evaluate] 评价办理情况。
    [reopen] 30天内可重新办理，之后作为新隐患上报。
    [pend] 暂时无法办理，写明原因和复查日期，时限暂停。
    [resume] 按剩余时间继续计时。
   *[supervise] 打开案件的人都能看到此批示。
  }
case-fact = { $fact ->
    [reason] 原因
    [called] 已通知的人员和单位
    [of] 主案编号
    [met_on] 会议日期
    [decision] 会议决定
    [office] 承办单位
    [handler_id] 承办人
    [receipt] 回执编号
    [answer] 答复内容
    [told] 告知上报人
    [note] 内部备注
    [review_on] 复查日期
    [kind] 类别
    [severity] 等级
    [mechanism] 处理方式
   *[photo] 处置后照片
  }
case-clock = { $clock ->
    [green] 正常
    [amber] 即将到期
    [red] 环节超时
   *[stands] 计时暂停
  }


## 列表
cases-title = 隐患与案件
cases-about = 楼栋和场所的隐患及办理情况，未结的按到期日排列。
cases-new = 上报隐患
cases-which = 查看范围
cases-open = 未结
cases-mine = 我的
cases-overdue = 超期
cases-escalated = 环节超时
cases-over = 已结
cases-all = 全部
cases-kind = 类别
cases-any-kind = 全部类别
cases-severity = 等级
cases-any-severity = 全部等级
cases-state = 状态
cases-any-state = 全部状态
cases-place = 辖区
cases-any-place = 我的全部辖区
cases-grid = 网格编码
cases-narrow = 查询
cases-at = { $day }结束时的情况。
cases-count = 隐患{ $n }件
cases-count-most = 隐患{ $n }件以上
cases-period = { $first }至{ $last }
cases-none = 没有隐患
cases-none-about = 没有符合条件的隐患。可换个范围查看，或上报新隐患。
cases-more = 后{ $n }条
cases-due = { $day }到期
cases-was-due = { $day }已到期
cases-reported = { $day }上报
cases-closed-on = { $day }结案
cases-limits = 类别与时限

## 上报
hazard-title = 上报隐患
hazard-where-none = 在哪里？
hazard-where-about = 请打开楼栋或大院页面上报，或使用您当前所在位置。
hazard-here = 我所在的位置
hazard-locating = 正在定位……
hazard-not-located = 无法定位，请打开楼栋页面上报。
hazard-my-buildings = 我的楼栋
hazard-on-map = 地图
hazard-point = 位置 { $lat }，{ $lon }
hazard-kind = 什么隐患？
hazard-severity = 严重程度
hazard-done-by = { $at }前办结
hazard-site = 具体位置
hazard-site-hint = 例如“2单元3层楼道”，不要写人名。
hazard-description = 现场情况
hazard-description-hint = 只写场所情况，不写住户情况。
hazard-photo = 照片
hazard-photo-hint = JPEG或PNG，不超过8 MB，相机附带信息会去除。
hazard-emergency = 应急：须立即电话通知
hazard-goes-to = 交由网格{ $grid }，{ $coordinator }
hazard-goes-vacant = 交由网格{ $grid }，目前空岗
hazard-goes-community = 交由{ $community }，该处没有生效的网格方案
hazard-near-title = 附近已有上报
hazard-near-about = 50米内7天来有同类隐患，是同一处吗？
hazard-near-metres = 相距{ $n }米
hazard-sure = 不是同一处
hazard-send = 上报

## 案件
case-title = 案件{ $id }
case-site-map = 在地图上查看
case-building = 楼栋
case-stage-until = 本环节{ $at }前
case-due-until = { $at }前办结
case-stands-until = 挂账中，{ $day }复查
case-done-at = { $at }处置完毕
case-closed-at = { $at }结案
case-grid = 网格
case-coordinator = 当时的协理员
case-handler = 承办
case-reported-by = 上报人
case-held = 文字内容可能涉及个人，待工作人员审看。
case-photos-before = 处置前
case-photos-after = 处置后
case-no-photos = 没有照片
case-photo-before = 现场照片{ $n }
case-photo-after = 处置后照片{ $n }
case-next = 下一步
case-nothing-next = 目前没有需要您办理的事项。
case-history = 流转记录
case-clock-itself = 系统计时
case-stops = 计时暂停记录
case-stop = { $from }至{ $until }：{ $why }
case-stop-open = { $from }起：{ $why }
case-within-an-hour = 一小时内立案
case-not-within-an-hour = 超过一小时立案
case-told-line = 告知：{ $words }
case-counts = 重办{ $reopened }次，返工{ $reworked }次，退回{ $returned }次
case-duplicate-of = 与案件{ $id }重复
case-logged = 您打开此案件已留有记录。
case-handler-none = 由承办单位安排

## 巡查
inspections-title = 巡查
inspections-about = 出租大院、市场和工地的定期巡查，列出两周内到期的。
inspections-count = { $n }处到期
inspections-none = 没有待巡查场所
inspections-none-about = 两周内没有到期的巡查。
inspections-every = 每{ $n }个月一次
inspections-last = 上次{ $day }
inspections-never = 尚未巡查
inspections-fine = 未发现隐患
inspections-found = 发现隐患
inspections-end = 不再巡查
inspections-set-up = 建立巡查清单
inspections-set-up-about = 出租大院每三个月一次，市场和工地每月一次。清单上已有的不变。
inspection-about-compound = 燃气、用电、消防通道、电动车
inspection-about-market = 消防通道、消防器材、用电
inspection-about-site = 围挡、脚手架、工人宿舍

## 类别与时限
limits-about = 隐患类别及案件各环节时限。时限自生效日起执行，此前上报的案件仍按原时限。
limits-rules = 规则
limits-title = 时限
limits-from = 生效日
limits-stage = { $stage ->
    [accept] 受理（小时）
    [dispatch] 立案派遣（小时）
    [handle] 处置（小时）
   *[verify] 核查结案（小时）
  }
limits-time = 计时方式
limits-worked = 工作时间
limits-wall = 自然时间
limits-every-kind = 其他各类
limits-add = 新增时限
limits-kinds = 类别
limits-code = 代码
limits-weight = 热力权重
limits-weighs = 权重{ $n }
limits-by-public = 群众可上报
limits-retired = 停用
limits-keep = 保存
limits-add-kind = 新增类别
