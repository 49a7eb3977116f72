## 方案合格证：屏幕与纸面

certificate-title = 合格证
certificate-about = 仅凭几何图形核验本方案，方案或底图有任何变动都会重新核验。可打印，也可保存JSON，日后用verify命令核对网格。
certificate-json = JSON
certificate-print = 打印
certificate-link = 合格证
certificate-head = { $place }网格划分合格证
certificate-plan = { $name }，第{ $version }版，{ $state }
certificate-times = { $made }划分 · { $certified }核验
certificate-map = 网格图
certificate-bar = { $metres }米
certificate-few = 少于{ $least }户
certificate-many = 多于{ $most }户
certificate-checks = 图形核验
certificate-fine = 无误
certificate-wrong = 有误
certificate-areas = 面积合计
certificate-areas-said = 网格{ $grids }平方米，辖区{ $outline }平方米；取整误差最多{ $rounding }平方米
certificate-gaps = 不在任何网格内
certificate-overlaps = 同属两个网格
certificate-outside = 超出辖区边界
certificate-pieces = 连成一片的网格
certificate-cut = 被界线切开的楼栋
certificate-cut-said = { $cut }栋，共{ $all }栋
certificate-divided = 另有{ $n }栋经管理员标记，按单元划分。
certificate-counted = 户数重新清点
certificate-counted-said = 各网格楼栋{ $n }户，全部楼栋{ $all }户
certificate-not-counted = 未清点：此后重新导入过，本方案所用地块不是最新版本。
certificate-faults = 发现的问题（{ $n }）
certificate-sizes = 每个网格的户数
certificate-band = 达标（{ $least }–{ $most }）
certificate-special = （其中专属网格{ $n }个）
certificate-counted-in = 范围按公式{ $formula }计算，不按户数。
certificate-min = 最少
certificate-median = 中位数
certificate-max = 最多
certificate-out = 超限网格（{ $n }）
certificate-code = 网格
certificate-off = 与{ $target }户之差
certificate-why = 原因与建议
certificate-parameters = 划分参数
certificate-target = 目标户数
certificate-target-said = 每个网格{ $target }户，{ $least }至{ $most }户
certificate-seed = 随机种子
certificate-edits = 划分后的调整
certificate-ground = 地块
certificate-ground-said = 第{ $version }版{ $newest ->
    [yes] ，最新
   *[no] ，已有更新版本
}
certificate-software = 软件及引擎标记
certificate-crs = 坐标系
certificate-hash = 指纹（SHA-256）
certificate-canonical = 指纹由每个网格的编码、户数和边界按JSON中说明的次序与格式算出；任何一个角点、户数或编码改变，指纹都会不同。
certificate-grids = 全部网格
certificate-grids-many = 共{ $n }个网格，不便在纸上逐一列出；全部网格见JSON。
certificate-foot = { $place } · 方案{ $plan }，第{ $version }版 · { $day } · { $hash }
