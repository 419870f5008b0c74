import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Month, monthOf } from "../../data-samples/simulator/calendar.ts";
import type { EntryRecord, LeaseRecord } from "../../data-samples/simulator/landlord-records.ts";
import { type LeaseMonth, monthsOf } from "../../data-samples/simulator/measure.ts";
import { PARAMETER_SETS, type ParameterSet } from "../../data-samples/simulator/parameters.ts";
import { dwellingsOf } from "../../data-samples/simulator/stock.ts";
import { windowOf } from "../../data-samples/simulator/window.ts";
import { PROJECT } from "../../pipelines/project.ts";

/** Months of payments that a row looks back on. */
const LAGS = 6;
const HORIZON = 3;
/** Month ends tested, counted back from the last one whose horizon is known; training stops `HORIZON` months before. */
const TEST_MONTHS = 4;
const LEARNT_FROM_MONTH = 12;

const HEADER = [
  "months_observed",
  "tenure",
  "size",
  "children",
  "income_band",
  "burden",
  "net_call",
  "benefit_share",
  "benefit_change",
  "direct_debit",
  "mandate_ended",
  "channel",
  "due_share",
  "months_in_debt_6",
  "months_in_debt_12",
  "rejections_3",
  "rejections_12",
  "rejected_for_money_12",
  "situation_changed_6",
  "adults",
  "landlord",
  ...Array.from({ length: LAGS }, (_, lag) => `days_late_${lag}`),
  ...Array.from({ length: LAGS }, (_, lag) => `share_paid_${lag}`),
  "label",
];

const { values } = parseArgs({
  options: {
    dwellings: { type: "string", default: "17000" },
    seed: { type: "string", default: "1" },
    parameters: { type: "string", default: "aubrelle" },
  },
});
const window = windowOf(60);
const peer = join(PROJECT, "..", "shared", "benchmarks", "peer_histgb.py");
if (!existsSync(peer)) {
  console.log(JSON.stringify({ bench: "onset", skipped: `${peer} is not there` }));
} else {
  const set = values.parameters as ParameterSet;
  const rows = cohort(Number(values.dwellings), Number(values.seed), set);
  console.log(JSON.stringify({ bench: "onset", ...values, ...judge(rows) }));
}

interface Rows {
  readonly train: string[];
  readonly test: string[];
}

/** One row per home and month end without a whole term owed, then or ever before in the window. */
function cohort(dwellings: number, seed: number, set: ParameterSet): Rows {
  const rows: Rows = { train: [], test: [] };
  const lastKnown = monthOf(window.asOf) - 1 - HORIZON;
  const firstTest = lastKnown - TEST_MONTHS + 1;
  const parameters = PARAMETER_SETS[set];
  for (const { use, leases, landlord } of dwellingsOf({ from: 1, to: dwellings, seed, window, parameters })) {
    if (use !== "residential") continue;
    for (const lease of leases) {
      const months = monthsOf(lease, window);
      const onset = months.findIndex(({ terms, present }) => terms >= 1 || !present);
      const clean = onset === -1 ? months.length : onset;
      const account = accountOf(lease);
      for (let index = 2; index < clean; index++) {
        const now = months[index];
        if (now === undefined || now.month > lastKnown) break;
        if (now.month < window.firstMonth + LEARNT_FROM_MONTH) continue;
        const after = months.slice(index + 1, index + 1 + HORIZON).filter(({ present }) => present);
        if (after.length === 0) continue;
        const label = after.some(({ terms }) => terms >= 1) ? 1 : 0;
        const row = [...features(lease, account, months, index, landlord.charCodeAt(0)), label];
        if (now.month >= firstTest) rows.test.push(row.join(","));
        else if (now.month < firstTest - HORIZON) rows.train.push(row.join(","));
      }
    }
  }
  return rows;
}

