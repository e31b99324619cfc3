/** 感知 · 设施: texts of the tab. Keys are the same in facilities-en.ts. */
export const facilitiesZh = {
  facilities: {
    title: '设施',
    empty: '这里列出设施，尚未提供',
  },
};
