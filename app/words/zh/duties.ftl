# 责任：谁负责哪个网格
duties-title = 责任
duties-about = 每个网格任何时候只有一名负责人，副手可代班。无人负责即为空岗，注明起始日期。
duties-no-place = 您目前没有可查看的区域，请系统管理员授予角色。
duties-place = 区域
duties-show = 查看
duties-tab-roster = 名册
duties-tab-leave = 休假
duties-tab-staffing = 人员配备
duties-tab-proposals = 分工方案
duties-tab-training = 培训
duties-grids = 共{ $n }个网格
duties-vacancies = { $n }个空岗
duties-grid = 网格
duties-coordinator = 协理员
duties-since = 起始
duties-deputies = 副手
duties-households = 户数
duties-buildings = 楼栋
duties-away = 休假至{ $day }
duties-vacant = { $day }起空岗
duties-assign = 指派
duties-no-grids = 此处没有现行网格，请先发布划分方案。

duties-leave-about = 只登记日期，不登记原因。
duties-uncovered = 无人代班：{ $grids }
duties-leave-withdraw = 撤销
duties-nobody-away = 无人休假。
duties-first-day = 首日
duties-last-day = 末日
duties-leave-add = 登记

duties-staffing-about = 按现行规则：每个网格一人；每{ $n }名流动人口一人。取其多者。
duties-grids-head = 网格
duties-floating = 流动人口
duties-needed = 应配
duties-on-duty = 在岗
duties-short = 缺
duties-total = 合计

duties-proposals-about = 每个方案在其目标上最优，其余由另两项目标决定。路程按社区中心到网格的直线距离计算。
duties-end-walking = 路程最短
duties-end-buildings = 保留楼栋最多
duties-end-changes = 变动最少
duties-walking = 单程路程
duties-kept = 保留楼栋
duties-changes = 变动
duties-left-vacant = 仍空岗
duties-who-changes = 变动明细
duties-nobody = 无人
duties-accept = 执行这{ $n }项变动
duties-no-changes = 维持现状，无变动。
duties-no-proposals = 此处没有现行网格或没有协理员。

duties-attendances-in-all = 累计{ $n }人次
duties-course = 课程
duties-course-kind = 类别
duties-course-pre-job = 岗前
duties-course-in-post = 在岗
duties-course-special = 专项
duties-holds = 有效期
duties-holds-months = 有效期（月，空白为长期）
duties-months = { $n }个月
duties-for-good = 长期
duties-attendances = 人次
duties-people = 人数
duties-last-held = 最近一次
duties-overdue = 逾期未训
duties-attend = 登记参训
duties-held-on = 培训日期
duties-who-came = 参训协理员
duties-attend-act = 登记
duties-no-courses = 尚无课程。
duties-course-new = 新增课程
duties-course-add = 添加

duties-grid-named = 网格{ $code }
duties-has = { $households }户，{ $buildings }栋楼
duties-hand-over = 交接
duties-answers-now = 现由{ $name }负责，未办事项：
duties-vacant-now = 目前空岗
duties-takes-over = 接手人
duties-has-grids = { $n }个网格，{ $households }户
duties-free = 尚无网格
duties-note = 备注
duties-note-about = 钥匙、约定、注意事项等。请勿写居民姓名。
duties-hand-over-act = { $n ->
    [0] 立即交接
   *[other] 立即交接，随附{ $n }项未办事项
}
duties-deputy-until = 至{ $day }
duties-deputy-since = { $day }起，直至撤销
duties-deputy-end = 撤销
duties-no-deputy = 无人代班。
duties-deputise = 增加副手
duties-history = 历任负责人
duties-who = 协理员
duties-from = 起
duties-to = 止
duties-days = 天数
duties-today = 今天
duties-vacant-span = 空岗
duties-no-history = 该网格尚无人负责过。
duties-handovers = 历次交接
duties-open-hazard = 未结案隐患
duties-open-inspection = 到期待查
duties-open-verification = 待核对住户
duties-open-never = 从未走访的房屋
duties-open-promise = 待兑现承诺
duties-open-need = 未办结服务需求
duties-open-letter = 即将到期的责任书
duties-open-move-out = 退租待核查
duties-open-employer = 无安全联系人的单位
duties-open-zero-report = 缺报的零报告
duties-open-appeal = 申诉中的指标

handover-title = 网格{ $code }交接单
handover-about = 列出该网格全部未办事项，只写门牌，不写居民姓名。本次查看已记录。
handover-print = 打印
handover-from = 移交人：{ $name }
handover-to = 接手人：{ $name }
handover-when = { $when }由{ $by }办理交接 · { $printed }打印
handover-then = 交接时未办事项
handover-letter = { $kind ->
    [contract] 租赁合同到期
    [safety-letter] 安全责任书到期
   *[other] 责任声明到期
}
handover-nothing = 目前没有未办事项。
handover-signs-gives = 移交人（签字、日期）
handover-signs-takes = 接手人（签字、日期）
handover-signs-sees = 监交人（签字、日期）
handover-foot = 网格{ $code } · 打印时未办{ $n }项 · 不得张贴
duties-tab-names = 对外称呼
duties-names-about = 居民在公开页面、查询屏和张贴图表上看到的称呼。留空则显示姓名。修改后查询屏一分钟内更新。
duties-names-of = { $name } 的对外称呼
duties-names-no-phone = 未登记办公电话
duties-names-keep = 保存
duties-names-nobody = 本地暂无协理员
