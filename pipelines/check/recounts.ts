import type { StartRecount } from "./recount.ts";
import { recountAgeing } from "./recounts/ageing.ts";
import { recountAllocation } from "./recounts/allocation.ts";
import { recountArrears } from "./recounts/arrears.ts";
import { recountChased } from "./recounts/chased.ts";
import { recountCost } from "./recounts/cost.ts";
import { recountFees } from "./recounts/fees.ts";
import { recountFreshness } from "./recounts/freshness.ts";
import { recountLegal } from "./recounts/legal.ts";
import { recountPlans } from "./recounts/plans.ts";
import { recountProductivity } from "./recounts/productivity.ts";
import { recountReaction } from "./recounts/reaction.ts";
import { recountReceivables } from "./recounts/receivables.ts";
import { recountReconciliation } from "./recounts/reconciliation.ts";
import { recountRecovery } from "./recounts/recovery.ts";
import { recountReminders } from "./recounts/reminders.ts";
import { recountSchedule } from "./recounts/schedule.ts";
import { recountSpells } from "./recounts/spells.ts";
import { recountStocks } from "./recounts/stocks.ts";

/** Everything that is counted again; between them they tell every indicator. */
export const RECOUNTS: readonly StartRecount[] = [
  recountArrears,
  recountStocks,
  recountAgeing,
  recountReceivables,
  recountSpells,
  recountFees,
  recountAllocation,
  recountRecovery,
  recountCost,
  recountReaction,
  recountReminders,
  recountSchedule,
  recountChased,
  recountPlans,
  recountLegal,
  recountProductivity,
  recountFreshness,
  recountReconciliation,
];
