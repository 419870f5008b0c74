import { createHash } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { PROJECT } from "../project.ts";
import { sourceDigest } from "../source-digest.ts";
import { queryRows, quoteText } from "../warehouse/connection.ts";
import type { Model } from "../warehouse/model.ts";

/** What a night's tables were made by, digested: rows stay the same only where these do. */
export interface Fingerprint {
  /** All programs, the packages that they use, and which models there are. */
  readonly program: string;
  /** The text of each model, by its id. */
  readonly models: ReadonlyMap<string, string>;
  /** The landlord's strategy, as programs read it. */
  readonly strategy: string;
  /** How many nights were built upon the last one of which everything was computed. */
  readonly nights: number;
}

/** What the programs of a night are, the packages that they use included. */
const SOURCES = ["pipelines/**/*.{ts,mjs,sql}", "models/**/*.ts", "package-lock.json"];

/** Digests the programs, the models and the strategy that tonight's tables are made by. */
export async function fingerprintOf(models: readonly Model[], strategy: unknown): Promise<Fingerprint> {
  const sources = await sourceDigest(PROJECT, SOURCES);
  const kinds = models.map(({ id, kind }) => `${id} ${kind}`).sort();
  return {
    program: digest([sources, ...kinds].join("\n")),
    models: new Map(
      models.map((model) => [
        model.id,
        digest(JSON.stringify({ ...model, indicators: [...model.indicators] })),
      ]),
    ),
    strategy: digest(JSON.stringify(strategy)),
    nights: 0,
  };
}

/** Keeps a fingerprint in `run.fingerprint`, for the next night to compare itself with. */
export async function keepFingerprint(connection: DuckDBConnection, fingerprint: Fingerprint): Promise<void> {
  await connection.run("create schema if not exists run");
  await connection.run(
    "create or replace table run.fingerprint (part varchar primary key, digest varchar not null)",
  );
  const { program, strategy, nights, models } = fingerprint;
  const parts = new Map([[PROGRAM, program], [STRATEGY, strategy], [NIGHTS, String(nights)], ...models]);
  const rows = [...parts].map(([part, text]) => `(${quoteText(part)}, ${quoteText(text)})`);
  await connection.run(`insert into run.fingerprint values ${rows.join(", ")}`);
}

/** The fingerprint that another database of the connection holds; undefined where it holds none. */
export async function readFingerprint(
  connection: DuckDBConnection,
  database: string,
): Promise<Fingerprint | undefined> {
  const [found] = await queryRows(
    connection,
    `select count(*)::integer as tables from duckdb_tables()
     where database_name = ${quoteText(database)} and schema_name = 'run' and table_name = 'fingerprint'`,
    z.object({ tables: z.number() }),
  );
  if (found?.tables !== 1) return undefined;
  const rows = await queryRows(
    connection,
    `select part, digest from ${database}.run.fingerprint`,
    z.object({ part: z.string(), digest: z.string() }),
  );
  const models = new Map(rows.map(({ part, digest }) => [part, digest]));
  const program = models.get(PROGRAM);
  const strategy = models.get(STRATEGY);
  const nights = Number(models.get(NIGHTS));
  if (program === undefined || strategy === undefined || !Number.isInteger(nights)) return undefined;
  for (const part of [PROGRAM, STRATEGY, NIGHTS]) models.delete(part);
  return { program, models, strategy, nights };
}

/** No model's id: those have a dot. */
const PROGRAM = "program";
const STRATEGY = "strategy";
const NIGHTS = "nights";

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
