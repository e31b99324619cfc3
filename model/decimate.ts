/** A point of a curve: epoch ms, value. */
export type Point = readonly [number, number];

/**
 * At most `max` (>= 4) of these points, themselves and in their order: the first and the last, and of equal stretches of time
 * between them the lowest and the highest value. No peak is lost, however narrow. Points ascend by time.
 * After Jugel, Jerzak, Hackenbroich, Markl: M4, PVLDB 7(10), 2014.
 */
export function decimate(points: readonly Point[], max: number): readonly Point[] {
  if (points.length <= max) return points;
  const [first, last] = [points[0]!, points.at(-1)!];
  const stretches = Math.floor((max - 2) / 2);
  const width = (last[0] - first[0]) / stretches;
  const stretchOf = (p: Point) => (width > 0 ? Math.min(stretches - 1, Math.floor((p[0] - first[0]) / width)) : 0);
  const out: Point[] = [first];
  let [low, high] = [1, 1];
  const put = () => {
    out.push(points[Math.min(low, high)]!);
    if (low !== high) out.push(points[Math.max(low, high)]!);
  };
  for (let i = 2; i < points.length - 1; i++) {
    if (stretchOf(points[i]!) !== stretchOf(points[i - 1]!)) {
      put();
      [low, high] = [i, i];
    } else if (points[i]![1] < points[low]![1]) low = i;
    else if (points[i]![1] > points[high]![1]) high = i;
  }
  put();
  out.push(last);
  return out;
}
