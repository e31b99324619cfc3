/** Tab of scene 巡防. */
export function CoverageTab() {
  return null;
}
