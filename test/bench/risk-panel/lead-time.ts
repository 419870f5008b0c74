import { hashOf } from "../../../models/household-risk/splits.ts";

/** Accounts scored at month ends; row i of each array is of the same account and month. */
export interface Scored {
  readonly account: Int32Array;
  readonly month: Int32Array;
  readonly score: Float64Array;
}

/** An account's first month in arrears after one without. */
export interface Onset {
  readonly account: number;
  readonly month: number;
}

/** How early, and at what price, lists of one size warned. */
export interface LeadTime {
  /** Share of onsets whose account was on a list of the 1 to 6 months before. */
  readonly warned_1_month: number;
  /** The same, of the 2 to 6 months before. */
  readonly warned_2_months: number;
  /** Months from the first of these lists to the onset, middle of the onsets warned of; NaN of none. */
  readonly median_months: number;
  /** Places on a list, in the mean month. */
  readonly list_size: number;
  /** Different accounts on one list or more, and their share of all different accounts scored. */
  readonly accounts_listed: number;
  readonly accounts_listed_share: number;
  /** Accounts on both of two lists running / on one of the two, in the mean pair of months (Jaccard). */
  readonly overlap: number;
}

const WATCHED_MONTHS = 6;

/** Makes a list of the `share` of each month's accounts with the highest scores, ties broken by a hash of the account. */
export function leadTime(
  { account, month, score }: Scored,
  onsets: readonly Onset[],
  share: number,
): LeadTime {
  const rowsOfMonth = new Map<number, number[]>();
  for (let row = 0; row < account.length; row++) {
    const at = month[row] ?? 0;
    const rows = rowsOfMonth.get(at) ?? [];
    rows.push(row);
    rowsOfMonth.set(at, rows);
  }
  const lists = new Map<number, ReadonlySet<number>>();
  for (const [at, rows] of [...rowsOfMonth].sort(([one], [other]) => one - other)) {
    const ranked = rows.sort(
      (one, other) =>
        (score[other] ?? 0) - (score[one] ?? 0) ||
        hashOf(account[one] ?? 0, at) - hashOf(account[other] ?? 0, at),
    );
    const listed = ranked.slice(0, Math.floor(rows.length * share)).map((row) => account[row] ?? 0);
    lists.set(at, new Set(listed));
  }
  const warnings = onsets.flatMap((onset) => {
    for (let months = WATCHED_MONTHS; months >= 1; months--) {
      if (lists.get(onset.month - months)?.has(onset.account)) return [{ ...onset, months }];
    }
    return [];
  });
  const listed = new Set([...lists.values()].flatMap((list) => [...list]));
  const sizes = [...lists.values()].map((list) => list.size);
  const inOrder = [...lists.values()];
  const overlaps = inOrder.slice(1).map((list, place) => {
    const before = inOrder[place] ?? new Set();
    const both = [...list].filter((one) => before.has(one)).length;
    return both / (list.size + before.size - both);
  });
  const months = warnings.map((warning) => warning.months).sort((one, other) => one - other);
  return {
    warned_1_month: warnings.length / onsets.length,
    warned_2_months: months.filter((lead) => lead >= 2).length / onsets.length,
    median_months: months[Math.floor(months.length / 2)] ?? Number.NaN,
    list_size: mean(sizes),
    accounts_listed: listed.size,
    accounts_listed_share: listed.size / new Set(account).size,
    overlap: mean(overlaps),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
