### 方案编辑页地图周围的面板：网格、问题、历史、草案整体及各对话框。

editor-grids = 网格
editor-problems = 问题
editor-history = 历史
editor-review = 草案
editor-tab = { $tab ->
    [list] 网格
    [problems] 问题
    [history] 历史
   *[review] 草案
  }
editor-accept = 采用
editor-cancel = 取消
editor-close = 关闭
editor-back = 返回
editor-assign = 安排协理员
editor-grid = 网格
editor-new-grid = 新网格
editor-new-grid-title = 新网格
editor-buildings = 楼栋
editor-households = 户数
editor-before = 调整前
editor-after = 调整后
editor-in-band = 是否达标
editor-locked = 已锁定
editor-note = 备注
editor-note-about = 备注（可不填）：为什么调整？
editor-choose-first = 请先选择一个网格：在地图或列表中点选。
editor-range = 规定范围：{ $least }至{ $most }户
editor-band = { $side ->
    [few] 户数偏少
    [many] 户数偏多
    [gone] 撤销
   *[in] 达标
  }
editor-kind = { $kind ->
    [residential] 居住
    [mixed] 混合
    [mall] 商场
    [market] 市场
    [park] 公园
   *[site] 工地
  }
editor-now = { $side ->
    [few] { $grid }现为{ $households }户，户数偏少。
    [many] { $grid }现为{ $households }户，户数偏多。
    [in] { $grid }现为{ $households }户，达标。
   *[other] { $grid }现为{ $households }户。
  }
editor-sentences = {""}
editor-hands = { $households ->
    [0] 没有住户更换协理员。
   *[other] { $households }户更换协理员。
  }
editor-hands-people = 居民{ $people }人

## 全部网格、单个网格及其操作

desk-filter = 按编号、名称或协理员筛选
desk-filter-of = { $filter ->
    [out] 户数超限
    [locked] 已锁定
    [special] 专属
   *[all] 全部
  }
desk-count = { $n ->
    [0] 没有这样的网格。
   *[other] { $n }个网格
  }
desk-borders = 相邻网格
desk-no-borders = 没有相邻的网格。
desk-shared = 共同界线{ $length }
desk-acts = 可做的调整
desk-no-coordinator = 尚未安排协理员
desk-option = { $number } · { $households }户
desk-preview = 预览
desk-save = 保存
desk-asking = 正在测算。
desk-give = 划出楼栋
desk-give-title = 从{ $number }网格划出楼栋
desk-give-to = 划给哪个相邻网格？
desk-merge = 合并
desk-merge-with = 与{ $number }网格合并
desk-merge-title = 合并{ $one }网格和{ $other }网格
desk-merge-title-one = 把{ $number }网格与相邻网格合并
desk-merge-choose = 与哪个相邻网格合并？
desk-divide = 拆分
desk-divide-title = 拆分{ $number }网格
desk-new = 划出新网格
desk-new-title = 从{ $number }网格划出新网格
desk-new-of = 新网格由什么组成？
desk-new-way = { $way ->
    [outline] 轮廓线以内的范围
   *[buildings] 楼栋
  }
desk-new-corners = 轮廓线
desk-new-corners-about = 每行一个角点，先经度后纬度，单位为度；也可粘贴GeoJSON多边形。
desk-new-exact = 精确：沿轮廓线切开空地，但不切楼栋
desk-new-fault = { $fault ->
    [none] 请填写轮廓线的角点。
    [corners] 轮廓线至少要有三个角点。
    [crosses] 轮廓线自相交叉。
    [small] 轮廓线围成的范围太小。
   *[unread] 无法识别：请每行填写一个角点，如116.3912 39.9051，或粘贴GeoJSON多边形。
  }
