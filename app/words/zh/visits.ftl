# 走访表中居住人员以外的内容：服务需求、用工单位信息。
visit-needs = 居民提出的服务需求
visit-need-code = 查询码：
visit-need-code-about = 请现在抄给居民，系统不保存。居民可在 { $address } 查看办理情况或撤回。
visit-need-remove = 删去
visit-need-incomplete = 有一项需求缺少服务事项、事由、保存期限或居民同意。请补全或删去；删去后不作任何记录。
visit-firms = 本楼有 { $n } 家单位信息不全
visit-firms-about = 只列出尚未填报的内容。没有了解到的请留空。
column-residents = 居住人数（统计）
column-floating = 非本地户籍人数（统计）
column-told = 居民已登记项数（统计）
column-promises = 未兑现承诺数（统计）
column-visited-at = 最近走访
column-verified-at = 最近核实
