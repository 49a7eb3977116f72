### 系统拒绝时，浏览器里的人看到的话：哪个对象、有什么问题、怎么办。
### app/errors.py 的每个代码（`_` 写作 `-`）一条，所用事实相同。

## 命令与要写出的文件
refusal-same-file = { $file } 用了两次，写入会毁掉另一份。请换一个文件名。
refusal-not-a-geopackage-name = 写出的是 GeoPackage，但 { $file } 不以 .gpkg 结尾。请改名。
refusal-plots-do-not-match = 有{ $count }处地块界线无法拼合。这是本系统的缺陷，请连同文件一起告诉我们。
refusal-level-unknown = 本区没有“{ $level }”一级的行政区划（现有：{ $found }）。请从中选择。
refusal-folder-missing = 没有文件夹 { $folder }，{ $file } 无处可写。请让系统管理员建立，或换一个位置。
refusal-path-is-folder = { $file } 是文件夹，不是文件。请另取文件名。
refusal-not-writable = { $file } 无法写入（{ $why }）。请选一个可以写入的位置。没有任何改动。
refusal-disk-full = 服务器磁盘已满，{ $file } 未能写入。请系统管理员腾出空间后再试。没有任何改动。
refusal-leaflet-missing = { $folder } 处缺少地图程序。请系统管理员重新运行一次安装。
refusal-pages-not-built = 页面文件 { $file } 尚未生成。请系统管理员运行一次安装脚本。

## 上传的文件
refusal-layer-missing =
    { $file } 中没有图层“{ $layer }”（现有：{ $found }）。{ $role ->
        [buildings] 请指明哪个图层是楼栋
        [streets] 请指明哪个图层是道路
        [boundary] 请指明哪个图层是边界
        [water] 请指明哪个图层是水系
        [railways] 请指明哪个图层是铁路
        [compounds] 请指明哪个图层是大院
        [green] 请指明哪个图层是绿地
        [entrances] 请指明哪个图层是单元
       *[admin] 请指明哪个图层是行政区划
    }，或者单独上传一个文件。
refusal-grids-column-missing = { $file } 的图层 grids 没有列“{ $column }”（现有：{ $found }）。请给每个网格写明编码和户数。
refusal-grids-count-unreadable = { $file } 的图层 grids 第{ $row }行的户数是“{ $found }”，不是整数。请在原文件中改正。
refusal-grids-crs-unknown = { $file } 没有说明网格所用的坐标系，或坐标系与网格不符。请连同坐标系一起导出。
refusal-certificate-unreadable = { $file } 不是本软件的合格证，或已损坏。请使用原样导出的文件。
refusal-file-missing = { $file } 已经不在了。请重新选择文件。
refusal-file-unreadable = 无权读取 { $file }。请文件所有者开放权限，或上传一份副本。
refusal-file-empty = { $file } 是空文件。请重新导出。
refusal-file-open-elsewhere = { $file } 还有改动没有存进去：上传时它正被别的程序打开。请先在那边关闭，再上传。
refusal-file-too-large = { $file } 有 { $size_mb } MB，最多允许 { $most_mb } MB。请分成几部分上传。
refusal-format-unknown = { $file } 的格式这里不支持（支持：{ $allowed }）。请导出成其中一种。
refusal-format-mismatch = { $file } 的名字是 { $named }，内容却不是{ $looks }。请按真实格式改名，或重新导出。
refusal-file-damaged = { $file } 已损坏（{ $what }）。请重新导出。
refusal-file-unsafe = { $file } 含有数据文件不该有的内容（{ $what }）。请去掉后重新导出。
refusal-file-not-understood = 无法识别 { $file }（{ $what }）。请重新导出成普通的、带属性的面要素文件。
refusal-too-deep = { $file } 的嵌套超过{ $most }层。请重新导出成普通文件。
refusal-archive-too-large = { $file } 解压后为 { $what }，超过允许的{ $most }。请只保留所需文件，或拆分后再发。
refusal-archive-encrypted = { $file } 加了密码。请去掉密码再上传。
refusal-member-missing = { $file } 缺少 { $member }。请把 .shp、.dbf、.prj 一起压缩后再上传。
refusal-encoding-wrong = { $file } 的文字编码不是 { $encoding }。请选对编码后再上传。
refusal-encoding-unknown = { $file } 没有说明文字编码，既不是 UTF-8 也不是 GB18030。请选定编码后再上传。
refusal-not-utf8 = { $file } 应为 UTF-8，但从第{ $byte }字节起不是{ $looks }。请另存为 UTF-8，或选定它的编码。
refusal-crs-missing = { $file } 的图层“{ $layer }”没有说明坐标系。请写明，例如 EPSG:4490。
refusal-crs-unreadable = 无法识别 { $file } 的坐标系 { $crs }。请写明，例如 EPSG:4547。
refusal-crs-contradicts = { $file } 的坐标不可能是{ $said_by }所说的 { $crs }。请写明真正的坐标系。
refusal-layer-ambiguous =
    { $file } 有多个图层（{ $found }），从名称看不出哪个是{ $role ->
        [buildings] 楼栋
        [streets] 道路
        [boundary] 边界
        [water] 水系
        [railways] 铁路
        [compounds] 大院
        [green] 绿地
        [entrances] 单元
       *[admin] 行政区划
    }。请指明。
refusal-layer-empty = { $file } 的图层“{ $layer }”一行也没有。请检查导出。
refusal-layer-not-a-table = { $file } 的图层“{ $layer }”是视图或计算表。请导出成普通表。
refusal-no-layers = { $file } 里没有要素图层。请检查导出。
refusal-too-many-layers = { $file } 有{ $layers }个图层，超过允许的{ $most }个。请只导出需要的。
refusal-too-many-rows = { $file } 的图层“{ $layer }”有{ $rows }行，超过允许的{ $most }行。请分成几部分上传。
refusal-too-many-columns = { $file } 的图层“{ $layer }”有{ $columns }列，超过允许的{ $most }列。请只导出需要的。
refusal-column-missing =
    { $file } 没有列“{ $column }”可作{ $field ->
        [households] 户数
        [code] 楼栋编码
        [name] 名称
        [floors] 层数
        [address] 地址
       *[other] { $field }
    }（现有：{ $found }）。请从中选择。
refusal-column-ambiguous =
    { $file } 的列“{ $columns }”都可能是{ $field ->
        [households] 户数
       *[code] 楼栋编码
    }，内容却不同。请指明用哪一列。
