### 带走热力图的当前视图。

heat-sheet-title = 隐患热力图：{ $place }
heat-sheet-kinds = { $n }类
heat-sheet-days = { $first }至{ $last }上报
heat-sheet-until = 截至{ $last }
heat-sheet-guard = 可对外使用：住有一至四户的地块、据以可推知此类情况的地块，其隐患不计入，地块留白；单个隐患的影响半径为{ NUMBER($metres) }米。
heat-sheet-made = { $day }制图
heat-sheet-blank = 该地块不作显示
heat-sheet-few = 不足5户
heat-sheet-far-less = 明显减少
heat-sheet-less = 减少
heat-sheet-same = 持平
heat-sheet-more = 增加
heat-sheet-far-more = 明显增加
heat-sheet-take = 导出当前视图
heat-sheet-about = 含图例、时段和比例尺。可对外使用：住有一至四户的地块留白，影响半径不小于100米。导出会留下记录。
heat-sheet-making = 正在制图。
heat-sheet-files = 导出这些隐患
