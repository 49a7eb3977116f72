### 供其他软件读取的公开数据（OGC API – Features）页面。

ogc-title = 供其他软件读取的网格数据
ogc-about = 现行网格、楼栋和公开的责任信息（OGC API – Features），QGIS、GDAL 无需插件即可打开。不含住户和居民信息。
ogc-api = 接口说明
ogc-conformance = 符合的标准类别
ogc-collections = 数据集
ogc-this = 本文档
ogc-next = 下一页
ogc-grids = 网格
ogc-about-grids = 现行网格的界线、所属社区和划分方案。
ogc-buildings = 楼栋
ogc-about-buildings = 楼栋轮廓及编码、名称、地址、类别和层数。
ogc-duties = 责任
ogc-about-duties = 今日各网格由谁负责：工作姓名和办公电话，位于网格内一点。