refusal-buildings-stacked = { $file } 的{ $rows }栋楼里有{ $pairs }对互相重叠。请每栋只导出一次。
refusal-rows-refused = { $file } 整份退回：{ $rows }行中有{ $refused }行不能导入。首先是{ $row }：{ $why }
refusal-place-missing = { $file } 里没有边界完整、名为“{ $place }”的行政区划（完整的有：{ $found }）。请从中选择，或单独上传边界。
refusal-boundary-unusable = 边界的{ $rows }行都不能当作边界{ $why }。请改正；或者不传边界，由系统围着楼栋画出。
refusal-box-elsewhere = 所给范围与{ $outline }没有相交。请检查四个数字。
refusal-no-buildings-left = 边界之内没有楼栋。请检查边界与楼栋是否同一地方、同一坐标基准。
refusal-reading-took-too-long = { $file } 在{ $seconds }秒内没有读完。请上传更小或更简单的文件。
refusal-reading-took-too-much-memory = 读取 { $file } 需要超过 { $memory_mb } MB 内存。请上传更小或更简单的文件。
refusal-reader-killed = 读取 { $file } 时服务器内存不足。请稍后再试，或分成几部分上传。
refusal-no-room-to-read = 服务器（{ $folder }）没有空间读取 { $file }。请系统管理员腾出空间后再试。
refusal-reader-stopped = 读取 { $file } 时中断，文件很可能已损坏。请重新导出，或换一种格式。

## 单独的行：接在行号之后
refusal-geometry-missing = 没有图形；请补画，或去掉这一行。
refusal-geometry-empty = 图形是空的；请补画，或去掉这一行。
refusal-geometry-type =
    图形是{ $type ->
        [Point] 点
        [MultiPoint] 多个点
        [LineString] 线
        [MultiLineString] 多条线
        [Polygon] 面
        [MultiPolygon] 多个面
        [GeometryCollection] 几种图形的组合
        [MultiPatch] 立体面
       *[other] { $type }
    }，而这里要{ $wanted }。
refusal-geometry-unreadable = 图形无法解读；请重新导出图层。
refusal-geometry-other-crs = 图形的坐标系与图层不同；请重新导出图层。
refusal-geometry-invalid = 轮廓有误（{ $reason }），而且太大，无法在此修复；请在原数据中改正。
refusal-geometry-collapsed = 轮廓没有围出面积（{ $reason }）；请重画。
refusal-ring-too-short = 有一个环不足四个点；请重画。
refusal-position-not-numbers = 有一个点不是两个或三个数字；请重新导出。
refusal-coordinate-not-a-number = 有一个坐标不是有限的数字；请重新导出。
refusal-coordinate-out-of-range = 坐标不是经纬度（{ $hint }）。
refusal-too-many-vertices = 有{ $vertices }个角点，超过允许的{ $most }个；请简化。
refusal-too-many-rings = 有{ $rings }个部分和洞，超过允许的{ $most }个；请拆分。
refusal-building-too-small = 占地{ $area_m2 }平方米，小于最小楼栋的{ $least }平方米；请检查单位和形状。
refusal-building-too-large = 占地{ $area_m2 }平方米，大于最大楼栋的{ $most }平方米；请检查单位和形状。
refusal-outside-extent = 在辖区范围之外{ $margin_m }米以上（{ $hint }）。
refusal-outside-outline = 大部分在边界之外（之内占{ $share }）。
refusal-astride-outside = 约一半（{ $share }）在边界之内，但其内点在边界之外。
refusal-footprint-twice = 与{ $other }是同一个轮廓；请去掉其中一个。
refusal-code-missing = 列“{ $column }”中没有编码；请填写。
refusal-code-twice = 编码与{ $other }相同；编码不能重复。
refusal-entrance-without-building = 没有写明属于哪栋楼；请填写楼栋编码。
refusal-entrance-building-unknown = 采用的楼栋中没有“{ $building }”；请填写现有楼栋的编码。
refusal-entrance-far-off = 距所属楼栋{ $building } { $metres }米，超过{ $most }米；请检查位置和所属楼栋。
refusal-entrance-twice = 与同一栋楼的{ $other }在同一位置；请去掉其中一个。
refusal-entrance-beside-refused = 楼栋 { $building } 的另一个单元无法读取，其户数会被算到这个单元；请改正那一行。
refusal-entrances-miscounted = 楼栋{ $building }各单元合计{ $entrances }户，而该楼有{ $households }户；请改正其中之一，或将单元户数留空。
refusal-households-missing = 没有户数；请填写，无人居住填0。
refusal-households-not-a-number = 户数“{ $value }”不是整数。
refusal-households-out-of-range = 户数“{ $value }”不在0到{ $most }之间。
refusal-text-broken = { $what ->
    [code] 编码
    [level] 级别
   *[name] 名称
  }含有不是文字的字符；请重新输入。
refusal-text-garbled = { $what ->
    [code] 编码
    [level] 级别
   *[name] 名称
  }在导出前已成乱码（�）；请从原数据重新导出。
refusal-text-not-text = { $what ->
    [code] 编码
    [level] 级别
   *[name] 名称
  }不是文字。
refusal-text-too-long = { $what ->
    [code] 编码
    [level] 级别
   *[name] 名称
  }有{ $characters }个字，超过允许的{ $most }个。
refusal-digits-lost = { $what ->
    [code] 编码
    [level] 级别
   *[name] 名称
  }被存成数字，末尾几位已经丢失；请存成文本。
refusal-nested-values = 属性嵌套太深或太大；请导出普通的列。
refusal-not-a-street = “{ $kind }”类的线不作为地块的界线。

## 数据库：系统管理员要知道的
refusal-postgres-missing = 服务器没有安装带 PostGIS 的 PostgreSQL { $wanted }。请系统管理员运行安装，或指定另一台 PostGIS 服务器。
refusal-extension-missing = 数据库缺少扩展 { $extensions } 之一。请数据库管理员建立一次。
refusal-socket-path-too-long = 数据库套接字的路径 { $path } 有{ $length }字节，超过上限{ $most }。请系统管理员把数据库移到较短的路径。
refusal-cluster-missing = { $folder } 里还没有数据库。请系统管理员运行一次安装。
refusal-cluster-not-yours = { $folder } 里的数据库属于服务器的另一个账户。请系统管理员用那个账户启动。
refusal-cluster-version = { $folder } 里的数据库由 PostgreSQL { $found } 建立，现在用的是 { $wanted }。请系统管理员迁移。
refusal-cluster-silent = 数据库在{ $seconds }秒内没有应答。请过一分钟再试；仍不行时，系统管理员可在 { $log } 末尾找到原因。
refusal-cluster-failed = 数据库无法建立或启动。请告诉系统管理员；没有丢失任何内容。
refusal-database-url-malformed = 无法识别数据库的地址。请系统管理员改正。
refusal-database-unreachable = 数据库没有应答。请过一分钟再试；仍不行时请告诉系统管理员。
refusal-database-lacks-right = 数据库不允许这样做（{ $what }）。请数据库管理员处理一次。
refusal-schema-behind = 数据库结构是 { $found }，本版本需要 { $wanted }。请系统管理员先备份，再升级。
refusal-schema-ahead = 数据库结构 { $found } 比本版本所知的 { $wanted } 新。请系统管理员启动新版本。

