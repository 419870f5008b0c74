import type { DuckDBConnection } from "@duckdb/node-api";
import { z } from "zod";
import { alertChange } from "../notify/digest.ts";
import { messagesOf } from "../notify/messages.ts";
import { OUTBOX } from "../notify/outbox.ts";
import { ALERTS, type AlertLine } from "../state/alert-memory.ts";
import { isDatedBack, type PendingFile, tell } from "../state/state.ts";
import { listState } from "../state/state-file.ts";
import type { Notifications } from "../strategy/notifications.ts";
import { queryRows } from "../warehouse/connection.ts";
import type { Workspace } from "../workspace.ts";

const alertRow = z.object({
  change: z.enum(["opened", "worsened", "closed"]),
  alert_id: z.string(),
  indicator_id: z.string(),
  level: z.enum(["company", "sector", "agency"]),
  slice_id: z.string(),
  kind: z.enum(["level_red", "shift_red"]),
  opened_on: z.string(),
  opened_month: z.string(),
  base_month: z.string().nullable(),
  month: z.string(),
  closed_on: z.string().nullable(),
  value: z.number().nullable(),
});

const actionRow = z.object({
  alert_id: z.string(),
  position: z.number(),
  action_fr: z.string(),
  owner_role: z.string(),
  owner_fr: z.string(),
  due_on: z.string(),
  expected_effect: z.number().nullable(),
  expected_fr: z.string(),
});

/** What a night makes of the state, beside what was remembered before it. */
export interface Tonight {
  readonly workspace: Workspace;
  readonly asOf: string;
  /** The file of the state that the night continues. */
  readonly follows: string | null;
  readonly notifications: Notifications;
}

/**
 * The files that the night adds to the state: what happened to alerts, and the messages that tell people of it. A night
 * dated back tells nobody: the news of its date is old.
 */
export async function tellAlerts(
  connection: DuckDBConnection,
  { workspace, asOf, follows, notifications }: Tonight,
): Promise<PendingFile[]> {
  const lines = await changedAlerts(connection);
  const datedBack = await isDatedBack(workspace, ALERTS, asOf);
  const changes = await queryRows(
    connection,
    `select * exclude (indicator_id, position) from alert.digest
     order by level <> 'company', level <> 'sector', slice_id, position, alert_id`,
    alertChange,
  );
  const messages = datedBack ? [] : messagesOf(changes, notifications, asOf);
  const toldBefore = (await listState(workspace, OUTBOX)).some((name) => name.asOf === asOf);
  return [
    ...(await tell(workspace, ALERTS, asOf, follows, lines)),
    ...(messages.length > 0 || toldBefore ? await tell(workspace, OUTBOX, asOf, null, messages) : []),
  ];
}

/** What happened to alerts tonight, as the state keeps it. */
async function changedAlerts(connection: DuckDBConnection): Promise<AlertLine[]> {
  const alerts = await queryRows(
    connection,
    `select change, alert_id, indicator_id, level, slice_id, kind, opened_on, opened_month, base_month, month, closed_on, value
     from alert.change join alert.alert using (alert_id) order by alert_id`,
    alertRow,
  );
  const actions = await queryRows(
    connection,
    `select alert_id, position, action_fr, owner_role, owner_fr, due_on, expected_effect, expected_fr
     from alert.action order by alert_id, position`,
    actionRow,
  );
  return alerts.map((alert): AlertLine => {
    const { alert_id, kind, month, value } = alert;
    if (alert.change === "worsened") return { happened: "worsened", alert_id, month, kind, value };
    if (alert.change === "closed") {
      if (alert.closed_on === null) throw new Error(`${alert_id} closed on no day`);
      return { happened: "closed", alert_id, closed_on: alert.closed_on, month };
    }
    const { indicator_id, level, slice_id, opened_on, opened_month, base_month } = alert;
    const plan = actions
      .filter((action) => action.alert_id === alert_id)
      .map(({ alert_id: _, ...planned }) => planned);
    return {
      happened: "opened",
      alert_id,
      indicator_id,
      level,
      slice_id,
      kind,
      opened_on,
      opened_month,
      base_month,
      value,
      plan,
    };
  });
}
