### 居民查询网格的公开页面和查询屏，以及对外公布的办公信息。

find-title = 查询我的网格
find-everywhere = 全部社区
find-question = 我属于哪个网格？
find-label = 地址、楼栋、小区或地标
find-hint = 也可输入拼音或首字母，例如“gcx”；或直接点地图。
find-search = 查询
find-matches = 查询结果
find-keys = 字母和数字
find-key-delete = 退格
find-key-clear = 清空
find-map = 网格地图
find-map-title = 地图：点一下您的住处
find-more = 更多
find-big = 大字
find-follow = 查询办理进度
find-private = 不问姓名，不设 Cookie，不跟踪任何人。
find-more-time = 再看一会儿
find-starts-over = { $seconds }秒后返回首页
find-nothing = 没有找到“{ $words }”。请试试楼号、小区名称，或直接点地图。
find-count = 找到{ $n }处
find-no-grid-here = 此处不在任何网格内，请点有颜色的范围。
find-offline = 网络中断。以下为{ $day }保存的内容，查询和地图仍可使用。
find-offline-little = 网络中断，本机没有保存该地的内容。请稍后再试，或到办公地点咨询。
find-grid-number = 第{ $number }网格
find-your-coordinator = 您的网格协理员
find-deputy = 代理
find-vacant = 暂无协理员，请致电办公室。
find-call = 拨打 { $phone }
find-office = 办公地点
find-hours = 办公时间
find-address = 地址
find-no-office = 尚未公布办公电话。
find-services = 可以办理的服务
find-complain = 投诉与监督
find-complain-phone = 对工作不满意，请拨打监督电话：{ $phone }。
find-complain-anyhow = 政务服务便民热线 12345 全天受理。
find-notices = 公告
find-until = 至{ $day }
find-plan = 网格划分方案“{ $name }”，{ $day }起施行，版本 { $version }
find-report = 上报隐患
find-print = 打印小票
find-start = 返回首页
find-kind = { $kind ->
    [building] 楼栋
    [compound] 小区、大院
    [landmark] 地标
   *[grid] 网格
}
find-slip-made = 打印于{ $day }

offices-title = 对外公布的办公信息
offices-about = 显示在公开页面、查询屏和张贴的图表上的电话、时间和地址，适用于本地及下级未另行设置的地方。
offices-place = 行政区划
offices-show = 显示
offices-kept = 已保存，查询屏一分钟内更新。
offices-no-place = 您还没有管理的地方。
offices-from-above = 本地没有单独设置，以下为 { $code } 的内容。
offices-phone = 办公电话
offices-supervision-phone = 监督电话
offices-supervision-about = 受理对协理员工作的投诉。
offices-hours-zh = 办公时间（中文）
offices-hours-en = 办公时间（英文）
offices-address-zh = 地址（中文）
offices-address-en = 地址（英文）
offices-keep = 保存
offices-look = 查看公开页面
