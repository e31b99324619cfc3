import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import * as core from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

core.use([BarChart, LineChart, ScatterChart, GridComponent, MarkAreaComponent, MarkLineComponent, CanvasRenderer]);

/** Canvas text does not wait for web fonts: have them before the first chart. */
export async function ready(): Promise<typeof core.init> {
  await Promise.allSettled([
    document.fonts.load('400 14px "IBM Plex Sans Condensed"', '0123456789'),
    document.fonts.load('400 14px "Noto Sans SC Variable"', '时'),
  ]);
  return core.init;
}
