### 登录、本人账号与人员管理。

## 登录
sign-in-title = 登录
sign-in-about = 本区的网格方案、人员与隐患。
sign-in-act = 登录
sign-in-help = 没有账号或忘记密码？请本区系统管理员为您设置新密码。
sign-out-act = 退出登录
account-account = 账号
account-password = 密码

## 被拒绝时
problem-title-400 = 内容无法读取
problem-title-401 = 请先登录
problem-title-403 = 您没有此权限
problem-title-404 = 此处没有内容
problem-title-405 = 此处不支持该操作
problem-title-409 = 与现有内容冲突
problem-title-410 = 已不存在
problem-title-412 = 内容已被他人更改
problem-title-413 = 内容过大
problem-title-415 = 不支持的类型
problem-title-422 = 无法完成
problem-title-428 = 缺少版本
problem-title-429 = 尝试次数过多
problem-title-500 = 系统出错
problem-title-503 = 请稍候再来
problem-title-507 = 空间不足
problem-title-other = 操作未成功
problem-again = 重试
problem-home = 前往地图

## 角色
role-manager = 网格管理员
role-coordinator = 协理员
role-leader = 领导
role-administrator = 系统管理员
role-kind = 角色
role-place = 辖区
role-until = 截止日期
role-until-about = 最后有效日；留空则长期有效
role-everywhere = 全部辖区
role-everywhere-choice = 全部辖区（仅限系统管理员）
role-grant = 授予该角色
role-revoke = 撤销
role-ends = 至{ $day }
role-ended = 已于{ $day }到期

## 人员
people-title = 人员
people-about = 谁可以登录，在哪里可以做什么。离岗人员停用账号，其工作记录保留。
people-add = 添加人员
people-add-about = 系统生成一个密码，由您转交本人。密码三天内有效，首次登录时须更换。
people-back = 返回
people-search = 姓名、账号或电话
people-search-act = 搜索
people-count = 共{ $n }人
people-none = 您的辖区还没有人员
people-none-about = 请添加第一位网格管理员、协理员或领导，添加后即可登录。
people-none-found = 没有符合“{ $words }”的人员
people-show-all = 显示全部
person-name = 姓名
person-phone = 办公电话
person-phone-about = 与网格信息一同向居民公开。
person-roles = 角色
person-no-roles = 无
person-no-roles-about = 尚无角色：可以登录，但看不到任何辖区。请在下方授予角色。
person-last-seen = 最近登录
person-seen = 最近使用：{ $when }
person-never-seen = 从未登录
person-retired = 已停用
person-details = 姓名与电话
person-save = 保存
person-access = 登录权限
person-access-about = 设置新密码会结束其所有登录。停用后不能登录，可随时恢复。
person-new-password = 设置新密码
person-sign-out = 全部退出登录
person-deactivate = 停用
person-reactivate = 恢复
person-password-given = 初始密码尚未更换。
person-yourself = 这是您本人。您的角色和权限须由其他系统管理员更改。
password-once-title = 待转交的密码
password-once-about = 仅此一次显示。三天内有效，首次登录时须更换。
account-about = 2至32位小写字母、数字、点或连字符，例如 wang.fang

## 本人账号
me-title = 我的账号
me-password = 密码
me-password-given = 此密码由他人设置。请先设置自己的密码。
me-password-changed = 密码已更换，其他设备上的登录已全部结束。
me-password-present = 当前密码
me-password-wanted = 新密码
me-password-again = 再次输入新密码
me-password-about = 至少{ $least }个字符，最好是只有您才会想到的几个词。
me-password-act = 更换密码
me-no-roles = 您还没有角色，请联系系统管理员。
me-sessions = 当前登录
me-session = { $begun }登录，最近使用：{ $seen }
me-sessions-about = 30分钟不使用，或登录满12小时，将自动退出。
me-sign-out-everywhere = 全部退出登录
