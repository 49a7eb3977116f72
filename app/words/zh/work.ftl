### 后台任务，以及管理员的工作流程：导入、划分、方案、对比、发布。

## 任务
work-cancel = 取消
work-waiting = 正在排队
work-leave-page = 可以离开本页，任务会继续，回来还能看到。
work-step = { $step ->
    [reading] 正在读取文件
    [reporting] 正在整理报告
    [cutting] 正在逐街坊切分地块
    [preparing] 正在读取地块
    [snapping] 贴合到地块
    [dividing] 正在划分网格
    [balancing] 正在寻找改动最少的方案
    [storing] 正在保存
   *[starting] 正在启动
  }
work-left-seconds = 还需约{ $n }秒
work-left-minutes = 还需约{ $n }分钟

## 导入：选择文件
import-title = 导入
import-about = 导入一个区的楼栋和道路。存入之前，您会先看到读取结果。
import-choose = 选择文件，或拖到这里
import-formats = 支持 GeoPackage、OpenStreetMap 数据（.osm.pbf、.osm）、GeoJSON、Shapefile 压缩包、KML、KMZ；每个不超过 { $mb } MB
import-layers = 必须有楼栋；有了道路，网格界线会更合理。可以一个文件包含全部图层，也可以每个图层一个文件：楼栋、道路、边界、水系、铁路、大院、行政区划、绿地、大楼的单元。
import-sending = 正在上传……
import-waiting = 等您处理
import-waiting-about = 已经读取、尚未导入也未放弃的文件，一天后自动删除。
import-state = { $state ->
    [received] 正在读取
    [read] 已读取，未导入
   *[refused] 无法读取
  }
import-too-large = { $file } 超过 { $mb } MB。请分成几部分上传，或请系统管理员在服务器上导入。
import-too-many = 选择的文件超过{ $most }个。每个图层一个文件即可。
import-megabytes = { $n } MB
import-step-files = 文件
import-step-report = 报告
import-step-place = 辖区
import-step-done = 导入
import-reading = 正在读取您的文件
import-importing = 正在导入
import-cancelled = 任务已取消，没有保存任何内容。
import-not-read = 文件还没有读取。
import-refused-title = 这些文件暂时不能用
import-refused-about = 没有保存任何内容。请改好文件再上传，或在下面换一种方式读取。
import-other-files = 换其他文件
import-discard = 放弃
import-gone = 这些文件已删除
import-layer = { $layer ->
    [buildings] 楼栋
    [streets] 道路
    [boundary] 边界
    [water] 水系
    [railways] 铁路
    [compounds] 大院
    [admin] 行政区划
    [entrances] 单元
   *[green] 绿地
  }

## 导入：报告
report-title = 读取结果
report-nothing-stored = 现在还没有存入任何内容。请先看一看，再选择导入到哪个辖区。
report-buildings = 楼栋
report-households = 户数
report-area = 面积
report-outline = 边界
report-outline-from = { $source ->
    [file] 来自文件
    [named] 按名称找到
    [extent] 指定的范围
   *[derived] 按楼栋外围画出
  }
report-source = { $source ->
    [register] { NUMBER($buildings) }栋楼，登记户数{ NUMBER($households) }户
    [estimate] { NUMBER($buildings) }栋楼，按建筑面积估算{ NUMBER($households) }户
   *[imported] { NUMBER($buildings) }栋楼，文件所载{ NUMBER($households) }户
  }
report-areas = { $level ->
    [district] { $n }个区
    [subdistrict] { $n }个街道
    [community] { $n }个社区，网格不会跨越社区边界
   *[other] { $n }个“{ $level }”级行政区划
  }
report-no-areas = 文件里没有社区，网格在整个辖区内统一编号。
report-rows-said = 修正{ $mended }行，未采用{ $refused }行，原因见下表。
report-rows-sound = 所有行都原样采用。
report-drawing = 示意图
report-drawing-about = 楼栋压在路上或水里，说明坐标有偏移：请换一个坐标基准重新读取。
report-rows-title = 逐行结果
report-layer = 图层
report-column = { $name ->
    [rows] 行数
    [taken] 采用
    [mended] 修正
    [refused] 未采用
   *[kept] 辖区内可用
  }
