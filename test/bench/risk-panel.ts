import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { openBackend } from "../../models/household-risk/backend.ts";
import type { FeatureSpec } from "../../models/household-risk/features.ts";
import { auc, averagePrecision } from "../../models/household-risk/metrics.ts";
import {
  type FittedRule,
  fitRule,
  type Rule,
  ruleContributions,
  sigmoid,
} from "../../models/household-risk/rules.ts";
import { score } from "../../models/household-risk/score.ts";
import { train, trainLogistic } from "../../models/household-risk/train.ts";
import { openDatabase, queryRows } from "../../pipelines/warehouse/connection.ts";
import { machine } from "./machine.ts";
import { rankFigures } from "./rank-figures.ts";
import { leadTime, type Onset } from "./risk-panel/lead-time.ts";
import { pairedDifferences } from "./risk-panel/paired-differences.ts";
import { loadPanel, type PanelRows, readRows, writeRows } from "./risk-panel/panel-rows.ts";
import {
  CREDIT,
  LINKED_CREDIT,
  type Lists,
  type Months,
  type Panel,
  PLAIN_CREDIT,
  RENTAL,
} from "./risk-panel/panels.ts";
import { readPeerScores, runPeer } from "./risk-panel/peer.ts";

/** Months until an outcome is known. */
const HORIZON = 3;
const LIST_SHARES = [0.01, 0.05, 0.1];

const { values } = parseArgs({
  options: {
    /** Folder with the panels' files. */
    data: { type: "string", default: "../shared/data" },
    task: { type: "string", default: "both" },
    /** For task A, the features of the published figures only. */
    plain: { type: "boolean", default: false },
    /** For task A, with what is known of accounts of neighbouring numbers. */
    linked: { type: "boolean", default: false },
    /** Scores months before the test months instead, after learning from months before these: to choose by. */
    validate: { type: "boolean", default: false },
    /** Program of the peer, called with the training and the test rows as CSV files, and what runs it. */
    peer: { type: "string" },
    python: { type: "string", default: "python3" },
    /** Folder to leave these files in. */
    matrix: { type: "string" },
    /** CSV file with a column a peer of its scores of the test rows, for paired differences; of one task only. */
    "peer-scores": { type: "string" },
    /** CSV file to leave the model's scores of the test rows in, as `--peer-scores` of another run reads them; of one task only. */
    "write-scores": { type: "string" },
    "without-lists": { type: "boolean", default: false },
    draws: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
  },
});
const seed = Number(values.seed);
const folder = resolve(values.data);
const credit = values.linked ? LINKED_CREDIT : CREDIT;
const panels = [credit, RENTAL].filter(({ name }) => values.task === "both" || values.task === name);
const told: [string, unknown][] = [];
for (const panel of panels) told.push([panel.name, await judge(panel)]);
console.log(JSON.stringify({ bench: "risk-panel", ...Object.fromEntries(told), machine: machine() }));

async function judge(panel: Panel): Promise<unknown> {
  if (!existsSync(join(folder, panel.file))) {
    const skipped = `no ${panel.file} in ${folder}: --data names the folder where it is`;
    console.error(`${panel.name}: skipped, ${skipped}`);
    return { skipped };
  }
  const backend = await openBackend();
  const files = values.matrix ?? mkdtempSync(join(tmpdir(), "vigie-risk-panel-"));
  const database = await openDatabase(":memory:", { readableFolders: [folder, resolve(files)] });
  try {
    await loadPanel(database.connection, panel, folder);
    return { backend, ...(await figuresOf(database.connection, panel, resolve(files))) };
  } finally {
    database.close();
    if (values.matrix === undefined) rmSync(files, { recursive: true });
  }
}

async function figuresOf(connection: DuckDBConnection, panel: Panel, files: string): Promise<object> {
  const features = values.plain && panel === credit ? PLAIN_CREDIT : panel.features;
  const { trained, tested } = monthsOf(panel);
  const known = await readRows(connection, panel, features, trained);
  const asked = await readRows(connection, panel, features, tested);
  const start = performance.now();
  const model = await train(known.matrix, known.outcome, trainingOf(known));
  const seconds = (performance.now() - start) / 1_000;
  const probability = score(model, asked.matrix);
  if (values["write-scores"] !== undefined) {
    writeFileSync(values["write-scores"], `before\n${[...probability].join("\n")}\n`);
  }
  const logistic = score(await trainLogistic(known.matrix, known.outcome, trainingOf(known)), asked.matrix);
  const rules = panel.rules.map((rule) => ({
    rule,
    fitted: fitRule(rule, columnOf(rule, known), known.outcome),
  }));
  const best = bestRule(rules, known);
  const ruled = new Map(
    rules.map(({ rule, fitted }) => [rule.name, byRule(rule, fitted, columnOf(rule, asked))] as const),
  );
  const rivals = { model: probability, logistic, rule: ruled.get(best.rule.name) ?? probability };
  const report = {
    months: { trained, tested },
    features: features.length,
    linked: panel === LINKED_CREDIT,
    train_rows: known.matrix.rows,
    test_rows: asked.matrix.rows,
    ...rankFigures(probability, asked.outcome),
    seconds: rounded(seconds),
    peak_mb: Math.round(process.resourceUsage().maxRSS / 1_024),
    ...model.training,
    pairs: model.terms.flatMap(({ kind, name }) => (kind === "pair" ? [name] : [])),
    logistic: rankFigures(logistic, asked.outcome),
    best_rule: best.rule.name,
    rules: Object.fromEntries([...ruled].map(([name, scores]) => [name, rankFigures(scores, asked.outcome)])),
    strata: Object.fromEntries(
      [...asked.strata].map(([name, holds]) => [name, stratumFigures(rivals, asked, holds)]),
    ),
  };
  return {
    ...report,
    ...(panel.lists === null || values["without-lists"] || values.validate
      ? {}
      : { lead_time: await leadTimes(connection, panel, features, panel.lists, best.rule) }),
    ...(await peers(connection, features, { trained, tested }, files, asked, probability)),
  };
}

