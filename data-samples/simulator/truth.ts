import { writeFileSync } from "node:fs";
import { isoMonth, monthOf } from "./calendar.ts";
import type { DelimitedFile, Delivery } from "./delivery.ts";
import { EffectStudy } from "./effects.ts";
import { groupCode } from "./exports/codes.ts";
import type { DwellingRecord, LeaseRecord } from "./landlord-records.ts";
import { countsOn } from "./measure.ts";
import type { LivedDwelling } from "./stock.ts";
import type { Window } from "./window.ts";

const README = `# What only the simulator knows

No night reads this folder; it is for checking what nights and models say.

- balances.csv.gz: landlord, lease (the group's code), month, due_cents: what is due and not received at the end of the
  month (on the as-of date for the month under way), among all that is booked by the as-of date.
- effects.json: for interviews and calls, the same households lived twice from that moment on, with and without it (or with
  the standard approach), all luck the same. \`n\` pairs; the share of them with the outcome in each run; the difference is
  the average effect on those treated. Outcomes: cured_in_60_days, no whole term owed at a month end within 60 days, by
  payment; relapsed_in_6_months, cured, then a whole term owed at one of the six month ends that follow;
  lastingly_cured, cured and not relapsed. Without the action nothing else is forbidden: the household may be met later.
- receipts.csv.gz: the lease of every line of the bank's files, or nobody's.
`;

/** How the world was made, written beside what came of it. */
export interface World {
  readonly dwellings: number;
  readonly seed: number;
  readonly parameters: string;
  readonly scenario: string;
}

/** Writes the truth of a simulated landlord: balances as dwellings come, effects at the end. */
export class TruthFolder {
  readonly #delivery: Delivery;
  readonly #window: Window;
  readonly #balances: DelimitedFile;
  readonly #study = new EffectStudy();

  constructor(delivery: Delivery, window: Window) {
    this.#delivery = delivery;
    this.#window = window;
    this.#balances = delivery.delimited(
      "balances.csv.gz",
      { encoding: "utf-8", separator: ",", lineEnd: "\n", gzip: true },
      ["landlord", "lease", "month", "due_cents"],
    );
  }

  add(lived: LivedDwelling): void {
    for (const lease of lived.record.leases) this.#addLease(lived.record, lease);
    this.#study.add(lived);
  }

  /** Writes the effects. The folder's delivery is closed by whoever opened it. */
  finish(world: World): void {
    const effects = this.#study.effects();
    writeFileSync(this.#delivery.path("effects.json"), `${JSON.stringify({ ...world, effects }, null, 2)}\n`);
    writeFileSync(this.#delivery.path("README.md"), README);
  }

  #addLease({ landlord }: DwellingRecord, { id, entries }: LeaseRecord): void {
    const { firstMonth, lastMonth, asOf } = this.#window;
    const start = `${landlord},${groupCode("lease", landlord, id)},`;
    const changes = new Array<number>(lastMonth - firstMonth + 1).fill(0);
    for (const entry of entries) {
      const on = countsOn(entry);
      const place = on > asOf ? changes.length : Math.max(0, monthOf(on) - firstMonth);
      if (place < changes.length) changes[place] = (changes[place] ?? 0) + entry.cents;
    }
    let due = 0;
    for (let month = firstMonth; month <= lastMonth; month++) {
      due += changes[month - firstMonth] ?? 0;
      this.#balances.add(`${start}${isoMonth(month)},${due}`);
    }
  }
}
