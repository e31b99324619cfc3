/** Tab of scene 巡防. */
export function RoundsTab() {
  return null;
}
