import type { Day, Month } from "../calendar.ts";
import type { EntryKind, EntryRecord } from "../landlord-records.ts";

/** A letter that an accountant puts on entries that clear one another, and the day on which it was put. */
export interface Letter {
  readonly code: string;
  readonly on: Day;
}

const OF_A_TERM: ReadonlySet<EntryKind> = new Set([
  "rent",
  "charges",
  "rent_supplement",
  "charges_adjustment",
  "rent_rebate",
  "housing_benefit",
  "opening_balance",
]);

/**
 * Letters (*lettrage*) the entries of one account as an accountant does: an entry with the one that takes it back; what
 * a term asked, net of its aids, with the payment of just that amount; then, of what is left, oldest against oldest
 * wherever debits and credits come to the same sum. The entries of a letter sum to nothing; what is not cleared to the
 * cent has no letter. A letter is put on the day on which the last of its entries is known.
 *
 * @param knownOn the day from which an entry can be lettered, never before it was booked.
 * @returns letters by rank of entry.
 */
export function letterEntries(
  entries: readonly EntryRecord[],
  knownOn: (entry: EntryRecord) => Day,
): ReadonlyMap<number, Letter> {
  const open = new Map(entries.map((entry) => [entry.rank, entry]));
  const groups: EntryRecord[][] = [];
  const clear = (group: EntryRecord[]) => {
    for (const entry of group) open.delete(entry.rank);
    groups.push(group);
  };
  for (const entry of entries) {
    const undone = entry.reversalOf === null ? undefined : open.get(entry.reversalOf);
    if (undone !== undefined && undone.cents === -entry.cents) clear([undone, entry]);
  }
  for (const group of clearedTerms([...open.values()])) clear(group);
  for (const group of clearedInOrder([...open.values()])) clear(group);

  const dated = groups.map((group) => ({ group, on: Math.max(...group.map(knownOn)) }));
  dated.sort((a, b) => a.on - b.on || (a.group[0]?.rank ?? 0) - (b.group[0]?.rank ?? 0));
  const letters = new Map<number, Letter>();
  dated.forEach(({ group, on }, index) => {
    const letter = { code: letterCode(index), on };
    for (const { rank } of group) letters.set(rank, letter);
  });
  return letters;
}

function clearedTerms(open: readonly EntryRecord[]): EntryRecord[][] {
  const terms = new Map<Month, EntryRecord[]>();
  const payments = new Map<number, EntryRecord[]>();
  for (const entry of open) {
    if (entry.kind === "payment" && entry.cents < 0) group(payments, entry.cents, entry);
    else if (entry.termMonth !== null && OF_A_TERM.has(entry.kind)) group(terms, entry.termMonth, entry);
  }
  const cleared: EntryRecord[][] = [];
  for (const items of terms.values()) {
    const asked = items.reduce((sum, { cents }) => sum + cents, 0);
    if (asked === 0) cleared.push(items);
    const [first] = items;
    if (asked <= 0 || first === undefined) continue;
    const candidates = payments.get(-asked) ?? [];
    const position = candidates.findIndex(({ bookedOn }) => bookedOn >= first.bookedOn);
    if (position >= 0) cleared.push([...items, ...candidates.splice(position, 1)]);
  }
  return cleared;
}

function clearedInOrder(open: readonly EntryRecord[]): EntryRecord[][] {
  const byAge = (a: EntryRecord, b: EntryRecord) => ageDay(a) - ageDay(b) || a.rank - b.rank;
  const debits = open.filter(({ cents }) => cents > 0).sort(byAge);
  const credits = open.filter(({ cents }) => cents < 0).sort(byAge);
  const cleared: EntryRecord[][] = [];
  let waiting: EntryRecord[] = [];
  let gap = 0;
  let nextDebit = 0;
  let nextCredit = 0;
  for (;;) {
    const next = gap > 0 ? credits[nextCredit++] : debits[nextDebit++];
    if (next === undefined) return cleared;
    waiting.push(next);
    gap += next.cents;
    if (gap !== 0) continue;
    cleared.push(waiting);
    waiting = [];
  }
}

function ageDay(entry: EntryRecord): Day {
  return entry.dueOn ?? entry.valueOn ?? entry.bookedOn;
}

function group<Key>(groups: Map<Key, EntryRecord[]>, key: Key, entry: EntryRecord): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, [entry]);
  else known.push(entry);
}

/** AAA, AAB … ZZZ. */
function letterCode(index: number): string {
  const letter = (place: number) => String.fromCharCode(65 + (Math.floor(index / 26 ** place) % 26));
  return letter(2) + letter(1) + letter(0);
}
