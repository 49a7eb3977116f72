# 网格和部门考核
assessment-title = 考核
assessment-about = 看各网格、各部门本季度应结案件办得怎么样。上报或结案数量多少不作考核。点击任一数字，可查看未达标的案件。
assessment-by = 按网格或部门
assessment-by-named = { $sort ->
    [office] 按部门
   *[grid] 按网格
}
assessment-named = { $sort ->
    [office] 部门
   *[grid] 网格
}
assessment-no-office = 未填部门
assessment-nothing = 本季度没有应结案件，或没有您的案件。
assessment-appeals = 本区域的申诉在“指标”页答复。
assessment-behind = { $key }，{ $quarter }：未达标的案件。
assessment-case = 案件
assessment-reported = 上报
assessment-due = 到期
assessment-closed = 结案
assessment-open = 未结
assessment-reworked = 返工{ NUMBER($n) }次
assessment-reopened = 重开{ NUMBER($n) }次
assessment-most = 只列出前{ NUMBER($n) }件。
assessment-none-behind = 没有未达标的案件。
indicator-case-on-time = 案件按期结案率
indicator-about-case-on-time = 到期日前结案数占应结案数；不予受理和重复件不计。
indicator-case-closed = 案件结案率
indicator-about-case-closed = 目前已结案数占应结案数。
indicator-case-check-passed = 核查一次通过率
indicator-about-case-check-passed = 未被核查退回返工的案件，占已核查案件。
indicator-case-stayed-closed = 结案后未重开率
indicator-about-case-stayed-closed = 结案后没有重开的案件，占已结案件。
