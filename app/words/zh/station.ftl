# 工作站：五项职责、六有、会议、公告、更正通知、调解
station-title = 工作站
station-about = 周期性工作、站点建设、会议记录、公告栏和待更正事项。
station-tab-calendar = 日历
station-tab-tasks = 五项职责
station-tab-haves = 六有
station-tab-meetings = 会议
station-tab-notices = 公告栏
station-tab-corrections = 更正通知
station-tab-mediation = 调解

station-duty-wishes = 了解居民意愿
station-duty-services = 落实各项服务
station-duty-help = 日常帮扶（自愿申请）
station-duty-organise = 联系单位和志愿者
station-duty-culture = 组织文体活动
station-every-week = 每周
station-every-month = 每月
station-every-quarter = 每季度
station-idle = { $day }以来无记录
station-never = 尚未开展
station-last = 最近{ $day }
station-done = { $day }已办
station-done-act = 已办
station-no-grid = 您目前没有负责的网格
station-no-grid-about = 本周、本月或本季度各项工作已在多少个网格办完。由网格负责人登记。
station-no-grids-about = 本区域还没有生效的网格。方案发布后，这里会列出每个网格的五项职责。
station-done-in = 已办{ $n }/{ $grids }个网格

station-haves-about = 以最近一次查看为准。无人查看即“未查看”，不等于没有。
station-have-sign = 有标识
station-have-place = 有场所
station-have-organisation = 有组织
station-have-network = 有网络
station-have-team = 有队伍
station-have-system = 有制度
station-there = 具备
station-yes = 有
station-no = 无
station-photo = 照片
station-not-looked = 未查看
station-what = 项目
station-is-there = 是否具备
station-photo-send = 照片（JPEG或PNG）
station-photo-about = 只拍实物，不拍人。照片附带的拍摄信息会被去除。
station-look-act = 登记查看结果

station-meeting-meeting = 例会
station-meeting-feedback-day = 意见反馈日
station-meeting-kind = 类别
station-minutes = 会议记录
station-meeting-keep = 保存记录
station-no-meetings = 尚无会议记录。

station-hangs-from = { $day }起
station-hangs-until = 至{ $day }
station-in-languages = { $both ->
    [yes] 中英文
   *[no] 仅中文
}
station-notice-sheet = 张贴用公告
station-notice-head = 公告
station-notice-by = 发布：{ $by }
station-notice-until = 张贴至{ $day }
station-take-down = 取下
station-no-notices = 公告栏目前没有公告。
station-for-grid = 网格编码（空白为全部网格）
station-title-zh = 中文标题
station-text-zh = 中文正文
station-title-en = 英文标题
station-text-en = 英文正文
station-hang = 发布公告

station-corrections-about = 楼栋或场所信息有误时，通知掌握该信息的部门更正。请勿写姓名：个人信息的更正在权利中心办理。时限按工作日计算。
station-answered = { $day }已答复
station-overdue = 已逾期（应于{ $day }答复）
station-due = { $day }前办
station-answer = 部门答复内容
station-answer-act = 保存答复
station-no-corrections = 尚未发出更正通知。
station-office = 发往部门
station-wrong = 现有信息
station-better = 正确信息
station-correct = 发出通知

station-mediation-about = 这里只有您本人的调解卷，他人无法打开，不上地图，也不导出。当事人只写姓氏或首字母。
station-outcome-settled = 调解成功
station-outcome-not-settled = 未达成
station-outcome-handed-on = 已移交
station-no-files = 您没有调解卷。
station-parties = 当事人（姓氏或首字母，如“李 王”）
station-dispute = 事由
station-take-on = 立卷

calendar-of = { $place }　{ $month }
calendar-months = 其他月份
calendar-about = 汇总工作站有日期的事项，只计数，不写人名。内容来自工作任务、会议记录、巡查、更正通知和公告，请在各处登记。入户事项见“今日”。
calendar-holiday = 放假：{ $what }
calendar-worked = 调休上班：{ $what }
calendar-feedback = 意见反馈日
calendar-feedback-kept = 意见反馈日已开展：记录{ $n }份
calendar-meeting = 例会{ $n }次
calendar-tasks = { $what ->
    [week] 当周工作：已办{ $n }/{ $whole }项
    [month] 当月工作：已办{ $n }/{ $whole }项
   *[other] 当季工作：已办{ $n }/{ $whole }项
  }
calendar-tasks-ahead = { $what ->
    [week] 当周工作截止：{ $whole }项
    [month] 当月工作截止：{ $whole }项
   *[other] 当季工作截止：{ $whole }项
  }
calendar-zero-from = { $month }零报告开始上报
calendar-zero-until = { $month }零报告上报期限：已报{ $n }/{ $whole }个网格
calendar-verification = { $n ->
    [1] 当月入户核实截止
    [3] 当季入户核实截止
   *[other] { $n }个月一轮的入户核实截止
  }
calendar-inspections = { $what }：应巡查{ $n }处
calendar-inspections-late = { $what }：{ $n }处逾期未巡查
calendar-inspections-done = { $what }：已巡查{ $n }处
calendar-corrections = { $n }件更正通知应得到答复
calendar-corrections-late = { $n }件更正通知逾期未答复
calendar-notice = 张贴公告{ $n }份
calendar-notice-ends = { $n }份公告最后一天
