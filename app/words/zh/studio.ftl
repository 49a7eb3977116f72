### 划分工作台：划分要求、前后对比地图、草案A、B、C。

studio-map = 前后对比地图
studio-map-named = { $side ->
    [before] 调整前地图
   *[after] 调整后地图
  }
studio-sheet = 设置或结果
studio-wishes = 设置
studio-outcome = 结果

## 规模
studio-section-size = 规模
studio-size = { $size ->
    [own] 自定
   *[coordinators] 按协理员人数
  }
studio-coordinators = 协理员人数
studio-share = 每人约{ NUMBER($target) }户（{ NUMBER($least) }–{ NUMBER($most) }）
studio-gauge = { NUMBER($least) }至{ NUMBER($most) }户
studio-gauge-now = 现有{ NUMBER($all) }个网格中有{ NUMBER($n) }个在此范围内

## 均衡依据
studio-section-weights = 均衡依据
studio-weights-label = 各网格之间均衡
studio-weights = { $name ->
    [households] 户数
    [buildings] 户数和楼栋
    [area] 户数和面积
   *[own] 自定公式
  }
studio-formula = 公式
studio-formula-about = 可用数字、+ - * / 和括号，以及 households（户数）、buildings（楼栋）、area_ha（公顷）、min、max。
studio-weights-unit = 下限和上限按此公式计：{ $formula }

## 界线
studio-section-lines = 界线
studio-lines-about = 划分时如何对待以下各类界线。
studio-lines-now = { NUMBER($n) ->
    [0] 默认
   *[other] 改动{ $n }项
  }
studio-line = { $line ->
    [arterial] 主干路
    [secondary] 次干路
    [local] 支路
    [river] 河流
    [rail] 铁路
    [compound] 小区围墙
   *[administrative] 行政界线
  }
studio-way = { $way ->
    [never] 不得跨越
    [follow] 尽量沿用
    [free] 不考虑
    [avoid] 尽量避开
   *[usual] 默认
  }
studio-compounds = 小区尽量整体划入一个网格

## 固定内容
studio-section-fixed = 固定
studio-fixed-now = { NUMBER($n) ->
    [0] 无
   *[other] { $n }项
  }
studio-fixed-none = 尚无固定内容。点选左侧现行网格可将其锁定，也可设置种子点或绘制专属网格。
studio-locked = 保留已锁定的网格和楼栋
studio-locked-about = 与现行方案一致。
studio-keep-special = 保留现行方案中的专属网格
studio-seed-set = 设置种子点
studio-seed-number = 种子点{ $n }
studio-seed-how = 在地图上点选，每点自成一个网格，可设多个。
studio-special-draw = 绘制专属网格
studio-special-number = 专属网格{ $n }
studio-special-kind = 专属网格类型
studio-special-name = 名称
grid-kind = { $kind ->
    [mall] 商场
    [market] 市场
    [park] 公园
   *[site] 工地
  }
studio-polygon-how = { NUMBER($corners) ->
    [0] 依次点选各个角点。
    [one] 已有1个角点，请点选下一个。
    [2] 已有2个角点，至少还需1个。
   *[other] 已有{ $corners }个角点。再次点选第一个角点或按回车键闭合。
  }
studio-polygon-fault = { $fault ->
    [corners] 至少需要三个角点。
    [crosses] 边线相交，请撤销上一个角点。
   *[small] 范围太小，请把角点设得远一些。
  }
studio-here = 设在中心
studio-corner-back = 撤销角点
studio-close = 闭合
studio-give-up = 放弃
studio-ready = 完成
studio-lock-grid = 锁定此网格
studio-unlock-grid = 解锁此网格
studio-lock-building = 锁定{ $name }
studio-unlock = 解锁{ $name }
studio-remove = 删除{ $name }

## 微网格及其他
studio-section-micro = 微网格
studio-micro-about = 在每个网格内再分小格，供楼栋长和志愿者使用。
studio-micro-make = 每个网格再划分微网格
studio-micro-none = 不设
studio-seed-now = 随机种子{ $n }

## 开始
studio-start = 划分为草案{ $slot }
studio-besides = 未列入A、B、C的草案
studio-replaces = { $plan }将从{ $slot }移出，仍保留在已停用方案中。
studio-busy = 此区域正在划分。
studio-other-runs = 此区域有其他任务正在进行，完成后再划分。
studio-fault = { $fault ->
    [coordinators] 请填写协理员人数，至少1人。
    [band] 目标应介于下限和上限之间，均为整数。
    [formula] 请填写公式，或在上方选择一个。
    [micro] 下限不得大于上限，均为整数。
   *[seed] 随机种子须为不小于0的整数。
  }

## 前后对比
studio-look-at = 查看
studio-both = 对比
studio-divider = 前后对比分隔线
studio-divider-at = 地图左侧{ $percent }%为调整前，其余为调整后
studio-plots = 尚无方案，仅显示地块

## 结果
studio-drafts = 草案
studio-slot = { NUMBER($grids) }个 · { $percent }
studio-slot-empty = 空
studio-slot-loading = …
studio-empty = 草案{ $slot }为空
studio-empty-beside = 选好设置后开始划分，结果将在此与现行方案并列。
studio-empty-first = 尚无网格。可将此区域划分为约{ NUMBER($n) }个网格，每个{ NUMBER($target) }户。
studio-was = 调整前{ $value }
studio-of-grids = { NUMBER($all) }个中的{ NUMBER($n) }个
studio-street = 沿路、沿河、沿铁路
studio-round = 紧凑度
studio-worst = 偏差最大的五个
studio-worst-in-band = 全部达标；以下几个离目标最远
studio-hands = 归属变动
studio-hands-share = 占{ $percent }，涉及{ NUMBER($buildings) }栋楼
studio-flow = 增减
studio-beside = 草案对照
studio-in-force = 现行
studio-moved = 变动户数
studio-affected = 涉及协理员
studio-best = 最优
studio-load = {" "}· 工作量{ $load }
studio-told = { $code ->
    [grids_forced] 共划出{ $made }个网格，不是{ $wanted }个：有些片区互不相连，只能划成这个数目。
    [entrances_unmarked] 没有按单元划分任何楼栋：尚未标记楼栋。
    [entrances_whole] 有{ $count }栋已标记的楼未能按单元划分：已锁定、单元已不再明确、户数对不上，或某个单元会与自己的地块隔开。
    [compounds_divided] 有{ $count }个小区未能整体划入一个网格：户数超过一个网格的上限、被界线隔开，或含多个种子点或锁定网格。
   *[other] 有的要求未能全部满足（{ $code }）。
  }
