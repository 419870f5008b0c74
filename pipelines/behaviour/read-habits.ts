import type { DuckDBConnection } from "@duckdb/node-api";
import type { Vector } from "apache-arrow";
import { HABIT_FIGURES, type Habits } from "../../models/payment-behaviour/archetypes.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { arrowTable } from "../warehouse/arrow.ts";

/** Rows of `risk.behaviour`, leases one after another and each from its first closing to its last. */
export interface HabitRows {
  readonly habits: Habits;
  /** Per row: a number for its lease, and the lease of each number. */
  readonly household: Int32Array;
  readonly leaseOf: readonly string[];
  /** Per row: the first day of its month, in days since 1970. */
  readonly month: Int32Array;
  /** Per row: why no habit is told, null where one is. */
  noHabit(row: number): string | null;
}

/** Reads the habits of every closing that is told. */
export function readHabits(connection: DuckDBConnection): Promise<HabitRows> {
  return read(
    connection,
    `select lease_id, month, no_habit, ${HABIT_FIGURES.join(", ")} from risk.behaviour order by lease_id, month`,
  );
}

/** The habits that types are learnt from, and what the shipped archetypes weigh beside them. */
export interface LearningHabits extends HabitRows {
  readonly anchorRows: number;
}

/**
 * Reads the habits of the last closings that types are learnt from: those of every household, or of as many, drawn by a hash of
 * their lease, as the strategy allows.
 */
export async function readLearningHabits(
  connection: DuckDBConnection,
  { learn_months, learn_rows, anchor_households }: Strategy["behaviour"],
): Promise<LearningHabits> {
  const rows = await read(
    connection,
    `with recent as (
      select lease_id, month, no_habit, ${HABIT_FIGURES.join(", ")}
      from risk.behaviour
      where no_habit is null and month > (select max(month) from risk.behaviour) - to_months(${learn_months})
    ),
    drawn as (
      select lease_id from recent group by lease_id order by md5(lease_id), lease_id
      limit ${Math.floor(learn_rows / learn_months)}
    )
    select recent.*, (select count(distinct lease_id)::integer from recent) as households
    from recent
    semi join drawn on recent.lease_id = drawn.lease_id
    order by recent.lease_id, recent.month`,
  );
  return { ...rows, anchorRows: (anchor_households * rows.habits.rows) / Math.max(1, rows.households) };
}

async function read(
  connection: DuckDBConnection,
  sql: string,
): Promise<HabitRows & { readonly households: number }> {
  const table = await arrowTable(connection, sql);
  const rows = table.numRows;
  const numbers = (name: string): ArrayLike<number> => table.getChild(name)?.data[0]?.values ?? [];
  const values = new Float64Array(rows * HABIT_FIGURES.length);
  for (const [figure, name] of HABIT_FIGURES.entries()) {
    const column = numbers(name);
    for (let row = 0; row < rows; row++) values[row * HABIT_FIGURES.length + figure] = column[row] ?? 0;
  }
  const leases: Vector | undefined = table.getChild("lease_id")?.data[0]?.dictionary;
  const noHabit = table.getChild("no_habit");
  return {
    habits: { rows, values },
    household: Int32Array.from(numbers("lease_id")),
    leaseOf: [...(leases ?? [])].map(String),
    month: Int32Array.from(numbers("month")),
    noHabit: (row) => noHabit?.get(row) ?? null,
    households: numbers("households")[0] ?? 0,
  };
}
