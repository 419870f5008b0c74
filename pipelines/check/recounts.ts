import type { StartRecount } from "./recount.ts";
import { recountAgeing } from "./recounts/ageing.ts";
import { recountArrears } from "./recounts/arrears.ts";
import { recountFees } from "./recounts/fees.ts";

/** Everything that is counted again; between them they tell every indicator. */
export const RECOUNTS: readonly StartRecount[] = [recountArrears, recountAgeing, recountFees];
