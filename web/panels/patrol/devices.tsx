/** Tab of scene 巡防. */
export function DevicesTab() {
  return null;
}