editor-cuts = 将沿轮廓线切开{ $n }块空地。
desk-parts = 拆成几个网格？
desk-parts-about = 现有{ $households }户；每个网格的目标为{ $target }户。
desk-border-of = { $one }网格与{ $other }网格的界线
desk-follow = 把界线移到道路上
desk-follow-title = 界线移到{ $street }
desk-street-nameless = 无名道路
desk-no-streets = 界线附近没有道路。
desk-also = 其他办法
desk-even = 均衡两个网格的户数
desk-even-title = 均衡{ $one }网格和{ $other }网格
desk-details = 名称、编号、类型
desk-details-title = { $number }网格：名称、编号、类型
desk-details-done = { $number }网格已修改。
desk-name = 名称
desk-name-about = 专属网格或居民有习惯叫法时填写，可留空。
desk-code = 编号
desk-code-about = { $code }的末三位。
desk-code-wrong = 请填写1至999之间的编号。
desk-kind = 类型
desk-kind-about = 专属网格没有户数范围的要求。
desk-lock = 锁定
desk-lock-as = { $lock ->
    [true] 已锁定
    [false] 未锁定
   *[place] 按全区设置
  }
desk-unlock = 解锁

picker-buildings = 楼栋
picker-find = 按名称、地址或编码查找楼栋
picker-all = 全选查到的
picker-none = 请至少勾选一栋楼。
picker-count = 查到{ $found }栋，已选{ $ticked }栋，共{ $households }户

locks-lock-all = 锁定全部网格
locks-unlock-all = 解锁全部网格
locks-all-locked = 全部网格已锁定。
locks-all-unlocked = 全部网格已解锁。

## 不用地图选线，空地，大院

line-how = 怎样分？
line-way = { $way ->
    [parts] 均分成几份
    [street] 沿道路
    [between] 沿两栋楼的中线
    [middle] 从中间一分为二
   *[written] 沿填写的线
  }
line-streets = 网格内的道路
line-within = 网格内长{ $length }
line-halves = { $one } + { $other }户
line-no-streets = 没有道路穿过本网格，请选用其他办法。
line-no-streets-divide = 没有道路能把本网格分成两边，请选用其他办法。
line-one = 这栋楼
line-other = 与这栋楼之间
line-middle = { $way ->
    [upright] 分成东西两半
   *[level] 分成南北两半
  }
line-corners = 分割线
line-corners-about = 每行一个点，先经度后纬度，单位为度；两端自动直线延长。
line-fault = { $fault ->
    [street] 请选择一条道路。
    [same] 请选择位置不同的两栋楼。
    [none] 请填写分割线上的点。
    [corners] 分割线至少要有两个点。
   *[unread] 无法识别：请每行填写一个点，如116.3912 39.9051。
  }
desk-ground = 划出空地
desk-ground-title = 从{ $number }网格划出空地
desk-cut = 切开地块
desk-cut-title = 切开{ $number }网格的地块
desk-compound = 大院
desk-compound-title = { $number }网格内的大院
plots-list = 地块
plots-open = 空地
plots-around = { $building }所在地块
plots-near = 靠近{ $building }
plots-beside = 相邻{ $grids }网格
plots-count = 共{ $found }块，已选{ $ticked }块，{ $area }
plots-none = 本网格的地块上都有楼栋。请改为划出楼栋，或先切开地块。
plots-none-ticked = 请至少勾选一个地块。
cut-ground = 地块
cut-into = 切成
cut-outcome = { $plots ->
   *[other] { $plots }个地块切成{ $pieces }块，各块可以划给不同的网格。
  }
compound-of = { $known ->
    [yes] 要改边界就勾选楼栋，不勾选则边界不变。
   *[no] 请勾选大院内的楼栋，边界就是这些楼栋的地块合在一起。
  }
compound-apart = { $building }与其他楼栋不相连。请把中间的楼栋也勾上，或不选这一栋。
compound-holds = { $buildings }栋楼，{ $households }户。
compound-stays = 边界不变：{ $buildings }栋楼，{ $households }户。
compound-keeps = 大院不会被网格分割：下次导入起，院内地块一并调整。

## 地图上的数字卡片

card-figure = { $name ->
    [deviation] 偏差
    [buildings] 楼栋
    [walk-m] 平均步行
   *[compactness] 紧凑度
  }
card-was = { $value } →
card-more = 更多数字

## 问题

problems-title = { $n ->
    [0] 没有问题
   *[other] { $n }个问题
  }
problems-kinds = 问题类型
problems-all = 全部
problems-kind = { $kind ->
    [grid_in_pieces] 不连通
    [community_crossed] 跨社区
    [compound_divided] 大院被分割
    [out_of_band] 户数超限
    [walk_too_far] 步行过远
    [vacancy] 空岗
    [code_missing] 缺编号
   *[other] 其他
  }
