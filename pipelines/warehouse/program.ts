import type { DuckDBConnection } from "@duckdb/node-api";
import type { Strategy } from "../strategy/strategy.ts";

/** What a program that fills computed tables may use. It reads the tables that the models name under `from:`, no other. */
export interface ProgramContext {
  readonly connection: DuckDBConnection;
  readonly strategy: Strategy;
  /** The date on which the night stands. */
  readonly asOf: string;
}

/**
 * Fills computed tables: inserts their rows into the empty tables that the models have made. `tables` are the ones to fill,
 * by their models' ids: all that it is offered for, or some of them.
 */
export type Program = (context: ProgramContext, tables: ReadonlySet<string>) => Promise<void>;

/** A program with the computed tables that it fills together, by their models' ids: they are all made `from:` the same. */
export interface OfferedProgram {
  readonly fills: readonly string[];
  readonly program: Program;
}