## 启动：系统管理员要知道的
refusal-port-taken = 服务器的端口 { $port } 已被别的程序占用。请系统管理员停掉它，或换一个端口，例如 { $other }。
refusal-port-not-allowed = 这个账户不能使用端口 { $port }。请系统管理员选用1023以上的端口。
refusal-host-unknown = 服务器没有地址 { $host }。请系统管理员换一个。

## 方案
refusal-plot-moved = 地块 { $plot } 现在属于网格 { $found }，不再属于 { $expected }：其间已被调整。请重新查看方案。
refusal-grid-in-pieces = { $torn }会被隔断：网格{ $grid }将分成互不相连的{ $pieces }块。请把被隔断的部分也划给相邻网格，或保留通往它的地块。
refusal-community-crossed = 网格{ $grid }将跨越两个社区的边界。每个网格只能在一个社区内。
refusal-grid-is-locked = 网格{ $grid }已锁定，保持不变。请先解除锁定，或不要选它。
refusal-building-is-locked = 楼栋{ $building }已锁定在网格{ $grid }。请先解除锁定，或让它留在原处。
refusal-nothing-changes = 不会有任何变化：所选的本来就在那里。请另选。
refusal-building-in-the-way = 这条线穿过楼栋{ $building }。请绕开楼栋，只能切开空地。
refusal-cut-cuts-nothing = 这条线没有切开任何地块。请画在空地上，从地块的一边画到另一边。
refusal-cut-too-long = 这条线涉及{ $plots }个地块，超过一次可切的{ $most }个。请画短一些。
refusal-drawn-malformed = 所画的不是以经纬度表示的有效{ $kind ->
        [line] 线
       *[polygon] 范围
    }。请重新绘制，不要与自身相交。
refusal-drawn-holds-no-plot = 所画范围没有覆盖任何地块的大部分，而地块不可分割。请画大一些，或沿其边界切开空地。
refusal-drawn-in-pieces = 所画范围下的地块分成互不相连的{ $pieces }块。请画在相连的地块上。
refusal-drawn-across-communities = 所画范围跨越两个社区的边界。请在每个社区各画一个网格。
refusal-line-divides-nothing = 这条线使网格{ $grid }的所有地块都在同一侧。请从边界画到边界，穿过网格中间。
refusal-parts-too-many = 网格{ $grid }不能分成{ $parts }份：其地块最多可分成{ $most }份。请少分几份。
refusal-street-not-between = 网格{ $grid }与{ $other }的界线无法沿{ $street }走。请选择位于两者之间的道路。
refusal-nothing-to-repair = 网格{ $grid }户数达标且为一整块，无需修复。
refusal-grids-apart = 网格{ $grid }与{ $other }没有共同界线。请选择两个相邻的网格。
refusal-community-code-malformed = 社区的区划代码“{ $community }”不是十二位数字。请在区的文件中改正。
refusal-too-many-grids = 社区 { $community } 会分出{ $grids }个网格，但三位数字只能编到{ $most }。请提高目标户数，或先把社区分开。

## 行政区划、地块与方案
refusal-place-code-malformed = “{ $place }”不是区划代码。区为6位，街道9位，社区12位。
refusal-place-exists = 区划代码 { $place } 已属于{ $name }。请导入到该辖区，或为新的辖区另填代码。
refusal-place-code-not-below = 区划代码 { $place } 不以上级的 { $parent } 开头。请更正其中之一。
refusal-place-outside-parent = { $place }只有不到一半在{ $parent }境内。请核对区划代码、边界及其坐标基准。
refusal-place-overlaps = { $place }与同级的{ $other }重叠{ $share }。请核对区划代码，或导入到该辖区。
refusal-place-elsewhere = 文件中的范围与{ $place }不符，只有不到一半在其境内。请选择正确的辖区，或核对边界。
refusal-place-imported-with = { $place }已随{ $other }一并导入。请重新导入整个{ $other }。
refusal-place-without-plots = { $place }还没有楼栋和地块。请先导入文件。
refusal-split-at-other-place = { $place }的地块随{ $other }导入。请对{ $other }进行划分；网格不会跨越社区。
refusal-split-cancelled = { $place }的划分已取消，未保存任何内容。
refusal-plots-changed = 划分期间{ $place }被重新导入。未保存任何内容，请重新开始划分。
refusal-plan-unknown = 没有方案{ $plan }。请查看该辖区的方案列表。
refusal-no-plan-in-force = { $place }还没有已发布的方案。请先发布草案，或选择一个方案。
refusal-plan-by-formula = 方案{ $plan }按公式而不是按户数均衡。请用同一公式重新划分。
refusal-plan-is-retired = 方案{ $plan }已停用。请对已发布的方案或草案进行均衡调整。
refusal-building-not-here = 有{ $count }栋楼不在该方案的地块上（第一栋编号为{ $building }）。请选择本辖区的楼栋。
refusal-estate-empty = 请选择即将入住的楼栋，并填写各栋户数。
refusal-no-grid-to-change = 这里不能增加或撤销网格：网格均已锁定、太小，或被河流铁路隔开。请先解锁部分网格。
refusal-proposal-unknown = 建议{ $proposal }已不存在。请重新生成建议。
refusal-estate-file-malformed = { $file }不是含有 building 和 households 两列的表格：第{ $row }行无法读取。请修改后重新选择。
refusal-estate-count-out-of-range = { $file }第{ $row }行：一栋楼不能有{ $households }户。请填写0至{ $most }之间的数。
refusal-plan-elsewhere = 方案{ $plan }不属于{ $place }。请选择该辖区的方案。
refusal-plan-not-draft = 方案{ $plan }{ $state ->
    [published] 已发布
   *[retired] 已停用
 }，只有草案可以修改或发布。请新建方案。
