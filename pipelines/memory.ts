import type { DuckDBConnection } from "@duckdb/node-api";
import { tellAlerts } from "./alerts/tonight.ts";
import { waitingMessages } from "./notify/outbox.ts";
import type { Answers } from "./risk/answers.ts";
import { keepTrainings, type ModelMemory, readModelMemory } from "./risk/model-memory.ts";
import { ALERTS, type AlertLine, loadAlertMemory } from "./state/alert-memory.ts";
import { type ListLine, loadListMemory, rememberedLists, tellLists } from "./state/list-memory.ts";
import { type PendingFile, rememberedBefore } from "./state/state.ts";
import type { ProgramContext } from "./warehouse/program.ts";
import type { Workspace } from "./workspace.ts";

/** What a night knows of the nights before it, beside what SQL reads in `remembered`. */
export interface Memory {
  /** The files of the state that the night continues; null for the first night. */
  readonly follows: { readonly alerts: string | null; readonly lists: string | null };
  readonly models: ModelMemory;
}

/**
 * Recalls what the nights before this one remember, and fills the schema `remembered`, from which SQL knows of it. The messages
 * that still wait are looked at too, so that an outbox that cannot be read fails the night before its work and not after its
 * publication.
 *
 * @throws UserError when a file of the state is damaged or missing; a damaged file of models is told among them instead.
 */
export async function recall(
  { connection, strategy, asOf }: ProgramContext,
  workspace: Workspace,
): Promise<Memory> {
  const { replayed_origins, horizon_months } = strategy.risk;
  await waitingMessages(workspace, asOf, strategy.notifications.retry_days);
  const alerts = await rememberedBefore(workspace, ALERTS, asOf);
  const lists = await rememberedLists(workspace, asOf, replayed_origins + horizon_months);
  await loadMemory(connection, { alerts: alerts.lines, lists: lists.lines });
  return {
    follows: { alerts: alerts.follows, lists: lists.follows },
    models: await readModelMemory(workspace, asOf),
  };
}

/** Fills the schema `remembered` with what nights before made of alerts and lists. */
export async function loadMemory(
  connection: DuckDBConnection,
  { alerts, lists }: { readonly alerts: readonly AlertLine[]; readonly lists: readonly ListLine[] },
): Promise<void> {
  await loadAlertMemory(connection, alerts);
  await loadListMemory(connection, lists);
}

/** The files that the night adds to the state: what happened to alerts, whom it tells of it, its lists and its trainings. */
export async function tellNight(
  { connection, strategy, asOf }: ProgramContext,
  workspace: Workspace,
  { follows }: Memory,
  answers: Answers,
): Promise<PendingFile[]> {
  const { notifications } = strategy;
  const trained = answers.flatMap((answer) => answer.trained ?? []);
  return [
    ...(await tellAlerts(connection, { workspace, asOf, follows: follows.alerts, notifications })),
    ...(await tellLists(connection, workspace, asOf, follows.lists)),
    ...(await keepTrainings(workspace, asOf, trained)),
  ];
}
