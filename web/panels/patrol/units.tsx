/** Tab of scene 巡防. */
export function UnitsTab() {
  return null;
}