refusal-plan-submitted = 方案{ $plan }{ $state ->
    [approved] 已批准
   *[waiting] 正在审核
 }，期间不能修改。请先撤回送审。
refusal-plan-not-submitted = 方案{ $plan }没有送审。请先送审。
refusal-review-not-waiting = 方案{ $plan }已不在待审状态。请重新打开页面查看审核结果。
refusal-approval-missing = 本辖区的方案须经领导批准后发布。请先将方案{ $plan }送审。
refusal-approval-not-yet = 方案{ $plan }已批准于{ $day }生效，届时自动发布。如需更改，请撤回送审。
refusal-publication-cancelled = 发布已被取消。请手动发布，或撤回该方案。
refusal-own-submission = 方案{ $plan }是您本人送审的，须由其他领导批准。
refusal-effective-in-past = { $day }已经过去，今天是{ $today }。请选择今天或以后的日期。
refusal-effective-too-far = { $day }在{ $days }天之后，太远了。请选择更早的日期。
refusal-grid-unknown = 该方案没有网格{ $grid }。请选择其中的网格。
refusal-slot-taken = 已有草案{ $slot }。请换一个位置，或先放弃那份草案。
refusal-plan-not-in-force = 方案{ $plan }不是现行方案。协理员只能分派到现行方案的网格。
refusal-not-a-coordinator = 此人不是网格{ $grid }所在辖区的协理员。请另选他人，或先授予角色。
refusal-moment-to-come = { $when }还没有到。请选择今天或以前的日期。
refusal-no-plan-at = { $when }尚无现行方案。请选择更晚的日期。
refusal-too-many-times = 一次不能统计{ $count }个时点，最多{ $most }个。请减少选择。
refusal-plan-unsound = 方案{ $plan }不能发布：有{ $count }个网格（{ $grids }）不连通或轮廓与其地块不符。请检查这些网格。
refusal-no-draft = { $place }没有可发布的草案。请先划分。
refusal-plan-changed = 方案{ $plan }已由他人修改，现为第{ $current }版，而非第{ $yours }版。请重新查看。

## 请求
refusal-not-signed-in = 您还没有登录。请登录后再试。
refusal-not-allowed = 您的角色没有这项权限。请向系统管理员申请相应的角色。
refusal-not-in-scope = 这不在您的辖区范围内。请向系统管理员申请那里的角色。
refusal-purpose-unknown = 台账不能以“{ $purpose }”为目的打开。请从以下目的中选择：{ $known }。
refusal-not-found = 此处没有内容，可能已被移走。请回到地图重新开始。
refusal-tile-unknown = 地图没有图块 { $tile }。请重新打开地图。
refusal-method-not-allowed = 这个地址不接受 { $method }，只接受 { $allowed }。
refusal-body-too-large = 发送的内容超过这里允许的 { $most_mb } MB。请减少后再发。
refusal-body-malformed = 发送的内容无法读取（{ $what }）。请改正后再发。
refusal-body-type-unknown = 发送的类型是 { $found }，这里只读 { $wanted }。请改用后者。
refusal-fields-malformed = 这些字段不合要求：{ $fields }。请改正后再发。
refusal-text-malformed = 地址或表单中有不是文字的字符。请重新填写。
refusal-host-not-ours = 本站不使用这个主机名。请使用本站自己的地址。
refusal-request-malformed = 请求无法读取。请改正后再发。
refusal-form-expired = 表单已过期，或来自别的网站。请刷新页面后再提交。
refusal-too-many-requests = 请求太频繁。请在{ $seconds }秒后再试。
refusal-internal = 系统出错，没有保存任何不完整的内容。请把编号 { $request } 告诉系统管理员。
refusal-database-full = 数据库所在的磁盘已满，没有保存任何内容。请系统管理员清理磁盘后重试。
refusal-database-busy = 数据库正忙，暂时不能应答。请稍后再试。
refusal-setting-malformed = 无法识别服务器的设置 { $setting }。请系统管理员改为：{ $wanted }。

## 登录、账号与角色
refusal-sign-in-failed = 账号与密码不符。请检查后再试。
refusal-sign-in-too-often = 错误次数过多。请在{ $seconds }秒后再试。
refusal-password-must-change = 这个密码是别人给您的。请先换成自己的密码。
refusal-password-wrong = 当前密码不对。请重新输入。
refusal-password-too-short = 密码只有{ $length }个字符，少于{ $least }个。请用几个词组成。
refusal-password-too-long = 密码有{ $length }个字符，最多{ $most }个。请缩短。
refusal-password-common = 这个密码太容易被猜到。请换一个。
refusal-password-about-you = 这个密码几乎就是姓名、账号或“Gridkeeper”。请换一个。
refusal-password-same = 这就是原来的密码。请换一个。
refusal-passwords-differ = 两次输入的新密码不一样。请都重新输入。
refusal-account-malformed = 账号“{ $account }”不符合要求。请用2至32位小写字母、数字、点或连字符，以字母开头。
refusal-account-taken = 已有账号“{ $account }”。请换一个。
refusal-demo-account-taken = 账号“{ $account }”已存在，且不属于演示。演示只能放进空的数据库。
refusal-account-unknown = 没有账号“{ $account }”。请在人员名单中查找。
refusal-person-name-malformed = 姓名须为1到80个字符，不能换行。请重新填写。
refusal-phone-malformed = “{ $phone }”不是电话号码。请用数字、空格、+ 和 -，最多30个。
refusal-role-unknown = 没有角色“{ $role }”。请从{ $roles }中选择。
refusal-role-needs-place =
    { $role ->
        [manager] 网格管理员
        [coordinator] 协理员
        [leader] 领导
       *[other] 这个角色
    }必须对应一个辖区。请选择。
refusal-role-held = { $name }在那里已有这个角色。没有任何改动。
refusal-role-in-the-past = 这个角色会在今天之前结束。请选更晚的日期，或者留空。
refusal-place-unknown = 没有区划代码为 { $place } 的辖区。请检查代码。
refusal-own-rights = 不能更改自己的角色和账号。请由另一位系统管理员操作。
refusal-last-administrator = { $name }是最后一位全局系统管理员。请先另设一位。
refusal-person-inactive = { $name }已停用。请先恢复账号。

## 上传与任务
refusal-job-over =
    这项任务已经{ $state ->
        [done] 完成
        [failed] 失败
        [cancelled] 取消
       *[other] 结束
    }。请刷新页面。
