### 地图编辑：绘制、拖动、划分、合并网格

edit-title = 编辑方案
edit-open = 在地图上编辑
edit-back = 返回方案列表
edit-undo = 撤销
edit-redo = 重做
edit-help = 按键与手势
edit-map = 方案地图
edit-canvas = 方案地图。加减号缩放；回车选中地图中央的网格，方向键走到相邻网格。字母键选工具：B 边界，P 涂选，T 划给，X 划线切分，G 合并，D 绘制。使用工具时，方向键移动光标，回车确认，Esc 取消。
edit-tools = 工具
edit-side = 网格、列表、历史与问题
edit-saving = { $state ->
    [saved] 已保存 · 第 { $version } 版
    [saving] 正在保存……
    [offline] { $n } 处修改存在本机，联网后自动提交
   *[conflict] 有人改了同一处，请决定以谁为准
 }
edit-unkept = 此浏览器不在本机留存数据（可能是无痕窗口）。全部保存之前，请不要关闭本页。
edit-tool = { $tool ->
    [select] 选择
    [border] 边界
    [paint] 涂选
    [give] 划给
    [split] 切分
    [run] 等分
    [merge] 合并
    [draw] 绘制
    [street] 沿街
    [cut] 切地
    [compound] 大院
    [rename] 名称
    [lock] 锁定
    [assign] 指派
   *[find] 查找
 }
edit-tool-about = { $tool ->
    [select] 选择网格
    [border] 移动两个网格的边界
    [paint] 扫过地块，划给某个网格
    [give] 把一栋楼划给相邻网格
    [split] 沿一条线切分网格
    [run] 自动把网格等分
    [merge] 把两个网格合并
    [draw] 绘制新网格
    [street] 让边界沿街道走
    [cut] 沿线切开空地
    [compound] 绘制出租大院
    [rename] 网格的编号、名称和类型
    [lock] 锁定或解锁所选网格
    [assign] 为所选网格安排负责人
   *[find] 查找网格、楼栋或地址
 }
edit-accept = 确认
edit-cancel = 取消
edit-save = 保存
edit-new-grid = 新
edit-this-plot = 此地块
edit-grid-chip = { $grid } · { $households }
edit-chosen = 网格 { $grid }：{ $households } 户，{ $buildings } 栋
edit-grid-said = 网格 { $grid } { $households } 户
edit-plot-said = 网格 { $grid }，{ $households } 户 { $buildings }
edit-ground-coming = 这些网格的地块还在载入，请稍候再试。

edit-border-choose = 拖动边界；或点选一条边界后用方向键推动。
edit-border-how = { $first } 与 { $second } 的边界：拖动、点地块，或用箭头推动。
edit-border-of = 网格 { $first } 与网格 { $second } 的边界
edit-border-next = 下一条边界
edit-push = { $way ->
    [ArrowLeft] 边界向左推
    [ArrowRight] 边界向右推
    [ArrowUp] 边界向上推
   *[ArrowDown] 边界向下推
 }
edit-paint-choose = 请点选要扩大的网格。
edit-paint-how = { $way ->
    [lasso] 圈出要划给网格 { $grid } 的地块。
   *[sweep] 扫过或逐个点选要划给网格 { $grid } 的地块。
 }
edit-paint-way = 选地块的方式
edit-paint = { $way ->
    [lasso] 圈选
   *[sweep] 扫选
 }
edit-none = 清空
edit-give-choose = 请点选要划出的楼栋。
edit-give-how = { NUMBER($n) ->
    [0] { $what }在网格 { $grid } 中间，旁边没有别的网格。请选靠边界的楼栋。
   *[other] 网格 { $grid } 的{ $what }划给谁？点网格，或在此选择。
 }
edit-give-to = { $what }：请选择接收的网格。
edit-split-how = { NUMBER($points) ->
    [0] 点两个点，沿连线切分网格。
   *[other] 请点线的下一个点。
 }
