### 拒绝、说明和修正行里的片段：app/errors.py 中 `PARTS` 的每个代码（`_` 写作 `-`）一条，所用事实相同。
### `$said` 是别的程序的英文原话，中文里不照搬。

part-none = 无
part-nothing = 空
part-over = { $n }+
part-row = { $word ->
    [feature] 第{ $number }个要素
    [record] 第{ $number }条记录
    [placemark] 第{ $number }个地标
    [object] 对象{ $number }
   *[row] 第{ $number }行
  }
part-torn-ground = 空地
part-torn-buildings = { $names }
part-named = { $name }
part-row-named = { $word ->
    [feature] 第{ $number }个要素
    [record] 第{ $number }条记录
    [placemark] 第{ $number }个地标
    [object] 对象{ $number }
   *[row] 第{ $number }行
  }（{ $name }）
part-first-refused = （首先是{ $row }：{ $why }）
part-parser-said = 内容无法解析

## 格式，以及文件其实是什么
part-formats-read = GeoJSON、Shapefile 压缩包、GeoPackage、KML、KMZ、.osm.pbf、.osm
part-zipped-shapefile = Shapefile 压缩包
part-other-xml = 另一种 XML
part-looks-like = （看起来是 { $format }）
part-maybe-gbk = （可能是 GBK）
part-own-check-failed = 内部的数据库通不过自检
part-geometry-columns = 图层 { $layer } 有{ $count }个图形列
part-geometry-column-gone = 图层 { $layer } 缺少图形列
part-not-json = 第{ $line }行第{ $column }列起不是 JSON
part-member-twice = 同一个对象里“{ $name }”出现了两次
part-no-json-number = { $word } 不是 JSON 的数字
part-no-collection = 文件最外层不是 FeatureCollection
part-no-feature = 第{ $number }个要素不是 GeoJSON 要素
part-geometry-no-object = 第{ $number }个要素的图形不是对象
part-not-xml = 不是完整的 XML
part-not-kml = 最外层元素不是 kml
part-placemark-within = Placemark 里又有 Placemark
part-own-definitions = 自带定义的文档类型
part-link-elsewhere = 指向别的文档的链接
part-crs-reads-file = 要读取别的文件的坐标系
part-block-cut-off = 有一个数据块被截断，或声称的长度超过实际
part-no-pbf = 开头不是 OpenStreetMap PBF
part-no-shp-header = .shp 没有 Shapefile 文件头
part-shp-record-cut-off = .shp 的第{ $number }条记录声称的长度超过实际
part-shapes-and-rows = 图形有{ $shapes }个，属性却有{ $rows }行
part-no-dbf-header = .dbf 没有 dBASE 文件头
part-dbf-columns-wrong = .dbf 各列的宽度与行宽不符
part-dbf-rows-wrong = .dbf 声称有{ $stated }行，实际{ $there }行
part-a-shp = .shp 文件
part-one-kml = .kml 文档（须恰好一个）
part-members = { $n }个文件
part-same-name-members = 两个同名文件
part-member-outside = 路径指向文件夹之外：{ $member }
part-member-link = 链接或设备：{ $member }
part-member-archive = 压缩包里又有压缩包：{ $member }
part-member-packing = { $member } 的压缩方式不常见
part-member-broken = 其中的 { $member } 无法解压
part-member-size-wrong = { $member } 的大小与所写不符

## 谁说的
part-the-file = 文件
part-the-input = 所给文件
part-the-input-first = 所给文件
part-first-line = 文件首行
part-the-dbf = .dbf 文件
part-gpkg-standard = GeoPackage 标准
part-option-crs = 您
part-encoding-by = { $encoding }（{ $said_by }）
part-none-stated = 未注明

