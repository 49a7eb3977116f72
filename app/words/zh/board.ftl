# 领导和管理员的看板
board-title = 看板
board-about = { $first }至{ $last }；未结和超期截至{ $at }。点击任一数字，可查看其明细。
board-no-place = 您还没有可看的区域。请管理员分配角色。
board-print = 打印
board-place = 区域
board-from = 自
board-to = 至
board-show = 查看
board-periods = 时段
board-period-days = 近{ $days }天
board-period-month = 本月
board-period-former-month = 上月
board-open = 未结案
board-open-about = 目前件数
board-overdue = 超期
board-of-open = 占未结案的{ $share }%
board-none-open = 目前没有未结案件。
board-on-time = 按期结案率
board-of-due = 件应结案
board-before = 上一时段{ $value }
board-closed = 结案率
board-median = 结案用时中位数
board-days = { $days }天
board-nothing-closed = 本时段无结案
board-filed = 立案率
board-of-reported = 件上报
board-counting = 统计中…
board-not-counted = 暂时未能统计
board-vacant = 空岗网格
board-of-grids = 共{ NUMBER($n) }个在用网格
board-moved = 每周上报与结案
board-reported = 上报
board-gone = 结案（含不予受理）
board-open-weeks = 每周末未结案数
board-on-time-weeks = 每周按期结案率（占应结案%）
board-by-kind = 未结案按类别
board-kind = 类别
board-share = 占比
board-worst = 超期最多的十个网格
board-none-overdue = 没有超期案件。
board-oldest = 最早到期
board-why = 卡在哪个环节
board-no-grid = 不在任何网格
board-not-in-force = 该网格已不在用
board-stands = { $state ->
    [reported] 未受理
    [accepted] 已受理未立案
    [filed] 已立案未派遣
    [dispatched] 已派遣未处置
    [handling] 处置中
    [returned] 派错退回
    [rework] 核查不过返工
   *[other] { $state }
}{ NUMBER($n) }
board-weeks = 逐周情况
board-week = 周
board-defined = 按期结案率：到期日前结案数占应结案数，不予受理和重复件不计；今天到期的明天计入。中位数：从上报到结案的自然日。
