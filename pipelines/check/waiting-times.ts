/** How long something was waited for, and whether it came; else the wait was no longer seen. In days. */
export interface Wait {
  readonly days: number;
  readonly hasCome: boolean;
}

/** How many of those who wait are still waiting after each day on which it came for some, from the first day on. */
export interface Waiting {
  readonly days: number;
  readonly share: number;
}

/**
 * The Kaplan–Meier curve, told as Efron (1967) did: each wait weighs the same; who is no longer seen hands over his weight
 * to those who are seen longer, in equal parts; the weight of those for whom it came leaves. What comes on a day comes
 * before anyone is lost from sight that day.
 */
export function stillWaiting(waits: readonly Wait[]): Waiting[] {
  const inOrder = [...waits].sort(
    (one, other) => one.days - other.days || Number(other.hasCome) - Number(one.hasCome),
  );
  const curve: Waiting[] = [];
  let weight = 1 / inOrder.length;
  let share = 1;
  for (const [n, { days, hasCome }] of inOrder.entries()) {
    const longer = inOrder.length - n - 1;
    if (!hasCome) {
      if (longer > 0) weight += weight / longer;
      continue;
    }
    share = longer === 0 ? 0 : share - weight;
    if (curve.at(-1)?.days === days) curve.pop();
    curve.push({ days, share });
  }
  return curve;
}

/** The first day after which no more than `share` are still waiting; null where the curve does not come down so far. */
export function dayOf(curve: readonly Waiting[], share: number): number | null {
  return curve.find((point) => point.share <= share + 5e-10)?.days ?? null;
}

/** The share for whom it came within so many days. */
export function cameWithin(curve: readonly Waiting[], days: number): number {
  return 1 - (curve.findLast((point) => point.days <= days)?.share ?? 1);
}