## 图形
part-a-polygon = 面
part-a-line = 线
part-a-point = 点
part-a-line-or-polygon = 线或面
part-unknown-type = 未知类型
part-mixed-types = 几种图形混在一起
part-swapped-maybe = 可能是经度和纬度写反了
part-metres-maybe = 可能是以米为单位；请选定真正的坐标系
part-swapped = 经度和纬度写反了
part-check-crs = 请检查坐标系和坐标基准
part-no-area = 没有面积
part-thinner-than-lattice = 窄于1厘米
part-geos-self-intersection = 在 { $at } 处自相交
part-geos-ring-self-intersection = 边线在 { $at } 处碰到自己
part-geos-hole-outside = 有洞在轮廓之外，{ $at } 处
part-geos-nested-holes = 洞里套洞，{ $at } 处
part-geos-nested-shells = 一部分套在另一部分里，{ $at } 处
part-geos-interior-cut = 被洞切成几块，{ $at } 处
part-geos-duplicate-rings = 同一个环画了两次，{ $at } 处
part-geos-too-few-points = 点太少，{ $at } 处
part-geos-other = 图形有误
part-the-area = 区域“{ $name }”
part-the-boundary = 边界
part-rail-of-kind = 铁路 { $kind }
part-below-ground = 地下 { $kind }

## 列与户数
part-column-found = { $field ->
    [code] 编码
    [name] 名称
    [households] 户数
    [kind] 用途
    [building] 建筑类型
    [amenity] 设施
    [landuse] 用地
    [floors] 层数
    [height] 高度
    [address] 地址
    [bridge] 桥梁
    [tunnel] 隧道
    [layer] 上下层
    [highway] 道路等级
    [railway] 铁路类型
   *[other] { $field }
  }取自 { $column }
part-formula = 户数 = 占地面积 × 层数 × { $net_share } ÷ { $household_m2 } 平方米，四舍五入；占地35平方米以上的住宅至少1户，其他用途为0；层数取自文件，没有时按高度 ÷ { $floor_m } 米，再没有时按占地估计（不足150平方米2层，不足400平方米3层，其余6层）

## 修正的行：原来与改为
part-characters = { $n }个字符
part-first-characters = 前{ $n }个
part-text-broken = 文字残缺
part-text-garbled = 乱码
part-text-not-text = 不是文字
part-digits-lost = 末尾数字丢失
part-as-text = 文本“{ $value }”
part-as-number = 数字{ $n }
part-estimated = { $n }（估算）
part-missing = 缺少
part-in-order = 按记录顺序读取
part-bytes-stated = 声称{ $n }字节
part-bytes-read = 实读{ $n }字节
part-not-closed = 没有闭合
part-closed = 已闭合
part-closed-line = 闭合的线
part-area-within = 线内的面
part-hole-alone = 画成洞，却不在任何一块之内
part-taken-as-part = 当作独立的一块
part-three-dimensional = 三维
part-two-dimensional = 二维
part-invalid-on-lattice = 取整到厘米后图形有误
part-repaired = 已修复
part-repaired-with = 已修复为{ $type ->
    [Polygon] 一个面
   *[MultiPolygon] 多个面
  }，{ $corners }个角点
part-gaps = { $n }处缝隙，{ $area_m2 }平方米

## 请求
part-not-utf8 = 不是 UTF-8
part-no-json-from = 从第{ $line }行第{ $column }列起不是 JSON
part-deeper-than = 嵌套超过{ $levels }层
part-digits-too-many = 有一个数字的位数太多
part-no-number = { $word } 不是数字
part-key-twice = 同一个对象里有键重复
part-role-kind = { $kind ->
    [manager] 网格管理员
    [coordinator] 协理员
    [leader] 领导
   *[administrator] 系统管理员
  }

## 登记表单元格
part-no-sheet = 其中没有工作表
part-cell-wrong = 第{ $row }行{ $column }：{ $why }
part-cell-broken = 含有空字符或残缺字符
part-cell-garbled = 已是乱码
part-cell-digits-lost = 被存为近似数字，末几位已丢失精度，请以文本格式导出
part-cell-no-telephone = 不是电话号码
part-cell-id-malformed = 不是18位身份证号
part-cell-id-check = 校验位不符
part-cell-birth-differs = 与身份证号中的出生日期不一致
part-cell-no-day = 不是日期，请写作2026-03-01、2026/3/1或2026年3月1日
part-cell-days-turned = 早于起始日期
part-cell-day-ahead = 晚于今天
part-cell-not-understood = 无法识别
part-cell-missing = 缺少
part-cell-too-long = 过长
