# 地图上的未结隐患
hazards-map-layer = 隐患（未结）
hazards-map-mark = { $kind ->
    [fire] 火
    [gas] 气
    [stove] 煤
    [electric] 电
    [e_bike] 车
    [exit] 堵
    [structure] 房
    [building_site] 工
    [street] 路
    [waste] 垃
    [noise] 噪
    [other] 他
   *[unnamed] -
  }
hazards-map-legend = 未结隐患
hazards-map-ring = 外圈：超期
hazards-map-many = 多件
hazards-map-late-count = 超期
hazards-map-here = { $n ->
    [1] 未结隐患
   *[other] 此处未结隐患 { $n } 件
  }
hazards-map-point = 地图上的点
hazards-map-due = 限期 { $at }
hazards-map-late-since = 自 { $at } 起超期
hazards-map-open = 打开案件
hazards-map-back = 返回
