import { BOOLEAN, DATE, DOUBLE, DuckDBDateValue, type DuckDBValue, INTEGER, VARCHAR } from "@duckdb/node-api";
import { z } from "zod";
import type { Term } from "../../models/household-risk/model.ts";
import { type InsertedColumn, insertColumns } from "../effects/insert-columns.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { ProgramContext } from "../warehouse/program.ts";
import type { Answer, Answers } from "./answers.ts";
import { dayNumber } from "./days.ts";
import type { Meaning } from "./households.ts";
import { reasonWriter } from "./reasons.ts";
import { ruleFr } from "./statements.ts";

/** Fills one of the tables. */
type FillFromAnswers = (context: ProgramContext, answers: Answers) => Promise<void>;

/** Fills `risk.estimate`: the probability of every household asked about tonight. */
const fillEstimate: FillFromAnswers = async (context, answers) => {
  const { connection, strategy, asOf } = context;
  const { horizon_months, expires_days } = strategy.risk;
  const fresh = await freshnessByAgency(context);
  const day = dayNumber(asOf);
  for (const { question, households, scored, served, version } of answers) {
    const { lease, agency, agencies } = households;
    await insertColumns(connection, "risk", "estimate", households.rows, [
      text(() => question),
      text(lease),
      date(() => day),
      { type: INTEGER, at: () => horizon_months },
      number((row) => scored.probability[row]),
      number(() => scored.base),
      text(() => version),
      text(() => served),
      { type: INTEGER, at: (row) => fresh.get(agencies[agency[row] ?? 0] ?? "") ?? null },
      date(() => day + expires_days),
    ]);
  }
};

/** Fills `risk.contribution`: what makes each probability, in words. */
const fillContribution: FillFromAnswers = async (context, answers) => {
  const day = dayNumber(context.asOf);
  for (const { question, households, scored, meanings } of answers) {
    const { reasons, terms } = scored;
    const write = reasonWriter(meanings, households.matrix, terms);
    const term = (place: number) => terms[reasons.term[place] ?? -1];
    const adds = (place: number): number => reasons.contribution[place] ?? 0;
    await insertColumns(context.connection, "risk", "contribution", reasons.count, [
      text(() => question),
      text((place) => households.lease(reasons.row[place] ?? 0)),
      date(() => day),
      { type: INTEGER, at: (place) => reasons.position[place] ?? 0 },
      text((place) => term(place)?.name ?? "others"),
      text((place) => households.matrix.features[term(place)?.features[0] ?? -1]?.name ?? "others"),
      text((place) => write(reasons.row[place] ?? 0, reasons.term[place] ?? -1, !(adds(place) < 0))),
      number(adds),
      text((place) => (adds(place) < 0 ? "lowers" : "raises")),
    ]);
  }
};

/** Fills `risk.past_score`: what past households would have been scored, and what happened. */
const fillPastScore: FillFromAnswers = async (context, answers) => {
  for (const { question, pastScores } of answers) {
    const { past, rows, probability, ruleScore, scorer } = pastScores;
    const of =
      <T>(at: (row: number) => T) =>
      (place: number): T =>
        at(rows[place] ?? 0);
    await insertColumns(context.connection, "risk", "past_score", rows.length, [
      text(() => question),
      date(of((row) => past.asOf[row] ?? 0)),
      text(of(past.lease)),
      text(of((row) => past.agencies[past.agency[row] ?? 0] ?? "")),
      text(of(past.stratum)),
      number(of((row) => probability[row])),
      number(of((row) => ruleScore[row])),
      boolean(of((row) => past.outcome[row] === 1)),
      date(of((row) => past.reached[row] ?? Number.NaN)),
      text(of((row) => scorer(row).by)),
      boolean(of((row) => past.contacted[row] === 1)),
      boolean(of((row) => past.helped[row] === 1)),
      text(of((row) => scorer(row).version)),
    ]);
  }
};

/** Fills `risk.evaluation`: how everything that competed did on past dates. */
const fillEvaluation: FillFromAnswers = async (context, answers) => {
  for (const { question, evaluation } of answers) {
    await insertRows(context, "evaluation", evaluation, (figure) => [
      text(() => question),
      text(() => figure.model),
      text(() => (figure.model.startsWith("rule:") ? ruleFr(figure.model.slice("rule:".length)) : null)),
      text(() => figure.origin),
      text(() => figure.stratum),
      text(() => figure.metric),
      number(() => figure.value),
      number(() => figure.low),
      number(() => figure.high),
      { type: INTEGER, at: () => figure.households },
      { type: INTEGER, at: () => figure.onsets },
    ]);
  }
};

