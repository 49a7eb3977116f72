### 网格文件：方案导出、外部绘制的网格图层导入及其报告

## 导出
export-act = 导出
export-as = 将{ $name }导出为
export-format = { $format ->
    [gpkg] GeoPackage
    [qgis] QGIS 专用 GeoPackage
    [shp] Shapefile（zip）
    [kml] KML
   *[geojson] GeoJSON
  }
export-format-about = { $format ->
    [gpkg] 网格图层，各种地图软件通用
    [qgis] 含地块、楼栋、配色和标注
    [shp] 适用于旧版软件，中文名称不乱码
    [kml] 适用于地图浏览器，配色与此处一致
   *[geojson] 适用于网页和程序
  }

## 导入
layer-send = 外部绘制的网格
layer-send-about = 发送一个网格图层即可生成草案：每个多边形取得其覆盖大部分的地块。不吻合之处不会丢失，都会列入报告。
layer-file = 文件
layer-file-about = GeoPackage、Shapefile压缩包、KML或GeoJSON，不超过20 MB
layer-target = 每格户数
layer-target-about = 留空则按现行方案，无方案时按现行规则
layer-reading = 文件读取方式
layer-code-column = 编码列
layer-name-column = 名称列
layer-act = 生成草案
layer-working = 正在贴合图层

## 报告
layer-title = 图层报告
layer-of = 来自{ $file }的网格
layer-took = 贴合结果
layer-polygons = 多边形
layer-outside = { $n }个在本区划之外
layer-moved = 与所绘不同网格的面积
layer-uncovered = 无多边形覆盖
layer-doubled = 两个多边形重叠
layer-datum = 若按{ $datum }读取，这些多边形会与本区划吻合得多。请选择该坐标基准重新发送。
layer-rows-out = 文件中有{ $n }行未采用，首行原因：{ $why }
layer-nothing = 完全吻合：网格与所绘一致。
layer-kind = { $kind ->
    [cut] 被绘线切割的楼栋
    [uncovered] 无多边形覆盖的用地
    [doubled] 重叠的用地
    [torn] 与所属网格断开的部分
    [divided] 跨社区的多边形
    [lost] 没有地块的多边形
   *[renumbered] 编码变更的网格
  }（{ $n }）
layer-kind-about = { $kind ->
    [cut] 每栋现整栋归入一个网格，即覆盖其地块大部分的网格。
    [uncovered] 已归入公共边界最长的相邻网格；没有任何多边形的社区整体成为一个网格。
    [doubled] 每个地块归入覆盖其面积较大的多边形。
    [torn] 与多边形其余部分不相连，已并入相邻网格或单独成格。
    [divided] 网格不跨社区：各部分分别成格，窄条并入相邻网格。
    [lost] 未覆盖任何地块的大部分。
   *[renumbered] 文件中的编码已被占用，或以其他社区编码开头。
  }
layer-cut-became = 被切为{ $shares }，现整栋归入{ $grids }
layer-divided-became = { $communities }：{ $n }个网格（{ $grids }）{ NUMBER($strayed) ->
    [0] {""}
   *[other] ；{ $strayed }个地块并入相邻网格
  }
layer-lost-became = 未生成网格
layer-doubled-strip = 窄条，没有地块大部分位于两者之内
layer-now-in = 现归入{ $grids }{ $more ->
    [0] {""}
   *[other] 等，另有{ $more }个
  }
layer-made = 现单独成格：{ $grids }{ $more ->
    [0] {""}
   *[other] 等，另有{ $more }个
  }
layer-and = 与
layer-households = { $n }户
layer-all = 显示全部{ $n }项
layer-more = 另有{ $n }项仅计数

## 两个方案的差异
difference-view = 差异
difference-buildings = 归属变更的楼栋
difference-building = 楼栋
difference-from = 原网格
difference-to = 新网格
difference-total = { NUMBER($n) ->
    [0] 没有楼栋变更归属。
   *[other] { $n }栋楼，共{ $households }户
  }
difference-total-untold = { NUMBER($n) ->
    [0] 没有楼栋变更归属。
   *[other] { $n }栋楼
  }
difference-people = 居民{ $people }人
difference-more = 继续显示（还有{ $n }栋）
difference-print = 打印全部