refusal-job-stopped = 任务中断，原因不明；没有存入任何内容。请重新开始；再次发生时请告诉系统管理员。
refusal-job-given-up = 任务中断了{ $attempts }次，原因不明，已经放弃；没有存入任何内容。请告诉系统管理员。
refusal-too-many-streams = 同时查看进度的页面太多。本页过几秒会自己再问。
refusal-upload-empty = 没有收到文件。请至少选择一个文件。
refusal-upload-too-many-files = 收到{ $files }个文件，超过允许的{ $most }个。请每个图层上传一个文件。
refusal-upload-twice =
    { $role ->
        [buildings] 楼栋收到了两个文件。
        [streets] 道路收到了两个文件。
        [boundary] 边界收到了两个文件。
        [water] 水系收到了两个文件。
        [railways] 铁路收到了两个文件。
        [compounds] 大院收到了两个文件。
        [green] 绿地收到了两个文件。
        [entrances] 单元收到了两个文件。
        [admin] 行政区划收到了两个文件。
       *[other] 收到了两个含多个图层的文件。
    }请每个图层只上传一个。
refusal-upload-without-buildings = 这些文件里没有楼栋。请上传 GeoPackage、OpenStreetMap 数据，或楼栋文件。
refusal-upload-gone = 这次上传的文件已被清除。请重新上传。
refusal-upload-not-read = 这些文件还没有读完。请先等导入报告。
refusal-upload-changed = 文件与读取时不一样了。请重新上传。
refusal-uploads-full = 现在放不下这些文件。请清除不再需要的上传。
refusal-place-name-missing = 新的辖区没有名称。请填写。
refusal-place-not-new = 您只能导入到自己的辖区。新的辖区请系统管理员建立。

## 划分、比较与发布
refusal-band-malformed = 目标{ $target }户不在{ $least }至{ $most }户之间。请改正这三个数。
refusal-version-missing = 没有说明是方案的哪个版本。请刷新页面后再试。
refusal-plans-not-comparable = 两个方案不属于同一个辖区。请选同一个辖区的两个方案。

## 划分要求
refusal-band-missing = 未指定网格规模。请给出目标、下限和上限，或协理员人数。
refusal-formula-malformed = 公式“{ $formula }”中不能出现“{ $part }”。可用：{ $columns }、数字、+ - * / ( )、min 和 max。
refusal-formula-without-value = 公式“{ $formula }”在部分地块上没有结果：除数为零，或数值过大。请修改公式。
refusal-formula-below-zero = 公式“{ $formula }”在部分地块上为{ $least }，工作量不能小于0。请修改公式，例如用 max(0, …)。
refusal-formula-column-unknown = 此处尚未统计“{ $column }”，公式“{ $formula }”无法计算。可用：{ $columns }。
refusal-formula-without-load = 公式“{ $formula }”在所有地块上均为0，没有可均衡的内容。请修改公式。
refusal-formula-too-small = 按公式“{ $formula }”，{ $coordinators }名协理员每人仅{ $mean }，太小，无法取整数范围。请乘以倍数，例如 { $factor }*({ $formula })。
refusal-coordinators-too-few = 协理员{ $coordinators }人，少于种子点、锁定网格和专属网格所需的{ $needed }个网格。请增加人数，或减少这些要求。
refusal-coordinators-too-many = 协理员{ $coordinators }人，多于此处最多可划分的{ $most }个网格。请减少人数。
refusal-seeds-too-many = { $starts }个种子点和锁定网格各需一个网格，但所在的连片区域共{ $households }户，最多容纳{ $most }个网格。请减少数量，或缩小网格。
refusal-seeds-in-one-plot = 种子点{ $first }和{ $second }位于同一地块，地块不可切分。请移动其中一个。
refusal-seeds-in-one-lock = 种子点{ $first }和{ $second }所在地块的楼栋锁定在同一网格。请移动其中一个，或解除这些楼栋的锁定。
refusal-seed-outside = 种子点{ $seed }（{ $lon }, { $lat }）在该区域之外。请移入区域内。
refusal-seed-on-fixed = 种子点{ $seed }位于保持不变的“{ $grid }”内。请移动种子点，或解除该网格的锁定。
refusal-locked-too-large = 锁定在网格{ $grid }的楼栋连同其间地块共{ $households }户，超过{ $most }户。请解除其中一部分。
refusal-locked-buildings-apart = 锁定在网格{ $grid }的楼栋在其中无法连成一片：中间有不可跨越的界线或专属网格。请解除其中一部分，或允许跨越该界线。
refusal-locked-grid-unknown = 现行方案中没有网格{ $grid }。请选择现行方案的网格。
refusal-locked-grid-divided = 网格{ $grid }须保持原样，其中有楼栋{ $building }的一部分，但该楼已不能再按单元划分。请重新导入其单元，或允许该网格变动。
refusal-locked-grid-in-pieces = 网格{ $grid }须保持原样，但按现有地块它已不再连成一片。请解除锁定。
refusal-locked-building-unknown = 该区域没有现存的楼栋{ $building }。请选择该区域内的楼栋。
refusal-entrances-unknown = 楼栋{ $building }已知的单元不足两个，无法按单元划分。请先导入该区域的单元（图层“单元”），再作标记。
refusal-lock-of-one-thing = 一次只能锁定一个网格或一栋楼。请只指定其中一项。
refusal-layer-one-file = 一个网格图层收到了{ $files }个文件。请只发送一个；Shapefile请把各成员压缩成一个zip。
refusal-layer-elsewhere = { $file }中的{ $polygons }个多边形都不在{ $place }内，其中心相距{ $km }公里。请选择它们所在的区划，或指定坐标系。
refusal-layer-on-no-plot = { $file }中没有任何多边形覆盖{ $place }任一地块的大部分。请确认其中是网格面，而不是线或碎屑。
refusal-compound-malformed = “{ $name }”绘制的图形不是有效的经纬度多边形。请重新绘制，边界不要自相交。
refusal-compound-too-wide = “{ $name }”跨度超过{ $most_degrees }度。请只绘制一个大院，而不是整个辖区。
refusal-compound-outside = “{ $name }”大部分位于{ $place }之外。请画在它所在的位置。
refusal-compound-let = { $name }已登记出租，出租记录结束后还会保留一段时间，不能移除。可以修改它的范围或类型。
refusal-compound-imported = { $name }来自导入的文件，只能通过重新导入修改。请另行绘制大院。
refusal-special-malformed = “{ $name }”绘制的图形不是有效的经纬度多边形。请重新绘制，边界不要自相交。
refusal-special-named-twice = 有两个专属网格都叫“{ $name }”。请分别命名。
refusal-special-holds-no-plot = “{ $name }”未覆盖任何地块的大部分，地块不可切分。请画大一些。
refusal-special-in-pieces = “{ $name }”下的地块分成互不相连的{ $pieces }片。请画在相连的地块上，或分别画成{ $pieces }个专属网格。
refusal-special-across-communities = “{ $name }”跨越了社区边界。请在每个社区分别绘制。
refusal-special-over-other = “{ $name }”与保持不变的“{ $other }”重叠。请画在旁边，或解除该网格的锁定。
refusal-micro-malformed = 微网格不能为{ $least }至{ $most }户。请先填较小的数。
refusal-wish-file-unreadable = { $file } 不是以经纬度表示的{ $kind }要素GeoJSON。请按此格式导出。
refusal-special-kind-unknown = “{ $name }”的类型“{ $kind }”不在{ $kinds }之列。请将属性 kind 设为其中之一。