/** What the files say at a month end: nothing booked or learnt after it. */
function features(
  lease: LeaseRecord,
  account: AccountFacts,
  months: readonly LeaseMonth[],
  index: number,
  landlord: number,
): unknown[] {
  const now = months[index];
  if (now === undefined) throw new Error("no such month");
  const { closing, month } = now;
  const situations = lease.household.situations.filter(({ knownOn }) => knownOn <= closing);
  const situation = situations.at(-1) ?? lease.household.situations[0];
  const terms = lease.terms.filter(({ knownOn }) => knownOn <= closing);
  const mandate = terms.at(-1)?.directDebit ?? false;
  const within = (span: number): readonly LeaseMonth[] =>
    months.slice(Math.max(0, index - span + 1), index + 1);
  const rejections = (span: number) =>
    account.rejections.filter(({ bookedOn }) => bookedOn <= closing && monthOf(bookedOn) > month - span);
  const benefit = account.benefit.get(month - 1) ?? 0;
  const before = account.benefit.get(month - 4) ?? account.benefit.get(month - 3) ?? benefit;
  const call = Math.max(1, now.call);
  const lags = Array.from({ length: LAGS }, (_, lag) => account.paid.get(month - lag));
  const known = lags.map((paid) => paid?.filter(({ bookedOn }) => bookedOn <= closing) ?? []);
  return [
    index + 1,
    month - monthOf(lease.start),
    situation?.size,
    situation?.children,
    situation?.incomeBand,
    situation ? Math.round((120 * 100 * call) / Math.max(1, situation.referenceIncome)) / 100 : "",
    Math.round(call / 100),
    Math.round((100 * benefit) / (benefit + call)),
    Math.round((benefit - before) / 100),
    mandate ? 1 : 0,
    !mandate && terms.some(({ directDebit }) => directDebit) ? 1 : 0,
    known.flat()[0]?.channel?.charCodeAt(1) ?? "",
    Math.round((100 * now.due) / call) / 100,
    within(6).filter(({ due }) => due > 1_000).length,
    within(12).filter(({ due }) => due > 1_000).length,
    rejections(3).length,
    rejections(12).length,
    rejections(12).filter(({ rejection }) => rejection === "AM04").length,
    situations.filter(({ validFrom }) => monthOf(validFrom) > month - 6).length,
    situation?.adults,
    landlord,
    ...known.map((paid) => paid.at(-1)?.late ?? ""),
    ...known.map((paid) => Math.round((100 * paid.reduce((sum, { cents }) => sum + cents, 0)) / call) / 100),
  ];
}

interface PaidIn {
  readonly late: number;
  readonly cents: number;
  readonly bookedOn: number;
  readonly channel: EntryRecord["channel"];
}

interface AccountFacts {
  readonly benefit: ReadonlyMap<Month, number>;
  readonly paid: ReadonlyMap<Month, PaidIn[]>;
  readonly rejections: readonly EntryRecord[];
}

function accountOf(lease: LeaseRecord): AccountFacts {
  const benefit = new Map<Month, number>();
  const paid = new Map<Month, PaidIn[]>();
  const due = new Map<Month, number>();
  for (const { kind, dueOn, termMonth, cents } of lease.entries) {
    if (kind === "rent" && dueOn !== null) due.set(monthOf(dueOn), dueOn);
    if (kind === "housing_benefit" && cents < 0 && termMonth !== null) benefit.set(termMonth, -cents);
  }
  for (const { kind, valueOn, dueOn, cents, payer, bookedOn, channel } of lease.entries) {
    if (kind !== "payment" && kind !== "payment_rejected") continue;
    const on = valueOn ?? dueOn ?? bookedOn;
    const month = monthOf(on);
    const list = paid.get(month) ?? [];
    if (payer === "tenant")
      list.push({ late: on - (due.get(month) ?? on), cents: -cents, bookedOn, channel });
    paid.set(month, list);
  }
  return { benefit, paid, rejections: lease.entries.filter(({ rejection }) => rejection !== null) };
}

/** The peer's figures on the rows. */
function judge({ train, test }: Rows): Record<string, unknown> {
  const folder = mkdtempSync(join(tmpdir(), "vigie-onset-"));
  try {
    const files = [join(folder, "train.csv"), join(folder, "test.csv")] as const;
    writeFileSync(files[0], [HEADER.join(","), ...train].join("\n"));
    writeFileSync(files[1], [HEADER.join(","), ...test].join("\n"));
    const answer = execFileSync("/usr/bin/python3", [peer, ...files], { encoding: "utf8" });
    const models = answer
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const [boosting, logistic] = models;
    return {
      train_rows: train.length,
      test_rows: test.length,
      base: boosting?.base,
      auc: boosting?.auc,
      prauc: boosting?.prauc,
      p_at_5pct: boosting?.p_at_5pct,
      logistic_auc: logistic?.auc,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
