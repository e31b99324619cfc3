/** 数据来源: what the doors refused. Keys are the same in doors-en.ts. */
export const doorsZh = {
  refused: {
    title: '最近拒收',
    sub: '各入口最近 {{n}} 条，电话号码不留存',
    only: '拒收明细供主管与管理员查看',
    failed: '拒收明细取不到：{{rule}}',
    none: '启动以来没有拒收',
    time: '时间',
    where: '主题或接口',
    mapping: '映射',
    why: '字段与规则',
    begins: '内容开头',
    unknown: '未登记设备',
    unknownSub: '登记后，下一条即按读数接收：npm run register -- sensors 表.csv',
    device: '编号',
    messages: '条数',
  },
};
