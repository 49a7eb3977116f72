# 方案流程：草案、审核、批注、历史
life-stage = { $stage ->
    [waiting] 待审核
    [approved] 已批准
    [failed] 未能发布
    [sent_back] 已退回
    [published] 现行
    [retired] 已停用
   *[draft] 草案
}
life-drafts = 草案
life-others = 现行与历史方案
life-slot = 草案{ $slot }
life-slot-free = 草案{ $slot }空缺
life-slot-split = 划分到{ $slot }
life-draft-besides = 草案
plans-pick-short = 对比
plans-in-force = { $to ->
    [none] { $from }起
   *[other] { $from }至{ $to }
}
life-open-comments = { $n }条待处理批注
life-waits-for-you = 有{ $n }份方案等待您审核

# 审核情况
life-waiting = { $by }于{ $when }送审
life-approved = { $by }已批准，{ $day }生效。
life-approved-due = { $by }已批准于{ $day }生效，正在发布，请稍后刷新。
life-sent-back = { $by }于{ $when }退回
life-failed = 原定{ $day }生效，未能发布
life-failed-remedy = 解决问题后请手动发布，或撤回该方案。
life-note = “{ $note }”
life-submission-lapsed = 该草案原已送审，现恢复为草案，须重新送审。
life-somebody = 某人

# 操作
life-edit = 在地图上编辑
life-compare = 对比
life-review = 审核
life-act-submit = 送审
life-act-withdraw = 撤回
life-act-duplicate = 复制
life-act-discard = 放弃
life-act-publish = 发布
life-approve = 批准
life-send-back = 退回

life-submit-title = 将{ $name }送领导审核？
life-submit-about = 在退回或撤回之前，任何人都不能修改它。
life-submit-note = 送审说明（可不填）
life-submitted = { $name }已送审，领导可在方案列表中看到。
life-withdraw-title = 撤回{ $name }？
life-withdraw-about = 撤回后恢复为草案，可以继续编辑；发布前须重新送审。
life-withdrawn = { $name }已恢复为草案。
life-duplicated = 已复制为{ $name }。
life-discard-title = 放弃{ $name }？
life-discard-about = 放弃后仍可在已停用方案中查看，但不能再编辑或发布。
life-not = 暂不

# 设置
life-alone = 管理员可不经领导批准直接发布
life-alone-about = 关闭后，{ $place }及其下级辖区的方案都须经领导批准。
life-alone-no = 本辖区的方案须经领导批准后发布。
life-alone-changed = 管理员现在可以直接发布。
life-alone-ended = 方案现在须经批准才能发布。

# 审核页
life-review-title = 审核{ $name }
life-review-about = { $place }：{ $grids }个网格，{ $households }户，{ $out }个网格户数超限
life-step-submitted = 送审
life-step-decided = 审核
life-step-in-force = 生效
life-step-not-yet = 尚未
life-decision = 您的审核意见
life-decision-about = 方案于当日零时起生效，无须人员值守。
life-effective = 生效日期
life-decision-note = 给管理员的意见
life-note-needed = 请写明需要修改之处，管理员会在草案旁看到。
life-decided-approved = 已批准，{ $day }生效。
life-decided-sent-back = 已退回管理员。
life-own = 该方案由您本人送审，须由其他领导审核。
life-never-submitted = 该方案没有送审。
life-map-title = { $name }及批注
life-changes-first = 这将是本辖区的第一份方案，所有网格都是新的。
life-certificate = 合格证
life-former-reviews = 以往审核

# 批注
life-comments = 批注
life-comments-none = 还没有批注。
life-comments-none-about = 请在地图上需要修改的位置添加批注。
life-comment-add = 添加批注
life-comment-words = 这里需要怎样修改？
life-comment-hint = 只谈位置和网格，请勿写居民姓名。
life-comment-pinning = 请点击地图上的位置，或
life-comment-middle = 标在地图中心
life-comment-pinned = 已标在{ $where }
life-comment-unpin = 不标位置
life-comment-spot = 网格以外的位置
life-comment-grid = 网格{ $code }
life-comment-send = 发送
life-comment-settle = 标为已处理
life-comment-settled = { $by }于{ $when }处理
life-comment-by = { $by }，{ $when }
life-comment-version = 针对第{ $version }版
life-comment-show = 在地图上查看
life-comment-number = 批注{ $number }
life-comment-show-settled = { $n }条已处理批注

# 地图上的历史
life-day = 查看日期
life-day-pick = 查看某一天的地图
life-day-banner = { $day }当日情况
life-day-about = 方案、协理员与空岗为当日情况；楼栋与道路为现状
life-day-back = 返回今天
life-day-none = { $day }，{ $place }尚无现行方案。
life-day-none-about = 第一份方案于{ $first }发布。
life-day-never = 至今尚未发布过方案。

# 同一地域前后对比
life-ground = 同一地域，前后对比
life-ground-about = 各时点的统计均汇总到{ $name }的网格，仅调整界线不会引起任何变化。
life-ground-same = 两份方案的地块和统计完全相同，地面情况没有变化，全部差异均由界线调整造成。
life-ground-then = { $day }
life-ground-households = 户数
life-ground-buildings = 楼栋
life-ground-in-band = 达标网格
life-ground-change = 变化
life-ground-grid = 网格
life-ground-grids = 变化最大的{ $n }个网格
life-ground-astride = 有{ $plots }个原地块跨越网格界线（{ $households }户），按面积较大的一侧计入。
life-ground-astride-untold = 有{ $plots }个原地块跨越网格界线，按面积较大的一侧计入；户数不公布。
life-ground-outside-untold = 有{ $plots }个原地块不在任何网格内，无法比较；户数不公布。
life-ground-outside = 有{ $plots }个原地块不在任何网格内（{ $households }户），无法比较。

# 现行网格的协理员
life-assign = 分派协理员
life-assign-other = 更换协理员
life-assign-title = { $grid }由谁负责？
life-assign-about = 即刻起生效，此前的负责人仍留有记录。
life-assign-nobody = 无人（空岗）
life-assign-load = { $name } · { $grids ->
    [0] 尚无网格
   *[other] { $grids }个网格，{ $households }户
}
life-assign-save = 分派
life-assign-done = { $grid }的协理员已更换。