# 调整草案
refusal-edit-conflict = 其间他人改动了同样的地块或网格：方案现为第{ $current }版，您是从第{ $base }版开始改的。请对照两边再决定。
refusal-edit-empty = 这次调整没有任何变化。请移动地块，或修改网格的内容。
refusal-edit-malformed = 无法读取这次调整：{ $what }不符合要求。请参阅接口说明。
refusal-edit-not-undoable = 第{ $version }版由系统生成（{ $kind }）或所用地块版本不同，不能单独撤销。请回到更晚的版本，或重新划分。
refusal-edit-undone-already = 第{ $version }版已被第{ $by }版撤销。如需恢复，请撤销第{ $by }版。
refusal-state-unknown = 无法得知方案在第{ $version }版时的样子：第{ $since }版没有保留被替换的内容。请选择更晚的版本。
refusal-plot-unknown = 方案中没有编号为{ $plot }的地块。请重新查看方案。
refusal-ground-unknown = 方案{ $plan }从未使用过地块版本{ $ground }。请刷新页面。
refusal-new-grid-empty = 新网格“{ $grid }”没有地块，或没有说明。请为它指定地块和类型。
refusal-grid-code-taken = 方案中已有编码为{ $grid }的网格。请另选编码。
refusal-grid-code-malformed = “{ $grid }”不能作为该网格的编码：只能用数字，最多十五位，开头须与本社区其他网格一致。
refusal-grid-name-malformed = 网格名称须为1至{ $most }个字。请缩短，或不填。
refusal-grid-kind-unknown = “{ $kind }”不是网格类型。请从列表中选择。
refusal-grid-has-duty = 网格{ $grid }已有人负责，不能取消。请先结束其责任。
refusal-coordinator-unknown = 人员{ $person }不是本区域的协理员。请从本区域的协理员中选择。
refusal-codes-used-up = 社区{ $community }的网格编码已用完。请自行填写编码。
refusal-idempotency-key-malformed = 幂等键须为1至100个可见字符。请另选。
refusal-idempotency-key-reused = 该幂等键已用于另一个请求。新的调整请使用新的键。

## 规则包
refusal-rule-pack-unknown = 没有规则包“{ $pack }”（现有：{ $known }）。请从中选择。
refusal-rule-setting-unknown = 规则包没有“{ $setting }”这一项。请去掉。
refusal-rule-setting-out-of-range = “{ $setting }”应为{ $least }到{ $most }之间的整数。请更正。
refusal-rule-sizes-disordered = 网格户数下限{ $least }、目标{ $target }、上限{ $most }前后矛盾。请由小到大填写。
refusal-rule-stay-twice = 申领所需居住时间同时写了{ $days }天和{ $months }个月。请只填一项，另一项填0。
refusal-rules-backdated = { $day }的工作按当日规则执行，不可更改。新规则请从{ $today }或以后起执行。
refusal-rules-too-far = { $day }距今超过三年。请选近一些的日期。
refusal-rules-in-force = 该规则自{ $day }起已经执行，不能撤回。请另立新规则接替。
## 出租房屋、文书与服务需求
refusal-telephone-malformed = 这不是电话号码。请填写5至15位数字。
refusal-rental-registered-already = 这里已登记出租。请打开该出租记录更正。
refusal-rental-has-tenants = 该出租房屋仍有租户。请先登记搬离。
refusal-rental-cancelled = 该出租已注销。再次出租请重新登记。
refusal-compound-not-rental = { $compound }不是出租大院。请逐户登记，或在地图上更改类型。
refusal-compound-without-buildings = { $compound }内没有楼栋。请先把楼栋画在院内。
refusal-household-elsewhere = 该住户不住在此出租房屋。请先登记其住处。
refusal-tenancy-open-already = 该住户已在此租住。请先结束现有租约。
refusal-tenancy-over = 该租户已搬离。如又入住，请新增租约。
refusal-tenancy-elsewhere = 该租约属于另一处房屋。请选择本处的租约。
refusal-day-before-another = { $day }早于{ $earlier }。请选择更晚的日期。
refusal-day-in-future = { $day }还没有到。请选择今天或更早的日期。
refusal-letter-kind-wrong = 此处不签这类文书。请从列表中选择。
refusal-scan-too-large = 扫描件超过{ $most_mb } MB或4000万像素。请降低分辨率再扫。
refusal-scan-type-unknown = 扫描件不是JPEG、PNG或PDF。请另存为其中一种。
refusal-scan-damaged = 扫描件已损坏。请重新扫描或导出。
refusal-scan-acts = PDF中含有程序或其他文件。请先打印成普通PDF。
refusal-need-without-consent = 须经居民同意才能登记需求。请先征得同意；不同意的不作任何记录。
refusal-objection-stops-nothing = 支持反对请求须明确停止的处理：列表与查询、交换文件，或两者。
refusal-need-without-household = 服务需求要登记在住户名下。请在本表中填写居住人员，或删去需求。
refusal-need-code-taken = 该查询码已被使用。请删去这项需求后重新添加。
refusal-need-kept-too-long = 保存期限须晚于今天且不晚于{ $last }。请重新选择。
refusal-need-done = 该需求已办结。请另行登记。
refusal-service-unknown = 服务目录中没有此项。请从列表中选择。
refusal-referral-answered = 该转介已有结果。如需要请重新转介。
refusal-follow-code-unknown = 没有对应的记录。请核对查询码；已撤回或到期的需求已删除。

