import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Backend, openBackend, useBackend } from "../../models/household-risk/backend.ts";
import { eachBatch, score } from "../../models/household-risk/score.ts";
import { train, trainLogistic } from "../../models/household-risk/train.ts";
import { machine } from "./machine.ts";
import { readNumericTable } from "./numeric-table.ts";
import { rankFigures } from "./rank-figures.ts";

/** Rows without a column that tells their period stand in order of time: this many periods of as many rows each. */
const PERIODS = 20;
const EMBARGO = 2;

const { values } = parseArgs({
  options: {
    train: { type: "string" },
    test: { type: "string" },
    /** Column with the whole number of each row's period, later ones higher; no feature. */
    period: { type: "string" },
    /** Periods until an outcome is known; those before the window that calibrates are left out. */
    embargo: { type: "string" },
    /** Column with a whole number a household, no feature. */
    household: { type: "string" },
    /** JSON file, feature to increasing or decreasing. */
    directions: { type: "string" },
    "score-rows": { type: "string" },
    backend: { type: "string" },
    learner: { type: "string", default: "additive" },
    seed: { type: "string", default: "1" },
  },
});
if (values.train === undefined || values.test === undefined) {
  throw new Error("usage: npm run bench:risk -- --train A.csv --test B.csv");
}
const asked = values.backend;
const backend =
  asked === "wasm" || asked === "cpu" || asked === "tensorflow"
    ? await useBackend(asked satisfies Backend)
    : await openBackend();
const directions: unknown =
  values.directions === undefined ? {} : JSON.parse(readFileSync(values.directions, "utf8"));
const aside = [values.period, values.household].filter((name) => name !== undefined);
const table = readNumericTable(values.train, { aside, directions });
const { matrix, outcome } = table;
const period = table.aside.get(values.period ?? "");
const household = table.aside.get(values.household ?? "");
const start = performance.now();
const processorBefore = process.cpuUsage();
const model = await (values.learner === "logistic" ? trainLogistic : train)(matrix, outcome, {
  seed: Number(values.seed),
  period: Int32Array.from(
    { length: matrix.rows },
    (_, row) => period?.[row] ?? Math.floor((row * PERIODS) / matrix.rows),
  ),
  embargo: Number(values.embargo ?? (period === undefined ? EMBARGO : 3)),
  leastOnsets: 1,
  ...(household === undefined ? {} : { household: Int32Array.from(household) }),
});
const seconds = (performance.now() - start) / 1_000;
const { user, system } = process.cpuUsage(processorBefore);
const test = readNumericTable(values.test, { aside, directions });
const probabilities = score(model, test.matrix);
console.log(
  JSON.stringify({
    bench: "risk",
    model: `${values.learner} (${backend})`,
    train_rows: matrix.rows,
    test_rows: test.matrix.rows,
    ...rankFigures(probabilities, test.outcome),
    seconds: round(seconds, 2),
    processor_seconds: round((user + system) / 1e6, 2),
    ...(values["score-rows"] === undefined ? {} : nightlyScoring(Number(values["score-rows"]))),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1_024),
    ...model.training,
    calibrated_on: model.training.window,
    periods: period === undefined ? `${PERIODS} equal parts in the order of the rows` : values.period,
    pairs: model.terms.flatMap(({ kind, name }) => (kind === "pair" ? [name] : [])),
    machine: machine(),
  }),
);

/** Scores this many households, the test rows over and over, and takes the three largest terms of each as reasons. */
function nightlyScoring(rows: number): Record<string, number> {
  const from = performance.now();
  let told = 0;
  const largest = new Int32Array(3);
  const all = Int32Array.from({ length: rows }, (_, row) => row % test.matrix.rows);
  const terms = model.terms.length;
  eachBatch(model, test.matrix, all, (_, count, contributions) => {
    for (let row = 0; row < count; row++) {
      largest.fill(-1);
      for (let term = 0; term < terms; term++) {
        let place = term;
        for (const [rank, held] of largest.entries()) {
          const is = contributions[row * terms + place] ?? 0;
          if (held >= 0 && is <= (contributions[row * terms + held] ?? 0)) continue;
          largest[rank] = place;
          if (held < 0) break;
          place = held;
        }
      }
      told++;
    }
  });
  return { scored_rows: told, scoring_seconds: round((performance.now() - from) / 1_000, 2) };
}

function round(number: number, digits: number): number {
  return Math.round(number * 10 ** digits) / 10 ** digits;
}
