import { z } from "zod";
import { tellAlerts } from "../../pipelines/alerts/tonight.ts";
import { recall } from "../../pipelines/memory.ts";
import { deliver } from "../../pipelines/notify/deliver.ts";
import { openNight, publishNight } from "../../pipelines/state/night.ts";
import { parseStrategy } from "../../pipelines/strategy/read-strategy.ts";
import { buildModels, verifyModel } from "../../pipelines/warehouse/build.ts";
import { queryRows, quoteText } from "../../pipelines/warehouse/connection.ts";
import { splitByNeed } from "../../pipelines/warehouse/order.ts";
import { openWorkspace } from "../../pipelines/workspace.ts";
import { openEmptyLandlord, orderedModels } from "../sql/empty-landlord.ts";

/** What the indicators say on a night, straight into the tables that alerts are made of. */
export interface SmallNight {
  readonly asOf: string;
  /** By slice, as « level/slice_id »: the figure of share_3_terms at each closing, oldest first, and whether it is red. */
  readonly figures: Readonly<Record<string, readonly (readonly [value: number, isRed?: boolean])[]>>;
}

/** What a small night leaves to look at. */
export interface SmallNightSeen {
  readonly alerts: readonly Readonly<Record<string, unknown>>[];
  readonly changes: readonly string[];
  readonly plans: readonly Readonly<Record<string, unknown>>[];
  readonly warnings: readonly string[];
}

const FIRST_CLOSING = "2024-01-01";

/**
 * A night on given figures that goes through the real alerts, state, switch and outbox, without a ledger. The closings run
 * from January 2024 to the last month that is over on the as-of date.
 */
export async function runSmallNight(
  folder: string,
  { asOf, figures }: SmallNight,
  strategyText = "",
  environment: Readonly<Record<string, string>> = {},
): Promise<SmallNightSeen> {
  const workspace = openWorkspace(folder);
  const strategy = parseStrategy(`landlord: { name: Bailleur }\nfeeds: {}\n${strategyText}`, "test");
  const night = await openNight(workspace);
  const database = await openEmptyLandlord(strategyText, asOf);
  const { connection } = database;
  try {
    await connection.run("drop schema remembered cascade");
    const { follows } = await recall(database, workspace);
    for (const statement of await shapes()) await connection.run(statement);
    await connection.run(`
      insert into arrears.closing (month, closing_on, is_partial)
      select month::date, least(last_day(month), ${quoteText(asOf)}::date), last_day(month) > ${quoteText(asOf)}::date
      from generate_series(date '${FIRST_CLOSING}', ${quoteText(asOf)}::date, interval 1 month) as series (month)`);
    for (const [slice, closings] of Object.entries(figures)) {
      const [level = "", id = ""] = slice.split("/");
      const agency = level === "agency" ? id : "A1";
      await connection.run(
        `insert into kpi.slice (level, slice_id, agency_id, label, sector, position)
         values ('${level}', '${id}', '${agency}', '${id}', 'Nord', 1)`,
      );
      for (const [i, [value, isRed]] of closings.entries()) {
        const month = `(date '${FIRST_CLOSING}' + to_months(${i}))::date`;
        await connection.run(
          `insert into kpi.indicator_month (indicator_id, level, slice_id, month, is_partial, value, target, red)
           values ('share_3_terms', '${level}', '${id}', ${month}, false, ${value}, 0.05, 0.08)`,
        );
        if (isRed)
          await connection.run(
            `insert into kpi.red (indicator_id, level, slice_id, month, level_red, shift_red, since)
             values ('share_3_terms', '${level}', '${id}', ${month}, true, false, ${month} - to_months(1))`,
          );
      }
    }
    const models = (await orderedModels()).filter(({ schema }) => schema === "alert");
    await buildModels(database, models, database.programs, async (model, build) => {
      await build();
      const [failure] = await verifyModel(connection, model);
      if (failure !== undefined) throw new Error(`${model.id}: check "${failure.check}" fails`);
    });
    const { notifications } = strategy;
    const told = await tellAlerts(connection, {
      workspace,
      asOf,
      follows: follows.alerts,
      notifications,
    });
    await publishNight(workspace, night, told);
    const warnings: string[] = [];
    const warn = (line: string) => warnings.push(line);
    await deliver({ workspace, notifications, asOf, environment, warn });
    const rows = z.record(z.string(), z.unknown());
    const changes = await queryRows(
      connection,
      "select alert_id || ' ' || change as change from alert.change order by 1",
      z.object({ change: z.string() }),
    );
    return {
      alerts: await queryRows(connection, "select * from alert.alert order by alert_id", rows),
      changes: changes.map(({ change }) => change),
      plans: await queryRows(connection, "select * from alert.action_plan order by plan_id", rows),
      warnings,
    };
  } finally {
    database.close();
  }
}

let known: Promise<string[]> | undefined;

/** Statements that make, empty, the tables which alerts are made of; worked out once. */
function shapes(): Promise<string[]> {
  known ??= findShapes();
  return known;
}

async function findShapes(): Promise<string[]> {
  const ordered = await orderedModels();
  const ofAlerts = ordered.filter(({ schema }) => schema === "alert");
  const others = ordered.filter(({ schema }) => schema !== "alert");
  const read = new Set(ofAlerts.flatMap(({ reads }) => reads));
  const tables = others.map(({ id }) => id).filter((id) => read.has(id));
  const database = await openEmptyLandlord("", "2024-01-31");
  try {
    await buildModels(database, splitByNeed(others, tables).needed, database.programs);
    return await Promise.all(
      tables.map(async (table) => {
        const columns = await queryRows(
          database.connection,
          `describe ${table}`,
          z.object({ column_name: z.string(), column_type: z.string() }),
        );
        const typed = columns.map(({ column_name, column_type }) => `${column_name} ${column_type}`);
        return `create table ${table} (${typed.join(", ")})`;
      }),
    );
  } finally {
    database.close();
  }
}
