/** Where the axis ends, and how far its lines are apart: one, two or five times a power of ten, four to six lines. */
export function scaleOf(largest: number): { top: number; step: number } {
  const wanted = (largest > 0 ? largest : 1) / 4
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = [1, 2, 5, 10].map(times => times * power).find(one => one >= wanted) ?? 10 * power
  return { top: Math.max(1, Math.ceil((largest > 0 ? largest : 1) / step - 1e-9)) * step, step }
}

/** Days that are named below the bars, so that words have room: the first, and then each so many. */
export function namedEvery(days: number, width: number): number {
  const fit = Math.max(1, Math.floor(width / 64))
  return [1, 2, 5, 7, 14, 30, 61, 122].find(every => days / every <= fit) ?? 183
}