problems-next = 下一个问题
problems-previous = 上一个问题
problems-at = 第{ $at }个问题，共{ $n }个。{ $sentence }
problems-earlier = 显示前面{ $n }个
problems-later = 显示更多（还有{ $n }个）
problems-none = 没有问题
problems-none-about = 每个网格都连成一片、户数达标，没有大院被分割，也都安排了协理员。
problems-changed = 解决{ $mended }个，新增{ $fresh }个，还剩{ $left }个。
problems-mend = 修复建议
problems-open-grid = 打开网格
problems-proposals = 各条建议
problems-proposal = 第{ $at }条建议，共{ $n }条
problems-moves = { $households }户
problems-no-proposal = 没有找到修复办法
problems-no-proposal-about = 小幅调整无法解决。可以解锁相邻网格，或手动移动界线。

## 历史

history-kind = { $kind ->
    [split] 自动划分
    [rebalance] 均衡调整
    [import] 导入
    [layer] 导入网格图层
    [merge] 合并网格
    [divide] 拆分网格
    [draw] 绘制网格
    [cut] 切分地块
    [move] 移动界线
   *[other] 修改
  }
history-change = { $attribute ->
    [name] 修改名称
    [code] 修改编号
    [kind] 修改类型
    [planned] 安排协理员
    [locked] 锁定
    [unlocked] 解锁
   *[other] 修改网格
  }
history-street = 界线移到{ $street }
history-act = { $act ->
    [repair] 按建议修复
    [rebalance_pair] 均衡两个网格
    [give] 划出楼栋
   *[follow_street] 界线移到道路
  }
history-undo = 撤销
history-redo = 恢复
history-restore = 回到第{ $version }版
history-of = { $what }：{ $of }
history-households = { $households }户
history-undone = 已撤销
history-now = 当前
history-compare = 比较两版
history-choose-two = 请选择要比较的两个版本。
history-state = 第{ $version }版与当前的差别
history-state-said = 第{ $version }版：{ $moves ->
    [0] 与当前相同
   *[other] 与当前有{ $moves }处住户归属不同
  }。
history-jump = 回到这一版
history-jumped = 草案已回到第{ $version }版。撤销可找回刚才的内容。
history-between = 第{ $older }版与第{ $newer }版
history-between-said = 第{ $older }版与第{ $newer }版之间：{ $moves ->
    [0] 没有差别
   *[other] { $moves }处住户归属不同
  }。
history-buildings = 涉及哪些楼栋？
history-moved = { $n ->
    [0] 没有楼栋变动。
   *[other] 共{ $n }栋，{ $households }户
  }
history-moved-way = { $from } → { $to }
history-same = 两版相同。
history-way = 原网格 → 现网格
history-to = 到
history-none = 无
history-plots = { $plots }个地块
history-changed = { $grid }网格{ $attribute ->
    [name] 名称
    [code] 编号
    [kind] 类型
    [own_lock] 锁定
   *[planned] 协理员
  }：{ $was } → { $now }
history-recut = 两个版本之间切开过地块，该处楼栋的归属变化见下方列表。
history-next-note = 下一次调整的备注
history-undo-what = 撤销：{ $what }
history-redo-what = 恢复：{ $what }

## 安排协理员

assign-title = { $number }网格由谁负责？
assign-about = 共{ $households }户。方案发布后生效。
assign-find = 查找协理员
assign-none = 没有这个姓名的协理员。
assign-nobody = 不另行安排
assign-stays = 该编号网格现由{ $name }负责，继续负责。
assign-nobody-about = 该网格将空岗。
assign-load = { $grids ->
    [0] 暂无网格
   *[other] { $grids }个网格，{ $households }户
  }
assign-load-then = 安排后{ $households }户
assign-save = 确定
assign-done = 已安排{ $name }负责{ $number }网格。
assign-done-nobody = { $number }网格不再安排协理员。

## 颜色的含义

colour-by = 着色依据
colour-way = { $way ->
    [load] 户数
    [coordinator] 协理员
    [vacancy] 空岗
   *[compactness] 紧凑度
  }
