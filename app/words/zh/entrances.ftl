## 大楼按单元划分
entrances-section = 大楼
entrances-about = 户数超出一个网格容量的大楼，可以按单元划入不同网格。请标记适合这样划分的楼栋。
entrances-divide = 已标记的楼按单元划分
entrances-divide-about = 每个单元连同其住户属于一个网格，整栋楼可分属几个网格。
entrances-building = { $name }：{ $households }户，{ $n }个单元
entrances-choose = 选择楼栋
entrances-mark-one = 标记楼栋
entrances-mark = 允许{ $name }按单元划分
entrances-unmark = { $name }恢复整栋划分
entrances-none-known = 这里尚未录入单元。请随区域一起导入图层“单元”。
entrances-now = { $divide ->
    [true] 按单元划分{ $n }栋
   *[false] { $n ->
        [0] 整栋
       *[other] 整栋，已标记{ $n }栋
      }
  }
entrances-share = { $number }号网格{ $n }户
entrances-shared = 按单元划分：{ $grids }
