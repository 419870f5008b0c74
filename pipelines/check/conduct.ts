import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { queryRows } from "../warehouse/connection.ts";

const day = z.string();

const actionRow = z.object({
  lease_id: z.string(),
  on: day,
  kind: z.string(),
  rank: z.number().nullable(),
  team: z.string().nullable(),
  reached: z.boolean(),
});

const holdRow = z.object({ lease_id: z.string(), kind: z.string(), from: day, to: day.nullable() });

const planRow = z.object({
  lease_id: z.string(),
  id: z.string(),
  signed_on: day,
  ended_on: day.nullable(),
  phase: z.string(),
  framework: z.string(),
  outcome: z.string().nullable(),
  debt: z.number(),
  is_known: z.boolean(),
});

const instalmentRow = z.object({ plan_id: z.string(), due_on: day, cents: z.number() });

const waitingRow = z.object({ lease_id: z.string(), received_on: day, only_amount: z.boolean() });

/** Something that the landlord did about a lease. */
export type Action = z.infer<typeof actionRow>;
/** A time in which reminders or enforcement stop, or go elsewhere. */
export type Hold = z.infer<typeof holdRow>;
/** A repayment plan; amounts in cents. */
export interface Plan extends z.infer<typeof planRow> {
  readonly instalments: readonly { readonly dueOn: string; readonly cents: number }[];
}
/** A receipt that waits for its lease, and may be this lease's. */
export type Waiting = z.infer<typeof waitingRow>;

/** What the landlord's files tell of its conduct, by lease, as far as it was known on the as-of date. */
export interface Conduct {
  /** Oldest first. */
  readonly actions: ReadonlyMap<string, readonly Action[]>;
  readonly holds: ReadonlyMap<string, readonly Hold[]>;
  readonly plans: ReadonlyMap<string, readonly Plan[]>;
  readonly waiting: ReadonlyMap<string, readonly Waiting[]>;
}

/** Reads what the landlord did about its leases, and the receipts that the night could match with none. */
export async function readConduct(connection: DuckDBConnection, asOf: string): Promise<Conduct> {
  const actions = await queryRows(
    connection,
    `select lease_id, action_on::varchar as on, kind::varchar as kind, letter_rank as rank, team::varchar as team,
       coalesce(contact = 'reached', false) as reached
     from contract.action
     where action_on <= '${asOf}'::date and coalesce(recorded_on, action_on) <= '${asOf}'::date
     order by action_on, id`,
    actionRow,
  );
  const holds = await queryRows(
    connection,
    `select lease_id, kind::varchar as kind, from_on::varchar as from, to_on::varchar as to
     from contract.lease_hold where coalesce(known_on, from_on) <= '${asOf}'::date order by all`,
    holdRow,
  );
  const instalments = await queryRows(
    connection,
    `select plan_id, due_on::varchar as due_on, (amount * 100)::integer as cents
     from contract.plan_instalment order by due_on`,
    instalmentRow,
  );
  const ofPlan = groupBy(instalments, ({ plan_id }) => plan_id);
  const plans = await queryRows(
    connection,
    `select lease_id, id, signed_on::varchar as signed_on, ended_on::varchar as ended_on, phase::varchar as phase,
       framework::varchar as framework, outcome::varchar as outcome, (debt * 100)::integer as debt,
       coalesce(known_on, signed_on) <= '${asOf}'::date as is_known
     from contract.plan order by signed_on, id`,
    planRow,
  );
  const waiting = await queryRows(
    connection,
    `select candidate.lease_id, received_on::varchar as received_on, why = 'amount' as only_amount
     from bank.candidate inner join bank.unmatched_receipt on candidate.receipt_id = unmatched_receipt.receipt_id
     where amount > 0 order by all`,
    waitingRow,
  );
  const byLease = <Row extends { readonly lease_id: string }>(rows: readonly Row[]) =>
    groupBy(rows, ({ lease_id }) => lease_id);
  return {
    actions: byLease(actions),
    holds: byLease(holds),
    plans: byLease(
      plans.map((plan) => ({
        ...plan,
        instalments: (ofPlan.get(plan.id) ?? []).map(({ due_on, cents }) => ({ dueOn: due_on, cents })),
      })),
    ),
    waiting: byLease(waiting),
  };
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}