edit-split-shown = 网格 { $grid } 将沿此线切分。继续点可以让线转弯。
edit-run-choose = 请点选要等分的网格。
edit-run-how = 网格 { $grid } 共 { $households } 户，分成几个？
edit-run-act = 预览
edit-parts = 份数
edit-merge-choose = 请点选要保留的网格。
edit-merge-how = 哪个网格并入网格 { $grid }？点网格，或在此选择。
edit-draw-how = { NUMBER($corners) ->
    [0] 依次点出新网格的各个角。
    [one] 请点下一个角。
    [2] 至少还要一个角。
   *[other] 大半在圈内的地块组成新网格。
 }
edit-exact = 精确
edit-exact-about = 沿线切开空地，但不切楼栋
edit-exact-how = { $waits ->
    [yes] 圈内范围精确划为新网格，正在测算……
   *[no] 圈内范围精确划为新网格。
 }
edit-exact-figures = { $cuts ->
    [0] 新网格共 { $households } 户、{ $buildings } 栋，不需要切开空地。
   *[other] 新网格共 { $households } 户、{ $buildings } 栋，将切开 { $cuts } 块空地。
 }
edit-exact-done = 已沿线划出网格 { $grid }。
edit-street-choose = 请点选要沿街走的边界。
edit-street-how = { NUMBER($n) ->
    [-1] 正在查找 { $first } 与 { $second } 边界附近的街道……
    [0] { $first } 与 { $second } 的边界附近没有街道。
   *[other] { $first } 与 { $second } 的边界沿哪条街走？
 }
edit-street-unnamed = 无名街道
edit-cut-how = 在空地上画一条线，沿线切开，楼栋不会被切。
edit-cut-act = 切开
edit-cut-done = 已切开，各部分可以划给不同网格。
edit-compound-how = { $act ->
    [known] 点选角点即可拿起，点边线可添加角点。
    [holding] 点选角点的新位置；按退格键删除该角点。
   *[new] { NUMBER($corners) ->
        [0] 请点出出租大院的各个角。
       *[other] 已点 { $corners } 个角。
    }
 }
edit-compound-unnamed = 出租大院
edit-compound-act = { $known ->
    [yes] 保存大院
   *[no] 添加大院
 }
edit-compound-done = { $known ->
    [yes] 大院已修改，地块将在下次导入时更新。
   *[no] 出租大院已上图，下次导入也会保留。
 }
edit-compound-which = 大院
edit-compound-new = 新建
edit-compound-remove = 移除
edit-compound-removed = “{ $name }”已从地图移除。
edit-rename-choose = 请点选要改编号、名称或类型的网格。
edit-rename-how = 网格 { $grid }
edit-number = 编号
edit-name = 名称
edit-kind = 类型
edit-kind-of = { $kind ->
    [residential] 居住
    [mixed] 混合
    [mall] 商场
    [market] 市场
    [park] 园区
   *[site] 工地
 }
edit-space = 空格键
edit-lock-choose = 请先选择网格。
edit-lock-mark = 已锁定
edit-locked = { $locked ->
    [yes] 网格 { $grid } 已锁定，保持不变。
   *[no] 网格 { $grid } 已解锁。
 }
edit-refusal = { $code ->
    [grid_in_pieces] { $named ->
        [yes] { $buildings }会与网格 { $grid } 断开。
       *[no] 网格 { $grid } 会断成 { $pieces } 块。
     }
    [community_crossed] 这块地属于别的社区，网格 { $grid } 到此为止。
    [grid_is_locked] 网格 { $grid } 已锁定，请先解锁（L）。
    [building_is_locked] { $building }已锁定在原网格。
    [plot_moved] 别人刚刚移动了这个地块。
    [grid_gone] 别人刚刚撤掉了这个网格。
    [line_divides_nothing] 整个网格 { $grid } 都在线的同一侧。
    [ground_not_loaded] 网格 { $grid } 的地块还在载入。
   *[other] 这里不能这样操作。
 }
