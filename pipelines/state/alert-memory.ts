import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";
import type { StateKind } from "./state-file.ts";

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "is no date yyyy-mm-dd");
const month = z.string().regex(/^\d{4}-\d{2}-01$/, "is no first day of a month");

const plannedLine = z.strictObject({
  position: z.int().min(1),
  action_fr: z.string(),
  owner_role: z.string(),
  owner_fr: z.string(),
  due_on: day,
  expected_effect: z.number().nullable(),
  expected_fr: z.string(),
});

/** What nights remember of alerts: one line for each thing that happened to one. */
const alertLine = z.discriminatedUnion("happened", [
  z.strictObject({
    happened: z.literal("opened"),
    alert_id: z.string().min(1),
    indicator_id: z.string().min(1),
    level: z.enum(["company", "sector", "agency"]),
    slice_id: z.string(),
    kind: z.enum(["level_red", "shift_red"]),
    opened_on: day,
    opened_month: month,
    base_month: month.nullable(),
    value: z.number().nullable(),
    plan: z.array(plannedLine),
  }),
  z.strictObject({
    happened: z.literal("worsened"),
    alert_id: z.string().min(1),
    month,
    kind: z.enum(["level_red", "shift_red"]),
    value: z.number().nullable(),
  }),
  z.strictObject({
    happened: z.literal("closed"),
    alert_id: z.string().min(1),
    closed_on: day,
    month,
  }),
]);

export type AlertLine = z.infer<typeof alertLine>;

/** `state/alerts/`: alerts opened, worsened and closed, with the plans as they were made. */
export const ALERTS: StateKind<AlertLine> = { folder: "alerts", line: alertLine };

/**
 * Fills the tables of the schema `remembered`, from which SQL knows what earlier nights made of alerts: the alerts with
 * their end, what happened to each, and their plans.
 */
export async function loadAlertMemory(
  connection: DuckDBConnection,
  lines: readonly AlertLine[],
): Promise<void> {
  await connection.run("create schema if not exists remembered");
  await connection.run(`
    create table remembered.alert (
      alert_id varchar primary key, indicator_id varchar not null, level varchar not null, slice_id varchar not null,
      kind varchar not null, opened_on date not null, opened_month date not null, base_month date,
      value_at_opening double, closed_on date, closed_month date
    )`);
  await connection.run(`
    create table remembered.telling (
      alert_id varchar not null, month date not null, kind varchar not null, value double, primary key (alert_id, month)
    )`);
  await connection.run(`
    create table remembered.plan (
      alert_id varchar not null, position integer not null, action_fr varchar not null, owner_role varchar not null,
      owner_fr varchar not null, due_on date not null, expected_effect double, expected_fr varchar not null,
      primary key (alert_id, position)
    )`);
  const closings = new Map(
    lines.flatMap((line) => (line.happened === "closed" ? [[line.alert_id, line]] : [])),
  );
  const alerts: string[] = [];
  const tellings: string[] = [];
  const plans: string[] = [];
  for (const line of lines) {
    const id = quoteText(line.alert_id);
    if (line.happened === "opened") {
      const closing = closings.get(line.alert_id);
      const values = [id, text(line.indicator_id), text(line.level), text(line.slice_id), text(line.kind)];
      values.push(text(line.opened_on), text(line.opened_month), text(line.base_month), number(line.value));
      values.push(text(closing?.closed_on), text(closing?.month));
      alerts.push(values.join(", "));
      tellings.push([id, text(line.opened_month), text(line.kind), number(line.value)].join(", "));
      for (const planned of line.plan) {
        const { position, action_fr, owner_role, owner_fr, due_on, expected_effect, expected_fr } = planned;
        const said = [text(action_fr), text(owner_role), text(owner_fr), text(due_on)];
        plans.push([id, position, ...said, number(expected_effect), text(expected_fr)].join(", "));
      }
    } else if (line.happened === "worsened") {
      tellings.push([id, text(line.month), text(line.kind), number(line.value)].join(", "));
    }
  }
  await insert(connection, "remembered.alert", alerts);
  await insert(connection, "remembered.telling", tellings);
  await insert(connection, "remembered.plan", plans);
}

async function insert(connection: DuckDBConnection, table: string, rows: readonly string[]): Promise<void> {
  if (rows.length > 0) await connection.run(`insert into ${table} values (${rows.join("), (")})`);
}

function text(value: string | null | undefined): string {
  return value === null || value === undefined ? "null" : quoteText(value);
}

function number(value: number | null): string {
  return value === null ? "null" : String(value);
}
