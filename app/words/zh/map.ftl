## The map page

map-title = 网格地图
map-canvas = 地图。方向键移动，加减键缩放，回车键选中地图中央的网格；选中后用方向键转到相邻网格，Esc键返回。
map-where = 选择辖区和方案
map-places = 辖区
map-place-filter = 筛选辖区
map-place-none = 没有这个名称或编码的辖区。
map-plans = 方案
map-no-place = 还没有辖区
map-no-plan = 还没有方案
map-plan-state = { $state ->
    [published] 已发布
    [draft] 草案
   *[retired] 已停用
  }
plan-numbered = 方案{ $number }
map-plan-about = { $grids }个网格，{ $day }
map-status = { $plan }（{ $state }）· 第{ $version }版 · { $day }
map-level = { $level ->
    [district] 区
    [subdistrict] 街道
   *[community] 社区
  }

## Tools

map-layers = 图层
map-layer = { $layer ->
    [grids] 网格（按户数偏差着色）
    [labels] 网格编号和协理员
    [buildings] 楼栋
    [micro] 微网格
    [plots] 地块
    [compounds] 大院
   *[names] 道路、水系和地名
  }
map-layers-near = 楼栋、地块、大院和微网格在放大后显示。
map-whole = 显示整个辖区
map-closer = 放大
map-farther = 缩小
map-coordinates = 坐标
map-scale = 比例尺：{ $length }
map-side = 网格
map-side-width = 面板宽度
map-side-close = 收起面板
map-side-wide = 增减表格列
map-side-open = 网格列表
map-sheet = 展开或收起面板

## Legend

map-legend = 每个网格的户数
map-legend-band = 目标{ $target }户，范围{ $least }至{ $most }户。斜线：户数超限。
map-range-open = { $fewest }以上
map-range-below = { $most }以下
map-in-band = 达标
map-nobody = 无人居住
map-nobody-short = 无住户
map-rental-compound = 出租大院
map-micro-grid = 微网格：编号 · 户数
map-few = 不足5户
households-untold = 不公布
households-untold-about = 此处不足5户，具体户数只有管理此地的人可见。
job-refused = 未能完成。原因由提出者和当地管理人员查看。
map-in-fives = 户数以5为单位。
counts-in-fives = 数字以5为单位：取上下相邻的5的倍数，任何两个数相减都不会涉及不足5户。管理台账或划分网格的人看到的是原数。

## Search

map-search = 查找网格、楼栋、地址
map-search-about = 查找网格、楼栋、地址、大院、道路或辖区。按 / 键可直接到这里。
map-found = 查找结果
map-found-kind = { $kind ->
    [grids] 网格
    [places] 辖区
    [compounds] 大院
    [buildings] 楼栋
   *[streets] 道路
  }
map-found-nothing = 这里没有叫“{ $words }”的。可以试试名称的一部分、路名，或编码的后几位。

## List of grids

map-grids = 全部网格
map-grid-count = { $n }个网格
map-filter = 显示哪些网格
map-filter-of = { $filter ->
    [out] 户数超限
    [vacant] 空岗
   *[all] 全部
  }
map-filter-range = { $from }至{ $to }户
map-filter-words = 按编码或协理员筛选
map-filter-nothing = { $filter ->
    [out] 所有网格户数都达标。
    [vacant] 所有网格都有协理员。
   *[words] 没有这个编码或协理员的网格。
  }
map-column = { $column ->
    [code] 网格
    [households] 户数
    [deviation] 偏差
    [buildings] 楼栋
    [area_m2] 面积（公顷）
    [compactness] 紧凑度
   *[coordinator] 协理员
  }
map-column-about = { $column ->
    [code] 按编码排序
    [households] 按户数排序
    [deviation] 按偏离目标的程度排序
    [buildings] 按楼栋数排序
    [area_m2] 按面积排序
    [compactness] 按紧凑度排序：1为圆形，接近0为细长条
   *[coordinator] 按协理员排序
  }

## Nothing here yet

map-empty-place = 还没有辖区
map-empty-place-manager = 请导入本区的楼栋和道路，或请系统管理员载入演示数据。
map-empty-place-other = 需要先由网格管理员导入本区数据，请联系负责您辖区的管理员。
map-import = 导入辖区数据
map-empty-plan = 还没有方案
map-empty-plan-manager = 可将{ $place }划分为约{ $grids }个网格，每个约{ $target }户。楼栋不会被切分，发布之前不会生效。
map-empty-plan-other = { $place }约可划分为{ $grids }个网格，每个约{ $target }户。本辖区的网格管理员可以制定方案。
map-split = 划分为约{ $grids }个网格

## When something does not come

map-again = 再试一次
map-tiles-late = 服务器较忙，地图显示稍慢，会自动继续。
map-tiles-refused = 这部分地图您无权查看，或已被移除。请选择其他方案或辖区。

## One grid

grid-back = 全部网格
grid-link = 复制链接
grid-link-copied = 已复制当前视图的链接。
grid-title = { $number }网格
grid-households = { $n }户
grid-target = 目标{ $target }户
grid-out = { $side ->
    [few] 户数偏少
   *[many] 户数偏多
  }
grid-load = { $households }户；范围为{ $least }至{ $most }户。
grid-histogram = { $grids }个网格的户数分布；范围为{ $least }至{ $most }户。
grid-histogram-axis = 横轴为网格户数，柱上数字为网格个数。
grid-histogram-former = 虚线为调整前
grid-histogram-step = { $from }至{ $to }户：{ $grids }个网格
grid-figure = { $name ->
    [buildings] 楼栋
    [area] 面积
   *[compactness] 紧凑度
  }
grid-unmeasured = 尚未测量
grid-coordinator = 协理员
grid-coordinator-draft = 方案发布后再安排协理员。
grid-vacant = 空岗
grid-vacant-since = 自{ $day }起空岗，由网格管理员安排协理员。
grid-duty = { $kind ->
    [deputy] 自{ $day }起代理
   *[primary] 自{ $day }起负责
  }
grid-no-phone = 未登记办公电话
grid-neighbours = 相邻网格
grid-compounds = 大院
grid-micro-grids = 微网格
grid-micro-title = 微网格{ $number }
grid-micro-buildings = { $n }栋楼
grid-border-title = 界线
grid-border = 全长{ $length }，其中{ $share }沿道路、水系、铁路和围墙
grid-sources-title = 户数来源
grid-source = { $source ->
    [register] 登记户数{ $n }户
    [estimate] 估算户数{ $n }户
   *[imported] 导入户数{ $n }户
  }
grid-buildings = 楼栋
grid-order = 排序
grid-order-by = { $column ->
    [address] 按地址
    [households] 按户数从多到少
   *[code] 按编码
  }
grid-more = 显示更多
list-comma = 、

compound-kind = { $kind ->
    [rental-compound] 出租大院
    [urban-village] 城中村
    [estate] 花园小区
    [work-unit-compound] 单位大院
    [industrial-park] 工业园
   *[other] 大院
  }
