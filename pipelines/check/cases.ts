import type { Action } from "./conduct.ts";
import type { Closing, LeaseHistory } from "./lease-history.ts";
import { spellsOf } from "./spells.ts";

/** A spell of a present household with the day on which its first unpaid term fell due. */
export interface ArrearsCase {
  /** Place of its first closing among the night's. */
  readonly opened: number;
  readonly firstUnpaidOn: string;
  /** The day on which receipts left less than a whole term, or the household left; null while the case is open. */
  readonly endedOn: string | null;
}

/** The cases of a lease, oldest first; those open when the history begins are left out. */
export function casesOf(
  history: LeaseHistory,
  closings: readonly Closing[],
  graceDays: number,
): ArrearsCase[] {
  const { lease, account, closings: lived } = history;
  const offset = closings.length - lived.length;
  return spellsOf(history, closings, [], graceDays).flatMap(({ onset, last, onsetSeen }): ArrearsCase[] => {
    const [first, until] = [lived[onset - offset], lived[last - offset]];
    if (!onsetSeen || first?.oldest === undefined || until === undefined) return [];
    const ends: string[] = [];
    if (lease.endOn !== null && lease.endOn > until.closingOn) ends.push(lease.endOn);
    const next = closings[last + 1];
    if (next !== undefined) {
      ends.push(next.closingOn);
      const term = account.calls.findLast(({ termMonth }) => termMonth <= until.month)?.term;
      let toPay = term === undefined ? Number.POSITIVE_INFINITY : (until.termsOwed - 1) * term;
      for (const { on, cents } of account.credits) {
        if (on <= until.closingOn) continue;
        toPay -= cents;
        if (toPay < -1e-6 && cents > 0) {
          ends.push(on);
          break;
        }
      }
    }
    return [{ opened: onset, firstUnpaidOn: first.oldest.dueOn, endedOn: ends.sort()[0] ?? null }];
  });
}

/** Whether an action was done while a case was open. */
export function isInCase({ firstUnpaidOn, endedOn }: ArrearsCase, { on }: Action): boolean {
  return firstUnpaidOn <= on && (endedOn === null || on <= endedOn);
}
