### 四本台账：屏幕、纸张、文件。

ledger-title = 台账
ledger-name = { $ledger ->
    [coordinators] 协理员台账
    [employers] 用工单位台账
    [needs] 服务需求台账
   *[residents] 居民台账
  }
ledger-column = { $column ->
    [address] 地址
    [door] 房号
    [names] 居住人员
    [residents] 人数
    [floating] 流动人口
    [let] 居住方式
    [phone] 联系电话
    [since] 入住日期
    [hour] 方便走访时间
    [visited] 最近走访
    [state] 本季度核实
    [promises] 未兑现承诺
    [needs] 未办结需求
    [employer] 单位名称
    [kind] 类别
    [size] 规模
    [contact] 安全联系人
    [contact_phone] 联系电话
    [statement] 责任书
    [statement_until] 有效期至
    [service] 服务事项
    [who] 居民
    [need_state] 状态
    [asked_on] 提出日期
    [owner] 经办人
    [office] 转介部门
    [answer_due] 应答复日期
    [result] 办理结果
    [kept_until] 保存至
    [grid] 网格
    [community] 社区
    [coordinator] 协理员
    [office_phone] 办公电话
    [answers_since] 负责起始
    [deputies] 协助人员
    [planned] 划分户数
    [households] 登记户数
    [rentals] 出租房屋
    [verified] 已核实户
   *[share] 核实率
  }
ledger-word = { $word ->
    [let] 租住
    [own] 自住
    [day] 白天
    [evening] 晚上
    [weekend] 周末
    [verified] 已核实
    [due] 待核实
    [never] 未走访
    [employer] 企业
    [shop] 商铺
    [market] 市场
    [site] 工地
    [n1-9] 1–9 人
    [n10-49] 10–49 人
    [n50-299] 50–299 人
    [n300-or-more] 300 人以上
    [valid] 有效
    [expiring] 30 天内到期
    [expired] 已过期
    [none] 未签订
    [open] 待办
    [referred] 已转介
   *[done] 已办结
  }
ledger-vacant = 空岗
ledger-number = 序号
ledger-columns = 列
ledger-columns-apply = 按此显示
ledger-print = 打印
ledger-search = { $ledger ->
    [coordinators] 网格、社区或协理员
    [employers] 单位名称、地址或联系人
   *[residents] 姓名、拼音或地址
  }
ledger-grid = 网格
ledger-all-grids = 我的全部网格
ledger-show = 显示
ledger-filter = { $filter ->
    [all] 全部
    [due] 待走访核实
    [verified] 已核实
    [never] 从未走访
    [let] 出租
    [floating] 流动人口
    [unclear] 信息不全
    [promised] 有未兑现承诺
    [employer] 企业
    [shop] 商铺
    [market] 市场
    [site] 工地
    [no-statement] 无责任书
    [expiring] 30 天内到期
    [open] 待办
    [referred] 已转介
    [done] 已办结
    [late] 超期未答复
    [vacant] 空岗
   *[held] 有协理员
  }
ledger-look = 查看
ledger-rows = 共 { $n } 行
ledger-none-found = 没有符合条件的记录
ledger-none-found-about = 请换个关键词，或减少筛选条件。
ledger-show-all = 显示全部
ledger-none = 尚无登记
ledger-none-about = 首次走访或导入后即在此显示，不必重复录入。
ledger-logged = 每次查看均记录您的姓名和用途，居民本人可以查到。
ledger-signed-out = 您已退出登录，请重新登录后继续。
ledger-file-rows = 共 { $n } 行。
ledger-file-by = { $name }（{ $account }）于 { $when } 取出
ledger-file-mark = 水印 { $mark }：审计记录了取出人及所涉住户。
ledger-sheet = 第 { $at } 页，共 { $of } 页
ledger-sheet-sum = 本页小计
ledger-running-sum = 累计
ledger-signature = 签名：____________________ 日期：____________
ledger-print-too-long = 共 { $n } 行，超出打印上限（{ $most } 行）。请选择网格或筛选条件，或改为导出。

## 六清
clears-title = 六清
clears-about = 网格或楼栋应掌握的情况，及已掌握多少。点一行即列出所缺。
clears-building = 查看楼栋
clears-ledger = 本网格台账
clears-map = 在地图上看
clears-name = { $of ->
    [families] 家庭户清
    [persons] 人员类别清
    [facilities] 场所设施清
    [hazards] 隐患纠纷清
    [needs] 服务需求清
   *[hotspots] 热点问题清
  }
clears-rule = { $of ->
    [families] 有人居住的房屋均已登记住户
    [persons] 居民年龄段和户籍情况已登记
    [facilities] 出租房屋、用工单位有有效责任书
    [hazards] 本季度走访见到人的住户
    [needs] 服务需求已转介或办结
   *[hotspots] 到期承诺已兑现
  }
clears-nothing = 无应填项
clears-left = 缺 { $n } 项
clears-missing = 所缺：{ $of ->
    [families] 未登记住户的房屋
    [persons] 年龄段或户籍情况不明
    [facilities] 无有效责任书
    [hazards] 本季度未见到人
    [needs] 尚未受理的需求
   *[hotspots] 未兑现的承诺
  }
clears-none-missing = 此项无缺漏
clears-first = 仅列出前 { $n } 项。

## 地图上的居民
residents-title = 居民
residents-layer = 居民（计数）
residents-figure = { $name ->
    [households] 登记户数
    [residents] 居民
    [floating] 流动人口
    [rentals] 出租房屋
   *[verified] 已核实
  }
residents-few = 过少
residents-open = 打开台账
residents-compounds = 出租大院
residents-compound-about = { $letter ->
    [none] 无安全责任书
   *[until] 责任书有效期至 { $day }
  }
residents-visited = { $day } 检查
residents-building = 打开楼栋
residents-label = { $households } 户 · { $residents } 人
residents-label-due = { $n } 户待核实
