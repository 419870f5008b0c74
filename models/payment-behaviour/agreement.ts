/**
 * The adjusted Rand index of two ways to part the same rows: 1 where they part them alike, 0 where they agree as chance does.
 * (Hubert & Arabie, Comparing partitions, Journal of Classification 2, 1985.) 1 where neither parts anything.
 */
export function adjustedRandIndex(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const cells = new Map<string, number>();
  const ones = new Map<number, number>();
  const others = new Map<number, number>();
  for (let row = 0; row < one.length; row++) {
    const a = one[row] ?? 0;
    const b = other[row] ?? 0;
    add(cells, `${a} ${b}`);
    add(ones, a);
    add(others, b);
  }
  const together = pairs(cells);
  const inOne = pairs(ones);
  const inOther = pairs(others);
  const all = (one.length * (one.length - 1)) / 2;
  const byChance = all > 0 ? (inOne * inOther) / all : 0;
  const most = (inOne + inOther) / 2;
  return most === byChance ? 1 : (together - byChance) / (most - byChance);
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function pairs<Key>(counts: ReadonlyMap<Key, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += (count * (count - 1)) / 2;
  return sum;
}