/** Fills `risk.model`: what serves, and why. */
const fillModel: FillFromAnswers = async (context, answers) => {
  await insertRows(context, "model", answers, (answer) => {
    const { champion, lastTraining } = answer;
    const day = (given: string | null | undefined) =>
      date(() => (given == null ? Number.NaN : dayNumber(given)));
    return [
      text(() => answer.question),
      text(() => answer.version),
      day(champion?.line.trained_as_of),
      text(() => answer.served),
      text(() => answer.rule.name),
      text(() => answer.verdict),
      text(() => answer.statement),
      day(answer.shadowUntil),
      boolean(() => answer.inShadow),
      { type: INTEGER, at: () => answer.trainingRows },
      { type: INTEGER, at: () => answer.onsets },
      text(() => champion?.line.feature_set ?? null),
      day(lastTraining?.trained_as_of),
      text(() => champion?.line.recipe ?? null),
      text(() => champion?.line.backend ?? null),
    ];
  });
};

/** Fills `risk.calibration`: whether as many fell as the past scores said. */
const fillCalibration: FillFromAnswers = async (context, answers) => {
  for (const { question, calibration } of answers) {
    const bins = calibration.filter(({ rows }) => rows > 0);
    await insertRows(context, "calibration", bins, (bin) => [
      text(() => question),
      { type: INTEGER, at: () => calibration.indexOf(bin) + 1 },
      { type: INTEGER, at: () => bin.rows },
      number(() => bin.expected),
      { type: INTEGER, at: () => bin.observed },
    ]);
  }
};

/** Fills `risk.importance`: what each term adds, on average and along its values. */
const fillImportance: FillFromAnswers = async (context, answers) => {
  for (const answer of answers) {
    await insertRows(context, "importance", importanceOf(answer), (point) => [
      text(() => answer.question),
      text(() => point.term),
      { type: INTEGER, at: () => point.position },
      text(() => point.labelFr),
      number(() => point.importance),
      number(() => point.share),
      { type: INTEGER, at: () => point.point },
      number(() => point.at),
      text(() => point.word),
      number(() => point.adds),
    ]);
  }
};

/** Fills `risk.drift`: how far tonight's households are from those learnt from, and what is done about it. */
const fillDrift: FillFromAnswers = async (context, answers) => {
  for (const { question, drifted, meanings } of answers) {
    await insertRows(context, "drift", drifted, (one) => [
      text(() => question),
      text(() => one.feature),
      text(() => labelOf(meanings, one.feature)),
      number(() => one.psi),
      number(() => one.usual),
      number(() => one.byChance),
      text(() => one.level),
      text(() => driftFr(one.feature, one.level)),
      number(() => one.shareMissing),
      number(() => one.shareMissingThen),
    ]);
  }
};

/** Fills `risk.card`: the card of what serves. */
const fillCard: FillFromAnswers = async (context, answers) => {
  for (const { question, card } of answers) {
    await insertRows(context, "card", card, (paragraph) => [
      text(() => question),
      text(() => paragraph.section),
      { type: INTEGER, at: () => card.indexOf(paragraph) + 1 },
      text(() => paragraph.title_fr),
      text(() => paragraph.text_fr),
    ]);
  }
};

/** What fills each table of the answers, by its model's id. */
const TABLES: Readonly<Record<string, FillFromAnswers>> = {
  "risk.calibration": fillCalibration,
  "risk.card": fillCard,
  "risk.contribution": fillContribution,
  "risk.drift": fillDrift,
  "risk.estimate": fillEstimate,
  "risk.evaluation": fillEvaluation,
  "risk.importance": fillImportance,
  "risk.model": fillModel,
  "risk.past_score": fillPastScore,
};

/** The tables that tell the answers of a night, by their models' ids. */
export const ANSWERED: readonly string[] = Object.keys(TABLES);

/** Fills the tables that tell the answers of a night: those of them that are asked for. */
export async function fillAnswers(
  context: ProgramContext,
  tables: ReadonlySet<string>,
  answers: Answers,
): Promise<void> {
  for (const [table, fill] of Object.entries(TABLES)) if (tables.has(table)) await fill(context, answers);
}

function driftFr(feature: string, level: "green" | "amber" | "red"): string {
  if (level === "green") return "Rien à faire.";
  if (level === "amber")
    return "À surveiller : les situations du jour s’écartent un peu de celles d’apprentissage.";
  return feature === "score"
    ? "La règle simple reprend la main, et le prochain apprentissage est avancé."
    : "À vérifier : un changement dans les données reçues. Si les scores s’écartent aussi, le prochain apprentissage est avancé.";
}

