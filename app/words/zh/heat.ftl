# 隐患热力图
heat-title = 隐患热力图
heat-side = 隐患
heat-place = 区域
heat-view = 显示方式
heat-view-named = { $view ->
    [heat] 热力图
    [grid] 按网格
    [community] 按社区
   *[subdistrict] 按街道
  }
heat-kinds = 类别
heat-kinds-all = 全部类别
heat-severity = 严重程度
heat-severity-named = { $severity ->
    [1] 一般
    [2] 较重
   *[3] 重大
  }
heat-state = 状态
heat-state-named = { $state ->
    [open] 未结案
    [overdue] 超期
    [closed] 已结案
   *[all] 全部
  }
heat-from = 上报起
heat-to = 止
heat-days = 时段
heat-days-named = { $days ->
    [0] 全部
    [30] 30天
    [90] 90天
   *[365] 一年
  }
heat-more = 更多选项
heat-bandwidth = 单个隐患影响范围
heat-measure = 着色依据
heat-measure-named = { $measure ->
    [count] 隐患数
   *[rate] 每千户隐患数
  }
heat-spots = 热点分析（Gi*）
heat-change = 与上一时段对比
heat-change-needs = 对比需要先选起始日期。
heat-meant = { $n ->
    [0] 没有符合条件的隐患
   *[other] { NUMBER($n) }处隐患
  }
heat-none-about = 请换一换类别、状态，或放宽时段。
heat-hottest = 最热地点
heat-hottest-one = 地点{ $number }
heat-hottest-near = { $reach }内{ NUMBER($n) }处隐患
heat-by-kind = 当前未结案（按类别）
heat-kind = 类别
heat-open = 未结案
heat-overdue = 超期
heat-see = { $kind }：{ $n }处{ $state ->
    [overdue] 超期
   *[open] 未结案
  }
heat-sites = 点位
heat-sites-all = 全部点位
heat-sites-here = { $reach }内的点位
heat-sites-none = 这里没有符合条件的隐患，请点按颜色更深处。
heat-sites-more = 另有{ NUMBER($n) }处未列出，请放大地图查看。
heat-site-point = 地图上的一点
heat-case-late = { $day }起超期
heat-case-due = { $day }到期
heat-back = 返回
heat-in-list = 查看案件列表
heat-legend = 每公顷权重
heat-legend-about = 类别×严重程度×超期，范围{ $reach }
heat-legend-wider = 当前比例尺下绘制更宽
heat-legend-change = 每公顷权重比之前增减
heat-legend-count = 隐患数
heat-legend-rate = 每千户隐患数
heat-legend-none = 无
heat-legend-untold = 不足5户或无住户，不显示
heat-legend-hot = 热点
heat-legend-cold = 冷点
heat-legend-spots = 误判率不超过二十分之一（FDR）
heat-legend-same = 持平
heat-legend-n = n = { NUMBER($n) }
heat-time = 时段截止日
heat-play = 播放
heat-pause = 暂停
heat-week = { $day }：{ NUMBER($n) }
heat-no-place = 还没有对您开放的区域，请联系管理员授权。
hazard-file-about = { $place }隐患，{ $day }。标为“withheld”的行所在处不足5户，或据此可推知不足5户之处，不写明位置。全社区不足5户的，不列出。
hazard-file-making = 正在生成：{ $share }。可以离开本页，生成后在此下载。
hazard-file-there = { NUMBER($n) }件隐患，{ $size } MB，保留至{ $until }
