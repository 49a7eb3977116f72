# 协理员手机端：没有信号时可用的内容、手机中待上传的记录
phone-title = 入户走访
phone-report = 上报
phone-needs-script = 本页需要启用脚本才能显示手机中的内容。
phone-look = 查看
phone-offline = 无信号。待办清单和本网格地图已保存在手机中。
phone-unsent = 正在上传 { $n } 条记录。
phone-unsent-offline = 无信号。{ $n } 条记录已加密保存在手机中，有信号后自动上传。
phone-locked = 您已退出登录。{ $n } 条记录已加密保存在手机中，登录后上传。
phone-refused = { $n } 条记录被退回。请查看原因并重新填写。
phone-of-others = 手机中有他人的 { $n } 条记录待上传，须由本人登录上传。
phone-wiped = 应系统管理员要求，这部手机中的内容已清除。
phone-kept = 无信号。记录已加密保存在手机中，有信号后自动上传；您可以继续其他工作。
phone-kept-waiting = 记录已加密保存在手机中，将自动上传；您可以继续其他工作。
phone-kept-locked = 记录已加密保存在手机中。登录后上传。
phone-leave-title = 还有 { $n } 条记录未上传
phone-leave-about = 这些记录将加密保存在手机中，您再次在本机登录后才能上传。
phone-leave-stay = 暂不退出，先上传
phone-leave-go = 退出，记录保留

phone-nobody = 本机尚未登录
phone-nobody-about = 请在有信号时登录一次，待办清单将保存在手机中。
phone-no-pack = 尚未下载待办清单
phone-no-pack-about = 请在有信号时打开一次“今日”。
phone-not-here = 本页需要信号
phone-not-here-about = 以下是手机中已有的内容。
phone-taken = 更新于 { $when }
phone-find = 查找楼栋
phone-find-about = 编码、名称、地址、拼音或首字母
phone-found-none = 您的网格中没有符合的楼栋。
phone-nearest = 由近到远
phone-walk = { $n } 处，步行约 { $metres }
phone-skip = 跳过
phone-skipped = 已跳过，走访顺序已重新安排。
phone-unskip = 恢复
phone-nothing-due = 暂无待办
phone-due-n = { $n } 项待办
phone-missing = 缺：{ $fields }
phone-field-phone = 电话
phone-field-age_band = 年龄段
phone-field-registered_here = 户籍所在
phone-field-visit_hour = 方便走访的时间
phone-changed =
    { $joined ->
        [0] { $left } 栋楼划出您的网格
       *[other] { $left ->
            [0] { $joined } 栋楼划入您的网格
           *[other] { $joined } 栋楼划入您的网格，{ $left } 栋划出
        }
    }
phone-changed-about = { $day } 网格界线调整。未办结事项随楼栋转移。
phone-joined-from = 由 { $who }（网格 { $grid }）移交
phone-left-to = 移交 { $who }（网格 { $grid }）
phone-passed-nobody = 暂无责任人
phone-joined = 划入
phone-left = 划出

phone-map = 我的网格
phone-map-about = 共 { $buildings } 栋楼，有待办的已填色。
phone-closer = 放大
phone-farther = 缩小
phone-whole = 全部
phone-where = 我的位置
phone-where-about = 位置仅在本机使用，不作记录。

phone-visit = 走访
phone-visit-at = 走访 { $door }
phone-visit-result = 是否见到住户
phone-visit-verified = 已逐项核对，登记内容无误
phone-visit-people = 现住但尚未登记的人员
phone-visit-name = 姓名
phone-visit-phone = 电话
phone-visit-consent = 已告知用途并取得本人同意
phone-visit-asked = 住户诉求
phone-visit-promised = 答复承诺
phone-visit-until = 期限
phone-save = 保存
phone-not-kept = 未能保存在手机中。表单内容仍在，请重试。
phone-photo-unreadable = 手机无法读取照片 { $name }，内容尚未保存。请移除该照片或另选一张。
phone-arrival = 来人登记
phone-arrival-door = 房号
phone-arrival-on = 入住日期

phone-hazard = 隐患上报
phone-hazard-kind = 隐患类别
phone-hazard-severity = 等级
phone-hazard-severity-1 = 一般
phone-hazard-severity-2 = 较大
phone-hazard-severity-3 = 重大
phone-hazard-words = 简要说明
phone-hazard-where = 位置
phone-hazard-here = 我所在的位置
phone-hazard-photo = 照片
phone-hazard-no-place = 请选择楼栋，或使用您所在的位置。

phone-me = 本机记录
phone-me-none = 没有待上传的记录，本机填写的内容均已送达。
phone-kind-visit = 走访
phone-kind-arrival = 来人登记
phone-kind-hazard = 隐患
phone-kind-photo = 照片
phone-kind-dropped = 已放弃
phone-state-unsent = 待上传
phone-state-refused = 被退回
phone-state-done = 已送达
phone-written = { $when } 填写
phone-read = 查看内容
phone-drop = 放弃
phone-drop-sure = 确定永久放弃这条记录吗？任何人都不会收到它。
phone-send-now = 立即上传
phone-empty = 清空本机
phone-empty-sure =
    { $n ->
        [0] 确定清除您在本机的全部内容吗？
       *[other] 还有 { $n } 条记录未上传，清空后将永久丢失，并会留下登记。确定清空本机吗？
    }
phone-emptied = 本机已清空。
phone-read-needs = 如需查看内容，请在有信号时登录。

phone-handsets = 手机
phone-handset-seen = 最近使用 { $when }
phone-handset-unsent =
    { $n ->
        [0] 无未上传记录
       *[other] { $n } 条记录未上传
    }
phone-handset-wipe = 远程清除
phone-handset-wipe-asked = { $when } 起待清除
phone-handset-wiped =
    { $n ->
        [0] { $when } 已清除，无记录丢失
       *[other] { $when } 已清除，丢失 { $n } 条未上传记录
    }
phone-handsets-about = 远程清除会丢失尚未上传的记录，丢失条数在此显示。
phone-consent-missing = 请征得本人同意并勾选，或删去姓名。
phone-promise-day = 承诺须有期限，请填写日期。
phone-cancel = 取消
phone-walk-and-find = 走访路线与查找
phone-recheck = 待核查隐患
phone-recheck-since = { $day } 报称已处置，须由他人核查
phone-inspections = 到期巡查
phone-scan = 扫码
phone-scan-hold = 请将单页或门牌上的二维码对准镜头，画面不会保存。
phone-scan-none = 此浏览器不能直接识别二维码。请用手机相机扫码后打开链接，或输入码旁的编码。
phone-scan-no-camera = 无法使用摄像头。请允许本页使用，或用手机相机扫码，或输入码旁的编码。
phone-scan-other = 这不是本系统的二维码。
phone-scan-typed = 码旁的编码
phone-scan-find = 查找
phone-sheet-old = 此单页早于现行网格界线，或属于其他网格，请索取新的单页。
phone-west = 向西
phone-north = 向北
phone-south = 向南
phone-east = 向东
