/** What people write on the way of a matter. */
export const results: Readonly<Record<string, readonly string[]>> = {
  'gas-over': ['后厨总阀关闭，更换软管后复测 0 %LEL', '通风后复测正常，燃气公司更换阀门'],
  'lift-trapped': ['被困人员已救出，身体无碍，电梯停用待检', '平层后开门，人员平安'],
  'fire-alarm': ['到场查看为油烟触发，通风后复位', '明火已扑灭，无人员受伤', '电瓶冒烟，已断电移出'],
  sos: ['老人跌倒，已扶起，无碍', '误触按钮，上门确认平安', '突发不适，已送医'],
  'fire-lane': ['车辆已驶离，通道恢复畅通', '联系车主移车，重新划线'],
  manhole: ['井盖已复位', '更换井盖，加装防坠网'],
  'ebike-charging': ['已断开飞线，引导到充电棚', '收回插板，当场教育'],
  noise: ['已要求停止夜间施工', '实测 58 dB(A)，恢复正常', '已调低音量'],
  corridor: ['堆物已清理，楼道畅通', '住户当场搬离'],
  rubbish: ['已清运', '清运并冲洗地面'],
  fumes: ['已责令清洗净化器', '净化设备恢复运行，复查无异味'],
  order: ['已劝离并恢复秩序', '店外物品已收回', '引导到便民摊点'],
  leak: ['已更换阀门，停止渗漏', '管道修复，恢复供水'],
  signboard: ['违规广告牌已拆除', '店招加固完成'],
  road: ['路面已修补', '人行道砖已更换'],
  bikes: ['已规整停放', '调运车辆 30 余辆'],
  lamp: ['更换灯具，亮灯正常', '线路修复'],
  other: ['已处理，居民知晓', '已联系相关单位处理完毕'],
};
export const resultOf = (category: string): readonly string[] => results[category] ?? results.other!;

export const words = {
  file: ['情况属实，立案', '已与报告人核实', '现场图片清楚，立案'],
  verify: ['现场复查合格', '图片比对一致', '与报告人核实，问题消除'],
  arrive: ['到达现场', '已到现场，开始处置'],
  scene: ['现场 2 人处理中', '已联系当事人', '正在清理', '已设警示', '物业已到场配合', '等候专业队伍'],
  answer: ['您反映的问题已处理完毕，感谢监督', '已办结，如有反复请再次来电'],
  decline: ['不属本街道辖区，已转告', '经核实情况不存在', '内容不清，联系不上报告人', '属民事约定，已告知途径'],
  voided: ['误报', '重复登记', '测试报送'],
  wrongDepartment: ['非本部门职责，应由专业单位办理', '产权不属本单位'],
  reject: ['正在处置另一事件', '距离较远，附近有其他力量', '车辆故障'],
  extension: ['等待配件到货', '需产权单位配合', '当事人约定明日处理', '需分段施工'],
  denied: ['理由不充分，按原时限办理', '可先行采取临时措施'],
  suspend: ['等待产权单位确认', '需房屋维修基金审批', '等待上级批复方案'],
  rework: ['现场仍有残留', '图片与现场不符', '问题反弹'],
  reopen: ['报告人反映未解决', '回访发现反弹'],
  help: ['现场需增派人手', '需要搬运设备', '人员聚集，请求支援'],
  whistle: ['超出街道权限，请求到场', '需联合检查处置', '情况不明，请求支援'],
  whistleAnswer: ['收到，正在前往', '已派员', '收到'],
  whistleArrive: ['已报到', '2 人到场', '技术人员到场'],
  mediate: ['听取双方陈述，双方同意现场查看', '指出责任，商定修复方案', '双方情绪平复，继续协商', '请物业出具检测意见'],
  agreed: ['双方签字，约定三日内修复', '达成谅解，约定作息时间', '当场赔付，握手言和'],
  failed: ['分歧较大，告知诉讼途径', '一方拒绝调解'],
  referred: ['移送处理', '证据材料一并移送'],
  kept: ['双方已履行', '回访双方均无异议'],
  broken: ['一方未履行，继续跟进'],
} as const;

/** 服务渠道: two town platforms and twelve chat groups of buildings (S095), the city's hotline and the street's own line (S098). */
export const platforms = ['天府市民云', '慧至蓝心'] as const;
export const groupsOf = (community: number, name: string): readonly string[] =>
  community < 5 ? [`${name}楼栋群 1`, `${name}楼栋群 2`] : [`${name}楼栋群`];
export const CITY_LINE = '12345';
/** 属地热线; eight digits, not to be taken for 96110. */
export const STREET_LINE = '属地热线 6259 6110';

/** What the desk writes to alarms. */
export const alarmWords = {
  note: ['已电话核实', '物业正在查看', '与上次相同，线路老化', '值班员通过视频核实', '等待维保到场'],
  reset: ['现场确认已消除', '复测正常', '误触，已核实'],
  shelve: ['邻近工地施工，已报备', '维保作业中', '集市日，人流正常', '设备待更换，已报修', '检修调试'],
  remove: ['触点抖动，待更换', '探头受潮，送检', '电池耗尽，待更换'],
} as const;
