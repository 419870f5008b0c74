import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import type { Strategy } from "../strategy/strategy.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { ProgramContext } from "../warehouse/program.ts";
import { dayNumber } from "./days.ts";
import { type Meaning, readMeanings } from "./households.ts";
import { type ModelMemory, QUESTIONS, type Question } from "./model-memory.ts";

/** What a night knows of a question before anything is learnt. */
export interface QuestionTonight {
  readonly question: Question;
  readonly asOf: string;
  readonly risk: Strategy["risk"];
  readonly meanings: readonly Meaning[];
  /** Places on the list of an agency on a day since 1970. */
  readonly places: (agency: string, day: number) => number;
  readonly memory: ModelMemory;
  readonly warn: (line: string) => void;
}

/**
 * What a night knows of each of its questions before anything is learnt.
 *
 * @param warn told of the files of models that were refused, now and as each question is learnt.
 */
export async function askQuestions(
  { connection, strategy, asOf }: ProgramContext,
  memory: ModelMemory,
  warn: (line: string) => void,
): Promise<QuestionTonight[]> {
  for (const { message } of memory.refused) warn(`a file of models was refused: ${message}`);
  const meanings = await readMeanings(connection);
  const places = await readPlaces(connection);
  return QUESTIONS.map((question) => {
    return { question, asOf, risk: strategy.risk, meanings, places, memory, warn };
  });
}

const placesRow = z.object({ agency_id: z.string(), as_of: z.string(), k: z.number() });

/** How long the list of an agency is on a day: for days before the first that is told, as long as on that one. */
async function readPlaces(connection: DuckDBConnection): Promise<(agency: string, day: number) => number> {
  const rows = await queryRows(
    connection,
    "select agency_id, as_of, k::integer as k from prevention.capacity order by agency_id, as_of desc",
    placesRow,
  );
  const told = new Map<string, { day: number; k: number }[]>();
  for (const { agency_id, as_of, k } of rows)
    told.set(agency_id, [...(told.get(agency_id) ?? []), { day: dayNumber(as_of), k }]);
  return (agency, day) => {
    const own = told.get(agency) ?? [];
    return (own.find((one) => one.day <= day) ?? own.at(-1))?.k ?? 0;
  };
}
