import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { answerQuestions } from "../../pipelines/risk/answers.ts";
import { fillAnswers } from "../../pipelines/risk/fill-risk.ts";
import { learnQuestions } from "../../pipelines/risk/lessons.ts";
import { keepTrainings, NO_MEMORY, readModelMemory } from "../../pipelines/risk/model-memory.ts";
import { askQuestions } from "../../pipelines/risk/questions.ts";
import type { PendingFile } from "../../pipelines/state/state.ts";
import { type Steps, untoldSteps } from "../../pipelines/steps.ts";
import { parseStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { openDatabase, queryRows, quoteText } from "../../pipelines/warehouse/connection.ts";
import { parseModel } from "../../pipelines/warehouse/model.ts";
import type { Workspace } from "../../pipelines/workspace.ts";

/** The tables that the programs of risk fill. */
const COMPUTED = [
  "estimate",
  "contribution",
  "past_score",
  "evaluation",
  "model",
  "calibration",
  "importance",
  "drift",
  "card",
] as const;

/** A strategy whose model is approved, and may learn from what little the synthetic landlord has. */
export const APPROVED = "{ approved: true, least_onsets: 40, bootstrap_draws: 400 }";

/** What differs from the landlord described below. */
export interface Changes {
  /** The landlord's folder, whose state tells what earlier nights learnt; absent where there is none. */
  readonly workspace?: Workspace;
  readonly warn?: (line: string) => void;
  /** Told of each file that is to join the state with the night's switch. */
  readonly leave?: (file: PendingFile) => void;
  readonly households?: number;
  readonly asOf?: string;
  /** YAML of the strategy's `risk` section. */
  readonly risk?: string;
  /** Run after the tables are made, and before the night. */
  readonly sql?: readonly string[];
  /** Told of each model that begins to be learnt. */
  readonly tell?: (step: string, part: number, of: number) => void;
}

/** A night of the synthetic landlord, run: its rows can be read until it is closed. */
export interface SyntheticNight {
  readonly rows: (sql: string) => Promise<Record<string, unknown>[]>;
  readonly close: () => void;
}

/**
 * A landlord made of formulas: two agencies, 24 past month ends, no whole term owed by anybody at any of them. Who pays rent
 * with over a third of its income falls often, if it pays by cheque oftener still; lateness tells a little. A rule that goes
 * by lateness alone finds some, a model more. All chances are a hash of household and month: the same each time.
 *
 * Runs the programs of risk on it, tables and all, in memory.
 */
export async function syntheticNight(changes: Changes = {}): Promise<SyntheticNight> {
  const { households = 400, asOf = "2026-11-15", risk = APPROVED } = changes;
  const database = await openDatabase(":memory:");
  const { connection } = database;
  const strategy = parseStrategy(`landlord: { name: Bailleur }\nfeeds: {}\nrisk: ${risk}\n`, "test");
  for (const statement of [...madeOf(households, asOf), ...(changes.sql ?? [])])
    await connection.run(statement);
  const { workspace, warn = () => undefined, leave, tell } = changes;
  const context = { connection, strategy, asOf };
  const memory = workspace === undefined ? NO_MEMORY : await readModelMemory(workspace, asOf);
  const steps: Pick<Steps, "run"> = {
    run: (step, work) => work((part, of) => tell?.(step, part, of)),
  };
  const learnt = await learnQuestions(connection, await askQuestions(context, memory, warn), steps);
  const answers = await answerQuestions(learnt, untoldSteps);
  const trained = answers.flatMap((answer) => answer.trained ?? []);
  if (workspace !== undefined)
    for (const file of await keepTrainings(workspace, asOf, trained)) leave?.(file);
  for (const table of COMPUTED) {
    const file = join("sql", "risk", `${table}.sql`);
    const model = parseModel(await readFile(file, "utf8"), file);
    await connection.run(`create table risk.${table} as ${model.query}`);
    await fillAnswers(context, new Set([`risk.${table}`]), answers);
    for (const check of model.checks) {
      const broken = await queryRows(
        connection,
        `select * from risk.${table} where not (${check}) limit 1`,
        z.record(z.string(), z.unknown()),
      );
      if (broken.length > 0) throw new Error(`risk.${table}: ${check}: ${JSON.stringify(broken)}`);
    }
  }
  return {
    rows: (sql) => queryRows(connection, sql, z.record(z.string(), z.unknown())),
    close: () => database.close(),
  };
}

const MEANINGS = [
  ["days_late_mean_12", "number", "increasing", "retard moyen sur un an", "days"],
  ["days_late_last", "number", "increasing", "retard du dernier mois", "days"],
  ["late_months_12", "number", "increasing", "mois en retard sur un an", "count"],
  ["terms_owed", "number", "increasing", "solde dû", "terms"],
  ["months_since_arrears", "number", "decreasing", "mois depuis le dernier impayé", "months"],
  ["rent_burden", "number", "increasing", "poids du loyer", "percent"],
  ["payment_channel", "category", "none", "moyen de paiement", "word"],
] as const;

function madeOf(households: number, asOf: string): string[] {
  const night = quoteText(asOf);
  const chance = (salt: string) => `((hash(lease_number, ${salt}) % 1000003) / 1000003.0)`;
  const meanings = MEANINGS.map(([feature, kind, direction, label, display], index) => {
    const words = [`${label} élevé ({value})`, `${label} faible ({value})`, `${label} inconnu`];
    const cells = [feature, kind, direction, label, ...words, display];
    return `(${index + 1}, ${cells.map(quoteText).join(", ")})`;
  });
  return [
    "create schema risk",
    "create schema prevention",
    "create schema contract",
    `create table risk.origin as
     select
       last_day(date_trunc('month', date ${night}) - to_months(3 + number::integer))::date as as_of,
       false as is_tonight, number::integer as place,
       last_day(date_trunc('month', date ${night}) - to_months(number::integer))::date as window_ends_on
     from range(1, 25) as past (number)
     union all
     select date ${night}, true, 0, last_day(date ${night} + to_months(2))`,
    `create table risk.household as
     select
       number::integer as lease_number, 'L' || number as lease_id, 'H' || number as household_id,
       if(number % 5 = 0, 'A2', 'A1') as agency_id
     from range(${households}) as lease (number)`,
    `create table risk.known as
     select
       origin.as_of, origin.place, origin.is_tonight, origin.window_ends_on, household.*,
       floor(20 * ${chance("1")} + 10 * ${chance("2 + origin.place")}) as days_late_mean_12,
       floor(20 * ${chance("1")} + 20 * ${chance("3 + origin.place")}) as days_late_last,
       floor(12 * ${chance("4 + origin.place // 6")}) as late_months_12,
       0.9 * ${chance("5 + origin.place")} as terms_owed,
       if(${chance("6")} < 0.5, null, floor(36 * ${chance("7")})) as months_since_arrears,
       0.1 + 0.4 * ${chance("8")} as rent_burden,
       case when ${chance("9")} < 0.6 then 'direct_debit' when ${chance("9")} < 0.8 then 'card' else 'cheque' end
         as payment_channel,
       ${chance("1000 + origin.place")} as luck
     from risk.origin cross join risk.household`,
    `create table risk.feature as
     select as_of, lease_id, days_late_mean_12, days_late_last, late_months_12, terms_owed, months_since_arrears,
       rent_burden, payment_channel
     from risk.known`,
    `create table risk.cohort as
     select 'onset' as question, as_of, lease_id, household_id, agency_id,
       if(months_since_arrears is null, 'never', 'clean') as stratum
     from risk.known`,
    `create table risk.label as
     select
       'onset' as question, as_of, lease_id,
       luck < 0.01 + days_late_mean_12 / 3000 + if(rent_burden > 0.4, if(payment_channel = 'cheque', 0.45, 0.12), 0) as outcome,
       if(outcome, date_trunc('month', window_ends_on)::date, null) as reached_month, false as helped
     from risk.known
     where not is_tonight`,
    `create table risk.drawn as
     select question, as_of, lease_id, 1.0::double as weight from risk.cohort`,
    `create table risk.feature_meaning as
     select * from (values ${meanings.join(", ")})
       as meaning (position, feature, kind, direction, label_fr, raises_fr, lowers_fr, missing_fr, display)`,
    `create table risk.feature_level as
     select * from (values ('payment_channel', 'card', 'carte'), ('payment_channel', 'cheque', 'chèque'))
       as word (feature, level, label_fr)`,
    `create table prevention.capacity as
     select as_of, agency_id, k
     from risk.origin cross join (values ('A1', 20), ('A2', 6)) as size (agency_id, k)`,
    "create table contract.action (lease_id varchar, action_on date, kind varchar, contact varchar)",
    `create table contract.entry as select lease_id, date ${night} - 3 as booked_on from risk.household`,
  ];
}
