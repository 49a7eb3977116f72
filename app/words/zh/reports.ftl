# 月报
bulletin-listing = 月报
bulletin-listing-about = 每月自动生成草案，含数据、地图和中英文文字。管理员可修改文字；定稿后不再改动。
bulletin-title = 月报
bulletin-head = { $place }隐患治理月报
bulletin-all = 全部月份
bulletin-month = 月份
bulletin-state = 状态
bulletin-edited = 最近修改
bulletin-is-final = 已定稿
bulletin-is-draft = 草稿
bulletin-is-proposed = 自动草案，未保存
bulletin-pdf-both = 中英双语PDF
bulletin-days = { $first }至{ $last }
bulletin-counted = 统计于{ $at }
bulletin-final-by = { $who }定稿，{ $at }
bulletin-draft-of = 草稿第{ $version }版，最近由{ $who }修改
bulletin-proposed = 自动草案，尚未修改
bulletin-summary = 本月概况
bulletin-figures = 主要数据
bulletin-value = 数值
bulletin-former = 上一时段
bulletin-reported = 上报数
bulletin-open-now = 统计时未结案
bulletin-overdue-now = 统计时超期
bulletin-grids = 网格情况
bulletin-plans = 下月打算
bulletin-map-overdue = 各网格超期案件（统计时）
bulletin-map-reported = 本月各网格上报隐患
bulletin-untold = 不显示：不足五户，或据此可推知
bulletin-words = 文字
bulletin-words-about = 换行即另起一段。数字由系统统计，不用手填。
bulletin-save = 保存草稿
bulletin-finish = 定稿
bulletin-finish-about = 定稿后文字、数据和地图保持现在的样子，不再随后续变化。
bulletin-drafted-moved = 本月共上报隐患{ NUMBER($reported) }件，立案{ NUMBER($filed) }件，结案{ NUMBER($closed) }件。
bulletin-drafted-open = 目前未结案{ NUMBER($open) }件，其中超期{ NUMBER($overdue) }件。
bulletin-drafted-on-time = 按期结案率{ $rate }%（应结案{ NUMBER($whole) }件，按期{ NUMBER($part) }件）。
bulletin-drafted-before = 上一时段为{ $rate }%。
bulletin-drafted-median = 已结案件一半在{ $days }天内办结。
bulletin-drafted-kinds = 未结案最多的类别：{ $kinds }。
bulletin-drafted-none-overdue = 各网格均无超期案件。
bulletin-drafted-worst = 超期较多的网格：{ $grids }。
bulletin-drafted-vacant = 有{ NUMBER($n) }个在用网格空岗。
bulletin-drafted-plans = { $overdue ->
    [0] 按期办理未结案件。
   *[other] 先办结{ NUMBER($overdue) }件超期案件，从到期最早的开始。
}
