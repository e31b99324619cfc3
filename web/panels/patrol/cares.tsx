/** Tab of scene 巡防. */
export function CaresTab() {
  return null;
}