report-count = 行数
report-row = 哪些行
report-why = 原因
report-what = 项目
report-before = 原来
report-after = 改为
report-file = 整个文件
report-all-rows = 全部
report-refused-rows = 未采用的{ $n }行
report-mended-rows = 修正{ $n }处
report-notes = 读取时的{ $n }条说明
mend-what = { $what ->
    [shape] 形状
    [code] 编码
    [name] 名称
    [level] 级别
    [households] 户数
    [encoding] 文字编码
    [datum] 坐标基准
    [heights] 高程
    [ring] 边线
    [geometry-type] 图形类型
    [coordinate-system] 坐标系
    [hairline-gaps] 细缝
    [shx-index] .shx 索引
    [shp-length] .shp 长度
   *[other] { $what }
  }

## 导入：换一种方式读取
reading-otherwise = 换一种方式读取
reading-again = 重新读取
reading-left-out = 不用
reading-several = 多个图层
reading-datum = 坐标基准
reading-datum-about = 国内网络地图的坐标是偏移过的。
reading-datum-name = { $name ->
    [wgs84] WGS-84
    [cgcs2000] CGCS2000
    [gcj02] GCJ-02（火星坐标）
   *[bd09] BD-09（百度坐标）
  }
reading-crs = 坐标系
reading-crs-about = 文件没写或写错时才填，例如 EPSG:4547
reading-encoding = 文字编码
reading-encoding-about = 名称乱码时才填，例如 gb18030
reading-place = 区域名称
reading-place-about = OpenStreetMap 文件中要作为本区的区域
reading-column = 户数所在列
reading-column-about = 没有自动找到时才填
reading-household-m2 = 每户面积（平方米）
reading-household-m2-about = 需要估算户数时使用
reading-registered = 户数来自户籍登记

## 导入：归属
place-title = 导入到哪个辖区
place-known = 已有的辖区
place-which = 辖区
place-same-ground = { $name }（同一范围）
place-again-about = 已不存在的楼栋会停用，草案会移到新的地块上；现行方案不变。
place-new = 新的辖区
place-code = 区划代码
place-code-about = 区6位，街道9位，社区12位
place-name = 名称
place-attribution = 数据来源
place-attribution-about = 显示在地图上，例如测绘部门的名称。OpenStreetMap 文件会自动注明。
place-import = 导入
place-none = 您还没有管理的辖区。请系统管理员授予网格管理员角色。

## 导入：完成
done-title = 已导入
done-new = 已存入系统，并切分成地块。
done-again = 已更新，这是第{ $version }版地块。
done-buildings = 楼栋
done-plots = 地块
done-compounds = 大院
done-places = 辖区
done-split = 划分网格
done-manager = 接下来由网格管理员划分网格。请为本辖区安排一名网格管理员。
done-map = 看地图
changes-title = 有哪些变化
changes-new = 新增楼栋
changes-changed = 有改动
changes-gone = 已消失
changes-same = 不变
changes-households = 户数
changes-plots = { NUMBER($carried) }个地块不变，新增{ NUMBER($fresh) }个，消失{ NUMBER($dropped) }个。
changes-draft = 草案“{ $name }”：并入{ $plots }个新地块，{ $grids }个网格有变化。
changes-no-drafts = 没有需要迁移的草案。
changes-places-gone = 文件里已没有这些辖区：{ $codes }。它们会保留，但没有新的地块。
changes-rows = { $n }栋楼的明细
changes-building = 楼栋
changes-what = 变化
changes-was = 原户数
changes-is = 现户数
changes-kind = { $kind ->
    [new] 新增
    [gone] 消失
   *[changed] 改动
  }

