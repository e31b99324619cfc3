/** 感知 · 视频: texts of the tab. Keys are the same in cameras-en.ts. */
export const camerasZh = {
  cameras: {
    title: '视频',
    empty: '这里列出摄像机，尚未提供',
  },
};
