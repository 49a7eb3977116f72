## The frame around every page

frame-tasks = 功能
frame-skip = 跳到正文
frame-map = 地图
frame-split = 划分
frame-plans = 方案
frame-import = 导入
frame-people = 人员
frame-today = 今日
frame-board = 看板
frame-cases = 隐患
frame-heat = 热力图
frame-reports = 月报
frame-paper = 打印
frame-offices = 服务点
frame-registers = 台账
frame-duties = 责任
frame-station = 工作站
frame-indicators = 指标
frame-rights = 权利
frame-rules = 规则
frame-me = 我的
frame-more = 更多
frame-theme = 外观
frame-close = 关闭
frame-undo = 撤销

## When the server gives no answer

frame-network-gone = 连不上服务器。请检查网络；眼前的内容不会丢，网络恢复后地图自动继续。
frame-server-busy = 服务器正忙或正在重启，请稍候再试；没有任何改动。
frame-refused = 服务器没有执行这一步。请刷新页面再试；若再次出现，请告诉系统管理员。
frame-session-over = 您有一段时间没有操作，已自动退出。重新登录后可从原处继续。
frame-sign-in-again = 重新登录