## 划分
split-title = 划分
split-nothing = 还没有可划分的辖区
split-nothing-about = 请先导入一个区的楼栋和道路。
split-import-runs = 本辖区正在导入，完成后再划分。
split-place = 辖区
split-band-title = 每个网格的户数
split-band = { $target }（{ $least }–{ $most }）
split-target = 目标
split-least = 最少
split-most = 最多
split-more = 更多
split-seed = 随机种子
split-seed-about = 同一个种子得到同样的网格；换一个试试别的分法。
split-expected = { $households }户，约{ $n }个网格
split-no-plan = 这里还没有现行方案。
split-running = 正在划分{ $place }
split-cancelled = 已取消，没有保存任何内容。
split-done = { $n }个网格已生成草案。
split-map = 在地图上看

## 方案
plans-title = 方案
plans-about = 草案、现行方案，以及以前的方案。
plans-new = 重新划分
plans-no-place = 还没有辖区
plans-no-place-about = 由网格管理员导入第一个区。
plans-none = 还没有方案
plans-none-manager = 可以划分成约{ $n }个{ $target }户的网格。
plans-none-other = 网格管理员会把这里划分成约{ $n }个{ $target }户的网格。
plans-name = 方案
plans-state = 状态
plans-made = 生成
plans-pick = 选择“{ $name }”作对比
plans-compare = 对比两个方案
plans-compare-about = 勾选两个方案。
plans-old-ground = 基于较早的导入
plans-discard = 放弃
plans-discarded = “{ $name }”已放弃，在停用方案中仍可查看。
plan-named = { $name }，{ $day }
plan-grids = 网格
plan-in-band = 达标
plan-out-of-band = 超限
plan-households = 户数
plan-band = 目标
plan-spread = 各网格户数分布
plan-no-reason = 原因不明
plan-reasons = { $n }个网格超限的原因

## 对比
compare-title = 前后对比
compare-about = { $before } 与 { $after }
compare-first = { $after }。这里还没有现行方案，这将是第一个。
compare-alone = { $after }，此前没有方案。
compare-before = 调整前
compare-after = 调整后
compare-only = 方案
compare-figures = 方案数据
compare-changes = 有哪些变化
compare-nothing = 没有可对比的方案，所有网格都是新的。
compare-households-moved = 更换网格的户数
compare-buildings-moved = 更换网格的楼栋
compare-kept = 保留网格
compare-new = 新增
compare-void = 撤销
compare-other-ground = 两个方案之间重新导入过，变化了的地块按所在位置对比。
compare-people = { $n ->
    [0] 没有协理员受影响
   *[other] { $n }名协理员的网格有变化
  }
compare-nobody = 每名协理员负责的住户都不变。
compare-person = 协理员
compare-grids = 网格
compare-was = 原来
compare-will = 之后
compare-ends = 不再负责 { $codes }
compare-table = { $n }个网格有变化
compare-grid = 网格
compare-gets = 划入
compare-gives = 划出
compare-flow = { $buildings }栋{ $households }户
compare-flow-untold = { $buildings }栋（户数不公布）
compare-coordinator = 现任协理员
compare-state = { $state ->
    [new] 新增
    [void] 撤销
   *[kept] 保留
  }
compare-all = 显示全部{ $n }个

## 发布
publish-act = 发布
publish-sure = 发布{ $place }的这个方案？
publish-affects = { $buildings }栋楼、{ $households }户更换网格；{ $people ->
    [0] 没有协理员受影响。
   *[other] { $people }名协理员的网格有变化。
  }
publish-first = { $grids }个网格、{ $households }户将生效；安排协理员之前都是空岗。
publish-for-good = 方案发布后不能撤回，也不能修改，只能由以后的方案代替。
publish-not = 先不发布
publish-yes = 发布

## 导入报告中的说明
remark-layer-read = { $file }：图层“{ $layer }”作为{ $role ->
    [buildings] 楼栋
    [streets] 道路
    [boundary] 边界
    [water] 水系
    [railways] 铁路
    [compounds] 大院
    [admin] 行政区划
    [entrances] 单元
   *[green] 绿地
  }读取，{ $rows }行。