colour-said = 地图现按{ $way ->
    [load] 户数
    [coordinator] 协理员
    [vacancy] 空岗
   *[compactness] 紧凑度
  }着色。
colour-nobody = 无人负责
colour-vacant = 空岗
colour-held = 有协理员
colour-grids = { $n }个网格
colour-more = 另有{ $n }人
colour-ribbon = 狭长
colour-circle = 紧凑

## 同时修改

conflict-title = 有人改了同一处
conflict-about = 在您的调整保存之前，{ $people }改了同一处。尚未覆盖任何内容，请选择以谁的为准。
conflict-about-somebody = 在您的调整保存之前，同一处已被改动。尚未覆盖任何内容，请选择以谁的为准。
conflict-on-map = 地图显示
conflict-version = { $version ->
    [theirs] 对方的
    [mine] 我的
   *[chosen] 按下面的选择
  }
conflict-pin = 双方都改动的第{ $number }处
conflict-piece = { $from }网格的{ $n }个地块，{ $households }户
conflict-to = 归{ $number }网格
conflict-theirs-as = { $known ->
    [no] 对方：{ $what }
   *[yes] { $who }：{ $what }
  }
conflict-mine-as = 我：{ $what }
conflict-attribute = { $number }网格{ $attribute ->
    [name] 名称
    [code] 编号
    [kind] 类型
    [own_lock] 锁定
   *[planned] 协理员
  }
conflict-grid-gone = { $number }网格
conflict-stands = { $whose ->
    [theirs] 按对方的
   *[yours] 按我的
  }
conflict-go-to = 查看第{ $number }处
conflict-all-theirs = 全部以对方为准
conflict-all-mine = 全部以我为准
conflict-cannot = 不能这样选择：{ $why }
conflict-hint = 以您为准的部分会在对方的基础上再做一次，之后人人都可以撤销。
conflict-settle = 确定
conflict-said = 冲突：您的调整与他人的调整有{ $n }处不同。
conflict-settled = { $mine ->
    [0] 已保留对方的调整，放弃您的调整。
   *[other] { $theirs ->
        [0] 已重做您的调整。
       *[other] 共{ $all }处，其中{ $mine }处以您为准，其余保留对方的。
    }
  }

## 页面顶部

state-people = 同时在线：{ $names }
state-menu = 更多
state-locks = 锁定
state-export = 导出
state-export-as = { $format ->
    [gpkg] GeoPackage
    [qgis] 带样式的GeoPackage（用于QGIS）
    [shp] Shapefile
    [kml] KML
   *[geojson] GeoJSON
  }
find-went = 地图已显示{ $what }。

## 快捷键

help-title = 快捷键
help-group = { $group ->
    [tools] 地图工具
    [grids] 选中的网格
    [find] 查找
    [history] 撤销与恢复
   *[answer] 应答
  }
help-act = { $act ->
    [select] 选择
    [border] 移动界线
    [paint] 涂选地块
    [draw] 绘制网格
    [split] 画线拆分
    [give] 划出楼栋
    [merge] 合并
    [lock] 锁定或解锁
    [assign] 安排协理员
    [run] 拆成几个
    [find] 查找
    [problem-next] 下一个问题
    [problem-previous] 上一个问题
    [undo] 撤销
    [redo] 恢复
    [accept] 采用
    [cancel] 取消
    [step] 逐个地块移动界线
   *[help] 显示快捷键
  }
help-singles = 启用单字母快捷键
help-singles-about = 使用语音输入或容易误按时可关闭。Ctrl+Z、回车键和Esc键不受影响。

## 草案整体

review-vacant = 未安排协理员
review-title = 审核
review-about = 请领导审核草案。答复之前，草案不再改动。
review-open = 审核页面

## 为什么不能修改

standing-no-draft = { $state ->
    [published] 该方案已发布，不能改动。请在副本上修改。
   *[retired] 该方案已停用，不能改动。请在副本上修改。
  }
standing-submitted = { $stage ->
    [approved] 草案已获批准，不再改动。
   *[waiting] 领导正在审核该草案，期间不能改动。
  }
standing-copy = 复制为草案
