### 居民上报隐患、待审核内容、凭码查询。

site-report-title = 上报隐患
site-report-about = 发现某处有危险或扰民？请告诉我们地点和情况。请只写地点和情况，不要写人；姓名、电话、车牌会被去掉。
site-report-back = 返回地图
site-report-where = 地点
site-report-point = 您选的位置
site-report-no-place = 请先选楼栋，或在地图上点一下位置。
site-report-not-found = 无法获取您的位置，请在地图上选择。
site-report-choose = 选择地点
site-report-here = 我就在现场
site-report-site = 具体位置
site-report-site-about = 例如：2单元三楼电表旁
site-report-kind = 隐患类别
site-report-words = 情况说明
site-report-words-about = 只写地点和情况，不写姓名和电话。
site-report-photo = 照片（最多{ $most }张）
site-report-photo-about = 只拍现场，不拍人。照片经工作人员查看后才会显示。
site-report-danger = 着火或闻到煤气味？请先撤离，再拨打 119。
site-report-send = 提交
site-report-taken = 谢谢，已经登记
site-report-goes = { $grid ->
    [none] 已转所属地方的办公室。
   *[other] 已转第{ $grid }网格的协理员。
}
site-report-code-about = 凭此码可查询每一步进展。只显示这一次，请抄下或打印。
site-report-waits = 可能涉及个人的文字和照片，先由工作人员查看。
site-report-print = 打印查询码

held-title = 待审核的文字和照片
held-about = 居民提交、尚未给任何人看的内容。请去掉涉及个人的部分，其余予以显示。
held-none = 没有待审核内容
held-none-about = 可能涉及个人的文字和居民照片会先到这里。
held-as-sent = 提交的原文（仅您可见，查看已记录）：
held-proposed = 将显示的文字
held-show = 显示这些文字
held-drop = 不显示文字
held-photo = 居民提交的照片
held-photo-show = 随案件显示
held-photo-drop = 不显示

follow-hazard-at = { $day }上报
follow-step = { $act ->
    [report] 您的上报已登记。
    [accept] 已受理。
    [call] 已启动应急处置。
    [refuse] 未予受理。
    [duplicate] 此前已有相同上报，合并办理。
    [file] 已立案。
    [meet] 社区已定会商日期。
    [dispatch] 已派遣处置。
    [hand_up] 已上报上级部门。
    [begin] 正在处置。
    [claim] 处置完毕，等待核查。
    [answer] 上级部门已答复。
    [tell] 有新进展。
    [verify] 已核查，处置合格。
    [fail] 核查未通过，返工处理。
    [on_the_spot] 已当场处置。
    [close] 已结案。
    [pend] 暂时挂账。
    [resume] 恢复办理。
    [reopen] 重新办理。
   *[other] 有一步进展。
}
frame-held = 待审