remark-columns-found = { $file }，图层“{ $layer }”：{ $columns }。
remark-encoding-stated = { $file }：按 { $said_by } 所写，文字编码为 { $encoding }。
remark-encoding-found = { $file }：文字按 { $encoding } 读取（{ $stated } 不符）；请抽查几个名称。
remark-byte-order-mark = { $file } 开头有字节顺序标记，已跳过。
remark-transformed = { $file }，图层“{ $layer }”：已从 { $crs } 转换。
remark-crs-replaced = { $file }，图层“{ $layer }”：按您所选的 { $named } 读取，没有按文件所写的 { $stated }。
remark-crs-kept = { $file }，图层“{ $layer }”：按文件所写的 { $stated } 读取；坐标不可能是您所选的 { $named }。
remark-datum-rough = { $file }：{ $datum } 在没有当地参数的情况下转换，可能相差上百米；请向测绘部门索取参数。
remark-datum-converted = { $file }：已从 { $datum } 纠偏到 WGS-84，移动了几百米。
remark-zero-heights-dropped = { $file }，图层“{ $layer }”：为零的高程已去掉。
remark-codes-made = { $file }，图层“{ $layer }”：没有楼栋编码列，已按行编号。
remark-households-estimated = { $file }：户数为估算。{ $formula }。
remark-footprints-twice = { $file }：{ $count }栋楼与别的楼轮廓相同，首先是{ $row }与{ $other }；都保留。
remark-footprints-overlap = { $file }：{ $pairs }对楼栋互相重叠，重叠的两栋会放在一起。
remark-streets-without-kind = { $file }，图层“{ $layer }”：没有道路等级列，全部当作支路。
remark-street-kinds-unknown = { $file }：不认识的道路等级当作支路：{ $kinds }。
remark-index-missing = { $file } 缺少 .shx 索引，已按记录顺序读取。
remark-rows-deleted = { $file }：{ $count }行标记为已删除，没有采用。
remark-members-ignored = { $file }：压缩包里的其他文件未使用：{ $members }。
remark-boundary-overlaps = { $areas }个边界面互相重叠{ $overlap_m2 }平方米，已合并。
remark-boundary-derived = 没有边界：已在楼栋外约{ $margin_m }米处画出，{ $gap_m }米以内的空隙已补上；共{ $area_ha }公顷、{ $parts }片，{ $joined }片孤立的用窄条连上。最好再上传真实边界。
remark-shapes-incomplete = { $file }：{ $count }个图形超出文件范围，没有采用。
remark-place-incomplete = { $file }：“{ $place }”的边界在文件里不完整，已由其中完整的部分合成：{ $parts }。
remark-buildings-astride = { $count }栋楼跨在边界上；大部分在界内、或约一半在界内且内点在界内的，归入本辖区。
remark-entrances-shared-out = { $count }栋楼的户数已平均分到各单元，因为文件没有写明每个单元的户数。
remark-entrances-moved = { $count }个单元的位置在楼栋轮廓之外（不超过{ $most_m }米），已移入轮廓内。
remark-outline-cut = 边界已按指定范围裁剪：{ $whole_ha }公顷中保留{ $left_ha }公顷。
remark-beyond-outline = { $layer ->
    [buildings] 楼栋
    [streets] 道路
    [water] 水系
    [railways] 铁路
    [compounds] 大院
    [admin] 行政区划
    [entrances] 单元
   *[green] 绿地
  }中有{ $count }行在边界外{ $near_m }米以远，没有采用。
remark-shift-likely = 有 { NUMBER($crossed_share, style: "percent") } 的楼栋压在车行道上；如果把{ $layer ->
    [streets] 道路
   *[buildings] 楼栋
  }从 { $datum } 纠偏，则只有 { NUMBER($crossed_share_after, style: "percent") }。两者的坐标基准很可能不同，请选对坐标基准重新读取。
