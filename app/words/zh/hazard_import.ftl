### 从文件导入隐患。

hazard-import-row = 行
hazard-import-id = 编号
hazard-import-outcome = 结果
hazard-import-why = 原因
hazard-import-remedy = 处理办法
hazard-import-entered = 已导入
hazard-import-looked = 试导入，未保存；结果将是
hazard-import-counted = { $outcome }{ $n }
hazard-import-of-them = 录入的行中，已结案{ $closed }件；描述可能涉及个人、待核查后才显示的{ $held }件。
hazard-import-ignored = 未读取的列：{ $columns }。
hazard-import-refused = { $n }行未录入，首行为第{ $first }行：{ $reason }
hazard-outcome-taken = 录入
hazard-outcome-repeated = 已有
hazard-outcome-refused = 未录入
hazard-row-no-id = 该行没有编号。
hazard-remedy-no-id = 请补上唯一的编号，否则再次导入时无法识别。
hazard-row-long-id = 编号超过200个字符。
hazard-remedy-long-id = 请改用较短的编号。
hazard-row-id-twice = 前面已有编号相同的行。
hazard-remedy-id-twice = 请为每行使用不同的编号，或删去多余的行。
hazard-row-cell-broken = 单元格内容不是正常文字。
hazard-remedy-cell-broken = 请重新填写该单元格，或将文件另存为UTF-8编码。
hazard-row-digits-lost = 表格软件截去了数字的后几位。
hazard-remedy-digits-lost = 请将该列设为文本格式后重新填写。
hazard-row-bad-date = 时间无法识别。
hazard-remedy-bad-date = 请写成2026-03-01 14:30；月份在前的写法须带AM或PM。
hazard-row-ahead = 时间晚于现在。
hazard-remedy-ahead = 请更正日期；可写明时区，如2026-03-01T14:30+08:00。
hazard-row-closed-before = 结案时间早于发生时间。
hazard-remedy-closed-before = 请更正其中一个时间，或将结案时间留空。
hazard-row-bad-severity = 等级无法识别。
hazard-remedy-bad-severity = 请填1、2、3，或一般、较大、重大。
hazard-row-long-detail = 描述超过2000字。
hazard-remedy-long-detail = 请缩短。
hazard-row-unknown-kind = 没有这一隐患类别。
hazard-remedy-unknown-kind = 请写明对应的本系统类别，或为此类行统一选定一个类别。
hazard-row-no-coordinates = 没有坐标。
hazard-remedy-no-coordinates = 请查明经度和纬度后填写。
hazard-row-bad-coordinates = 经度或纬度不是数字。
hazard-remedy-bad-coordinates = 请填以度为单位的小数，如113.1234。
hazard-row-not-degrees = 坐标不是经纬度。
hazard-remedy-not-degrees = 请换算成WGS-84经纬度。
hazard-row-swapped = 位置不在辖区内；经度与纬度对调后在辖区内。
hazard-remedy-swapped = 请将两列对调。
hazard-row-shifted = 位置不在辖区内；若为偏移坐标（GCJ-02或BD-09），则在辖区内。
hazard-remedy-shifted = 请查明文件采用GCJ-02还是BD-09坐标，整个文件按该坐标导入。
hazard-row-outside = 位置不在辖区内。
hazard-remedy-outside = 请更正坐标，或导入到所在的辖区。

hazard-import-title = 导入隐患
hazard-import-page-about = 从CSV或XLSX表格导入带时间的点位。每行成为所在社区和网格的一件隐患；来源中已办结的，在此为已结案。
hazard-import-place = 辖区
hazard-import-file = 文件
hazard-import-file-about = CSV（UTF-8或GB18030）或XLSX，最大20 MB、25,000行；更大的文件请用命令行导入。首行为列名。
hazard-import-look = 先查看
hazard-import-enter = 导入
hazard-import-report = 逐行报告
hazard-import-kept = 查看不保存任何内容，文件本身也不保留。不能录入的行逐行说明原因，其余行一次性全部录入。再次导入时，已有的行保持不变。
hazard-import-was-looked = 各行将如何处理
hazard-import-was-entered = 已导入
hazard-import-closed = 其中已结案
hazard-import-held = 暂不显示描述
hazard-import-held-about = 描述可能涉及个人的，须经核查后才显示。
hazard-import-see = 查看隐患
hazard-import-rows = 行数
hazard-import-first = 首行
hazard-import-each = 逐行查看
hazard-import-more = 另有{ $n }行，见逐行报告
hazard-import-columns = 各列的含义
hazard-import-by-name = 按列名识别
hazard-import-field =
    { $field ->
        [id] 编号
        [occurred_at] 发生时间
        [closed_at] 结案时间
        [kind] 类别
        [severity] 等级
        [detail] 描述
        [lon] 经度
       *[lat] 纬度
    }
hazard-import-kinds = 文件中的类别
hazard-import-kinds-about = 以下类别与本系统的名称不一致。请逐一对应，然后再次查看。
hazard-import-kind-rows = { $n }行
hazard-import-none-of-ours = 无对应类别
hazard-import-options = 更多选项
hazard-import-other-kind = 无对应类别的行
hazard-import-refuse = 不录入
hazard-import-datum = 坐标系
hazard-import-datum-named =
    { $datum ->
        [cgcs2000] CGCS2000
        [gcj02] GCJ-02（火星坐标，国内网络地图）
        [bd09] BD-09（百度坐标）
       *[wgs84] WGS-84
    }
hazard-import-source = 来源
hazard-import-source-about = 按来源和编号识别已导入的行；留空则为文件名。