interface ImportancePoint {
  readonly term: string;
  readonly position: number;
  readonly labelFr: string;
  readonly importance: number;
  readonly share: number;
  readonly point: number;
  readonly at: number | null;
  readonly word: string | null;
  readonly adds: number | null;
}

function importanceOf({ scored, champion, meanings, households }: Answer): ImportancePoint[] {
  const whole = scored.importance.reduce((sum, one) => sum + one, 0);
  const order = [...scored.terms.keys()].sort(
    (one, other) => (scored.importance[other] ?? 0) - (scored.importance[one] ?? 0) || one - other,
  );
  return order.flatMap((place, index) => {
    const shown = scored.terms[place];
    if (shown === undefined) return [];
    const importance = scored.importance[place] ?? 0;
    const told = {
      term: shown.name,
      position: index + 1,
      labelFr: shown.features
        .map((feature) => labelOf(meanings, households.matrix.features[feature]?.name ?? ""))
        .join(" × "),
      importance,
      share: whole === 0 ? 0 : importance / whole,
    };
    const term = champion?.model.terms[place];
    const levels = champion?.model.features[shown.features[0] ?? -1]?.levels;
    const meaning = meanings.find(({ name }) => name === shown.name);
    const words = levels?.map((level) => meaning?.wordsFr.get(level) ?? level);
    const points = term === undefined ? [] : shapeOf(term, words);
    return [{ at: null, word: null, adds: null }, ...points].map((point, number) => ({
      ...told,
      ...point,
      point: number,
    }));
  });
}

type ShapePoint = Pick<ImportancePoint, "at" | "word" | "adds">;

/** The points of a term's shape; of a category, with the words of its levels. */
function shapeOf(term: Term, levels: readonly string[] | undefined): ShapePoint[] {
  if (term.kind === "pair") return [];
  const points = term.knots.map((knot, place): ShapePoint => {
    const adds = term.values[place] ?? null;
    if (levels === undefined) return { at: knot, word: null, adds };
    return { at: null, word: levels[knot] ?? "jamais vu", adds };
  });
  return [...points, { at: null, word: "non connu", adds: term.missing }];
}

function labelOf(meanings: readonly Meaning[], feature: string): string {
  if (feature === "score") return "le score";
  return meanings.find(({ name }) => name === feature)?.labelFr ?? feature;
}

const freshRow = z.object({ agency_id: z.string(), days: z.number() });

/** Days since the newest entry of each agency's households was booked. */
async function freshnessByAgency({ connection, asOf }: ProgramContext): Promise<Map<string, number>> {
  const rows = await queryRows(
    connection,
    `select cohort.agency_id, (date '${asOf}' - max(entry.booked_on))::integer as days
     from risk.cohort
     inner join contract.entry on cohort.lease_id = entry.lease_id and entry.booked_on <= date '${asOf}'
     where cohort.as_of = date '${asOf}'
     group by cohort.agency_id`,
    freshRow,
  );
  return new Map(rows.map(({ agency_id, days }) => [agency_id, days]));
}

/** Inserts one row for each item, whose columns are told item by item. */
async function insertRows<T>(
  { connection }: ProgramContext,
  table: string,
  items: readonly T[],
  columnsOf: (item: T) => readonly InsertedColumn[],
): Promise<void> {
  const rows = items.map(columnsOf);
  const [first] = rows;
  if (first === undefined) return;
  const columns = first.map(({ type }, place) => ({
    type,
    at: (row: number): DuckDBValue => rows[row]?.[place]?.at(0) ?? null,
  }));
  await insertColumns(connection, "risk", table, items.length, columns);
}

function text(at: (row: number) => string | null): InsertedColumn {
  return { type: VARCHAR, at };
}

/** No number stands as null. */
function number(at: (row: number) => number | null | undefined): InsertedColumn {
  return {
    type: DOUBLE,
    at: (row) => {
      const value = at(row);
      return value == null || Number.isNaN(value) ? null : value;
    },
  };
}

function boolean(at: (row: number) => boolean): InsertedColumn {
  return { type: BOOLEAN, at };
}

/** Days since 1970; none stands as null. */
function date(at: (row: number) => number): InsertedColumn {
  return {
    type: DATE,
    at: (row) => {
      const day = at(row);
      return Number.isNaN(day) ? null : new DuckDBDateValue(day);
    },
  };
}