/** The months to choose by end where the test's training months do, an embargo of one horizon before them. */
function monthsOf({ train, test }: Panel): { readonly trained: Months; readonly tested: Months } {
  if (!values.validate) return { trained: train, tested: test };
  const from = train.to - (test.to - test.from);
  return { trained: { from: train.from, to: from - (HORIZON + 1) }, tested: { from, to: train.to } };
}

function trainingOf({ account, month }: PanelRows) {
  return { seed, period: month, household: account, embargo: HORIZON, leastOnsets: 1 };
}

function bestRule(rules: readonly { readonly rule: Rule; readonly fitted: FittedRule }[], known: PanelRows) {
  const [best] = rules
    .map(({ rule, fitted }) => ({
      rule,
      ranks: auc(byRule(rule, fitted, columnOf(rule, known)), known.outcome),
    }))
    .sort((one, other) => other.ranks - one.ranks);
  if (best === undefined) throw new Error("a panel has at least one rule");
  return best;
}

function byRule(rule: Rule, fitted: FittedRule, column: Float32Array): Float64Array {
  return ruleContributions(rule, fitted, column).map((contribution) => sigmoid(fitted.base + contribution));
}

function columnOf({ feature }: Rule, { ruled }: PanelRows): Float32Array {
  const column = ruled.get(feature);
  if (column === undefined) throw new Error(`no column for the rule's feature ${feature}`);
  return column;
}

function stratumFigures(rivals: Readonly<Record<string, Float64Array>>, asked: PanelRows, holds: Uint8Array) {
  const within = (_: number, row: number) => holds[row] === 1;
  const outcome = asked.outcome.filter(within);
  const figures = Object.entries(rivals).map(([name, scores]) => {
    const scored = scores.filter(within);
    return [name, { auc: rounded(auc(scored, outcome)), prauc: rounded(averagePrecision(scored, outcome)) }];
  });
  const onsets = outcome.reduce((sum, one) => sum + one, 0);
  return { rows: outcome.length, onsets, ...Object.fromEntries(figures) };
}

/** Lists by one model and by the best rule, over months that neither has learnt from. */
async function leadTimes(
  connection: DuckDBConnection,
  panel: Panel,
  features: readonly FeatureSpec[],
  lists: Lists,
  rule: Rule,
) {
  const known = await readRows(connection, panel, features, lists.train);
  const asked = await readRows(connection, panel, features, lists.scored, "not in_arrears");
  const model = await train(known.matrix, known.outcome, trainingOf(known));
  const fitted = fitRule(rule, columnOf(rule, known), known.outcome);
  const onsets: Onset[] = await queryRows(
    connection,
    `select account, month from account_month where is_onset and tenure > 0 and month between ${lists.onsets.from} and ${lists.onsets.to}`,
    z.object({ account: z.coerce.number(), month: z.coerce.number() }),
  );
  const scores = {
    model: score(model, asked.matrix),
    rule: byRule(rule, fitted, columnOf(rule, asked)),
  };
  return {
    ...lists,
    onsets_counted: onsets.length,
    lists: LIST_SHARES.map((share) => ({
      share,
      ...Object.fromEntries(
        Object.entries(scores).map(([name, scored]) => {
          const lead = leadTime({ account: asked.account, month: asked.month, score: scored }, onsets, share);
          return [
            name,
            Object.fromEntries(Object.entries(lead).map(([key, value]) => [key, rounded(value)])),
          ];
        }),
      ),
    })),
  };
}

async function peers(
  connection: DuckDBConnection,
  features: readonly FeatureSpec[],
  { trained, tested }: { readonly trained: Months; readonly tested: Months },
  files: string,
  asked: PanelRows,
  probability: Float64Array,
): Promise<object> {
  const scores = values["peer-scores"];
  const [trainFile, testFile] = [join(files, "train.csv"), join(files, "test.csv")];
  if (values.peer !== undefined || values.matrix !== undefined) {
    await writeRows(connection, features, trained, trainFile);
    await writeRows(connection, features, tested, testFile);
  }
  return {
    ...(values.peer === undefined
      ? {}
      : { peer: runPeer({ python: values.python, program: values.peer }, trainFile, testFile) }),
    ...(scores === undefined
      ? {}
      : {
          paired: Object.fromEntries(
            [...readPeerScores(scores, asked.matrix.rows)].map(([name, theirs]) => [
              name,
              pairedDifferences(probability, theirs, asked, { seed, draws: Number(values.draws) }),
            ]),
          ),
        }),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
