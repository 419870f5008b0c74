import type { StartRecount } from "./recount.ts";
import { recountAgeing } from "./recounts/ageing.ts";
import { recountArrears } from "./recounts/arrears.ts";
import { recountCost } from "./recounts/cost.ts";
import { recountFees } from "./recounts/fees.ts";
import { recountFreshness } from "./recounts/freshness.ts";
import { recountReceivables } from "./recounts/receivables.ts";
import { recountRecovery } from "./recounts/recovery.ts";
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
  recountRecovery,
  recountCost,
  recountFreshness,
];
