/** Tab of scene 巡防. */
export function TracksTab() {
  return null;
}