## 指标
refusal-period-malformed = “{ $first }”至“{ $last }”不是截至今天、三年以内的时段。日期请写成2026-03-01。
refusal-month-unknown = “{ $month }”不是截至目前的月份。请按2026-10的写法填写。
refusal-report-changed = 期间有人保存了这份月报（现为第{ $current }版，您改的是第{ $yours }版）。您写的文字仍在框里：请另开窗口重新打开本页，合并后再保存。
refusal-report-final = { $month }的月报已定稿，上报内容不再改动。
refusal-report-month-not-over = { $month }尚未结束。月末之后才能定稿。
refusal-report-not-saved = { $month }的月报还没有人保存。请先审阅并保存，再定稿。
refusal-report-too-few = 该辖区户数过少，报告会涉及个别住户。请查看上级辖区的报告。
refusal-report-too-long = 月报每一部分最多{ $most }字。
refusal-quarter-unknown = “{ $quarter }”不是已开始的季度。请按2026Q1的写法填写。
refusal-not-your-grid = 只有负责该网格的协理员可以对其指标提出申诉。请由该网格协理员提出。
refusal-appeal-without-words = 请用不超过{ $most }字说明何处有误，或核实的结果。
refusal-appeal-open-already = 网格{ $grid }的这项指标已在申诉中，请等待答复。
## 由表格导入登记
refusal-table-too-large = { $file }的行数或列数超过{ $most }（{ $what }）。请拆分后再发。
refusal-columns-twice = { $file }中{ $columns }列重复。请各保留一列。
refusal-row-ragged = { $file }第{ $row }行有{ $cells }格，而表头有{ $columns }列。请重新导出。
refusal-register-columns-missing = { $file }缺少列：{ $columns }。请在首行写明；楼栋可按编码、地址或坐标匹配。
refusal-hazard-columns-missing = { $file }缺少列：{ $columns }。请在首行写明编号、发生时间、类别、经度和纬度。
refusal-hazard-kinds-two-columns = { $file }有{ $columns }列。请只保留两列：隐患文件中的叫法，以及本系统的类别代码。
refusal-register-rows-wrong = { $file }有{ $count }处错误，未保存任何内容：{ $rows }。请在文件中改正。

## 责任
refusal-deputy-already = 此人已负责或将负责网格{ $grid }。请另选他人。
refusal-day-passed = { $day }已过。请选{ $today }或以后的日期。
refusal-day-to-come = { $day }尚未到。请选{ $today }或以前的日期。
refusal-days-disordered = 休假日期{ $first }至{ $last }有误。请填写起止日期，不超过一年，且不早于今天。
refusal-leave-twice = 此人在{ $first }至{ $last }之间已登记休假。请先撤销原登记。
refusal-handed-to-the-same = 此人已是该网格的负责人。请选择接手人。
refusal-note-too-long = 备注超过{ $most }字。请缩短。
refusal-assignment-changed = 方案提出后责任分工已有变动。请重新查看方案后再选。
## 住户与走访
refusal-building-not-served = 楼栋{ $building }不在您负责的网格内。请告知该楼栋的协理员，由其登记。
refusal-grid-not-served = 网格{ $grid }不由您负责。请选择自己的网格。
refusal-dwelling-occupied = 房屋{ $dwelling }内还有{ $households }户。请先为其办理离开登记。
refusal-household-ended = 住户{ $household }已于{ $day }因最后一名居民离开而注销。请在该房屋新建住户。
refusal-resident-unnamed = 有一名居民没有姓名。请填写姓名，或删去该行。
refusal-door-missing = 没有说明住在哪里。请选择住户或房屋，或填写门牌号。
refusal-stay-over = 其已于{ $day }离开。请刷新页面。
refusal-several-households = 这些居民属于不同住户。请按住户分别登记。
refusal-departure-final = { $day }的离开登记已不能撤回。请在现住房屋重新登记到来。
refusal-zero-report-early = { $month }的报告从{ $day }起才能上报，届时该月即将结束。
refusal-zero-report-filed = 网格{ $grid }的{ $month }报告已经上报，不再更改。
refusal-moved-nowhere = 他们已住在该户。请选择其他房屋。
refusal-birth-date-off = 本地规则不登记出生日期，因此不予保存。请留空，填年龄段即可。
refusal-id-number-off = 本地规则不登记身份证号，因此不予保存。请留空。
refusal-id-number-malformed = 这不是含出生日期的18位身份证号。请对照证件重新填写。
refusal-id-number-check = 身份证号与校验位不符，其中有一位不对。请对照证件重新填写。
refusal-id-number-mangled = 身份证号已被电子表格四舍五入，末几位丢失。请对照证件填写，或将该列存为文本。
refusal-birth-dates-differ = 出生日期与身份证号中的出生日期不一致。请改正其中一项。
refusal-born-ahead = { $day }尚未到来，不可能是出生日期。请改正。
refusal-reason-missing = 请至少用{ $least }个字说明为何要查看完整号码，理由将记入审计。
refusal-reveals-too-often = 您一小时内已查看{ $most }个完整号码。请稍候，或使用交换文件。
refusal-number-not-whole = 该号码只保存了散列值和后四位。请向本人核对证件。
refusal-number-unreadable = 无法用本服务器的密钥读取该号码。请管理员恢复登记时所用的身份密钥。
refusal-numbers-not-exchanged = { $place }的规则不要求交换文件含完整身份证号。请导出不含号码的文件。
refusal-identity-key-missing = 服务器没有身份证号密钥。请管理员设置 GRIDKEEPER_IDENTITY_KEY。
refusal-rule-number-unkept = 未登记身份证号时，交换文件不能含完整身份证号。请同时开启，或都不开启。
refusal-consent-missing = 未经本人同意，不登记任何个人信息。请征得同意并勾选，或留空。
refusal-promise-without-day = 承诺没有写明日期。请填写完成日期，或不写承诺。
refusal-visit-unmet = 没有见到人，不能核实或更改信息。请改为“见到本人”，或去掉这些内容。
refusal-visit-ahead = 走访时间比系统时间快{ $minutes }分钟。请校准手机时间。
refusal-visit-where = 没有说明走访地点。请指明住户、房屋或楼栋。
refusal-number-taken = 本机第 { $number } 条记录此前已上传，内容不同；下一条应为第 { $next } 条。请作为新记录重新提交。
refusal-entry-not-taken = 这条记录的内容无法保存。请重新填写；如再次被退回，请告知系统管理员。
refusal-handset-unknown = 服务器尚未登记这部手机。请在有信号时重新登录。
refusal-handset-wiped = 这部手机将被远程清除。请向系统管理员了解原因。
refusal-handsets-too-many = 该人员已登记 { $most } 部手机。请系统管理员清除不再使用的手机。
refusal-client-id-reused = 该编号已用于另一条记录。请刷新页面后重新填写。
# 居民权利与第二重验证
refusal-own-code-unknown = 该查询码不存在、已使用或已过期。请向协理员索取新的查询码。
refusal-request-kind-unknown = 申请只能是更正、反对、删除或副本，不能是“{ $kind }”。请从中选择。
refusal-request-needs-words = 申请没有说明内容。请写明需要更正什么，或反对什么。
refusal-request-answered = 申请{ $request }已经答复。请刷新页面。
refusal-request-decision-unknown = 申请只能同意或拒绝，不能是“{ $decision }”。请从中选择。
refusal-answer-missing = 拒绝申请须说明理由。请写明理由和投诉途径。
refusal-second-factor-missing = 您的角色须启用第二重验证。请先完成设置。
refusal-second-factor-wrong = 验证码不正确或已经使用过。请等待下一个验证码再输入。
refusal-second-factor-there = 第二重验证已经启用。请先停用。
refusal-second-factor-late = 操作超时。请重新开始。

