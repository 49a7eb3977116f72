# 专项行动目标
campaigns-title = 行动目标
campaigns-about = 专项行动要在哪一天前达到什么比例、现在进展如何。只统计案件和场所，不涉及个人，也不看工作量。
campaigns-none = 尚无目标
campaigns-none-about = 请在下方设定比例和完成日期。
campaigns-measure = { $measure ->
    [inspected] 场所巡查率
   *[closed] 隐患办结率
    }
campaigns-state = { $state ->
    [reached] 已达标
    [ahead] 进度正常
    [behind] 进度滞后
    [missed] 未达标
    [to-come] 未开始
   *[empty] 暂无可统计数据
    }
campaigns-target = 目标
campaigns-by = { $day }前
campaigns-still-open = 尚未结案的
campaigns-curve = { $name }：每日完成比例及目标线
campaigns-reached = 实际完成
campaigns-aimed = 目标线
campaigns-take-back = 撤销
campaigns-set = 设定目标
campaigns-name-zh = 中文名称
campaigns-name-en = 英文名称
campaigns-of = 指标
campaigns-kind = 隐患类别
campaigns-every-kind = 全部类别
campaigns-target-percent = 目标（%）
campaigns-until = 完成日期
