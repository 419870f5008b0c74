import type { DuckDBConnection } from "@duckdb/node-api";
import type { Strategy } from "../strategy/strategy.ts";
import type { Conduct } from "./conduct.ts";
import type { Closing, LeaseHistory } from "./lease-history.ts";
import type { Tally } from "./tally.ts";

/** What a recount may use besides the histories that it is handed. */
export interface RecountContext {
  readonly connection: DuckDBConnection;
  readonly strategy: Strategy;
  readonly asOf: string;
  readonly closings: readonly Closing[];
  readonly tally: Tally;
  /** Today's agency of every former code. */
  readonly agencyToday: ReadonlyMap<string, string>;
  readonly conduct: Conduct;
}

/** Counts a family of indicators again, from one lease's history after another. */
export interface Recount {
  add(history: LeaseHistory): void;
  /** Called after the last lease. */
  finish?(): void | Promise<void>;
}

/** Starts a recount; it may read the contract's tables, never a model of `sql/arrears` or `sql/kpi`. */
export type StartRecount = (context: RecountContext) => Recount | Promise<Recount>;