## 工作站
refusal-not-your-duty = 只有负责网格{ $grid }的协理员可以登记该网格的工作。
refusal-notice-days = 公告日期{ $first }至{ $last }有误。截止日期不得早于今天，且距起始不超过一年。
refusal-campaign-days = 行动日期{ $first }至{ $last }有误。完成日期须晚于开始日期，不早于今天，且不超过一年。
refusal-parties-not-initials = 当事人只写姓氏或首字母，二至六方，以空格分隔，如“李 王”。
refusal-heat-view-empty = 视图范围内没有地面。请放大地图后重试。
refusal-heat-kind-unknown = 没有“{ $kind }”这类隐患，请从列表中选择。
refusal-heat-time-empty = 结束时间早于开始时间，请调整起止日期。

## 居民公开查询与上报
refusal-search-too-short = 请至少输入地址或名称中的{ $least }个字、字母或数字。
refusal-pack-too-large = 查询屏只能预存一个社区，且不超过{ $most }个网格。请指定社区。
refusal-parameter-unknown = 这里没有参数“{ $parameter }”，可用参数见 /ogc/api。
refusal-parameter-malformed = 参数“{ $parameter }”不符合 /ogc/api 的说明。
refusal-note-names-somebody = 备注中可能含有姓名或号码，请只写现场情况。
refusal-notes-too-many = 该楼栋已有 { $most } 条备注，请先删去失效的备注。
refusal-words-not-held = 这段文字已处理过，请刷新列表。
refusal-sheet-too-many = 此处没有现行网格，或超过一张图可容纳的{ $most }个。
refusal-origin-foreign = 这是从其他网站提交的。请打开本页面后再提交。

## 隐患与案件
refusal-hazard-kind-unknown = 这里不能上报“{ $kind }”类隐患，请另选类别。
refusal-hazard-site-missing = 请指明位置：一栋楼、一个大院，或地图上的一个点。
refusal-hazard-outside = 该点不在辖区内，请在本区范围内选择位置。
refusal-hazard-ahead = 上报时间比现在晚{ $minutes }分钟，请校正手机时间或上报时间。
refusal-hazard-limits-missing = { $day }没有等级{ $severity }的处置时限，请联系系统管理员设置。
refusal-hazard-limits-long = 各环节时限合计不得超过{ $most }小时，请缩短。
refusal-hazard-changed = 案件{ $hazard }刚被他人处理过（您看到的是第{ $yours }版，现在是第{ $current }版），请重新查看。
refusal-case-not-now = { $state ->
    [reported] 待受理
    [accepted] 已受理
    [refused] 不予受理
    [filed] 已立案
    [dispatched] 已派遣
    [handling] 处置中
    [claimed_done] 待核查
    [verified] 核查通过
    [closed] 已结案
    [evaluated] 已评价
    [returned] 已退回
    [rework] 返工
    [pending] 挂账
    [duplicate] 重复
   *[other] 当前状态
  }的案件不能这样办理，可办事项见案件页面。
refusal-case-mechanism = { $mechanism ->
    [coordination] 协调类
    [emergency] 应急类
    [approval] 报批类
   *[ordinary] 普通
  }案件没有这一步骤。
refusal-case-fact-missing = 这一步还需填写{ $fact ->
    [reason] 原因
    [called] 已电话通知的人员和单位
    [of] 与之重复的案件编号
    [met_on] 社区会议日期
    [decision] 会议决定
    [office] 承办单位
    [receipt] 上报回执编号
    [answer] 上级答复
    [told] 告知上报人的内容
    [review_on] 复查日期
   *[note] 说明
  }。
refusal-case-photo-missing = 请先上传处置后的照片，没有照片不能当场办结。
refusal-case-recheck-by-another = 这是重大隐患，须由承办人和处置人以外的人核查后方可结案。
refusal-case-grave-not-on-the-spot = 重大隐患不能当场办结，请派遣处置并由他人核查。
refusal-case-reopened-late = 结案{ $days }天内方可重新办理，之后发现的请作为新隐患上报。
refusal-case-review-past = 复查日期{ $day }必须晚于今天，请另选日期。
refusal-case-review-late = 复查日期{ $day }太远，挂账案件须在{ $days }天内复查。
refusal-case-call-first = 尚未电话通知任何人，请先通知有关人员和单位并记录，再立案。
refusal-case-duplicate-of = { $of }不是其他在办案件，或本案已有重复案件，请填写在办的主案编号。
refusal-sheet-too-small = 共有{ $rows }件隐患，一张工作表最多{ $most }行：请改用CSV或GeoPackage，或缩短时间范围。
refusal-file-made-apart = 共有{ $rows }件隐患，超过可当场生成的{ $most }件。请提交生成，文件会为您保留一天。
refusal-files-too-many = 您已有{ $most }个文件在生成或待下载。请等最早的文件到期后再提交。
refusal-file-not-ready = 文件还在生成。请过几秒再试。
refusal-file-gone = 文件已不在。请重新生成。
refusal-photos-too-many = 每件隐患最多{ $most }张照片。
refusal-rule-hours-disordered = 上下班时间顺序有误：{ $hours }。上午、中午、下午、下班须依次递增。
