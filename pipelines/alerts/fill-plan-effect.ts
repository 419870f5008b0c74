import { z } from "zod";
import { planEffect } from "../../models/plan-effect/plan-effect.ts";
import { monthFr, ofMonthFr } from "../notify/french.ts";
import { queryRows, quoteText } from "../warehouse/connection.ts";
import type { ProgramContext } from "../warehouse/program.ts";

const compared = z.object({
  alert_id: z.string(),
  position: z.number(),
  is_alerted: z.boolean(),
  before_month: z.string(),
  measured_month: z.string(),
  before: z.number().nullable(),
  after: z.number().nullable(),
});

type Compared = z.infer<typeof compared>;

/** Fills `alert.plan_effect` from `alert.comparison`: one row for each action that can be measured by now. */
export async function fillPlanEffect({ connection, strategy }: ProgramContext): Promise<void> {
  const rows = await queryRows(
    connection,
    `select alert_id, position, is_alerted, before_month, measured_month, before, after
     from alert.comparison order by alert_id, position, is_alerted desc, slice_id`,
    compared,
  );
  const measures = new Map<string, Compared[]>();
  for (const row of rows) {
    const key = `${row.alert_id}\n${row.position}`;
    measures.set(key, [...(measures.get(key) ?? []), row]);
  }
  const values = [...measures.values()].map((of) => `(${measure(of, strategy.alerts.minimum_controls)})`);
  if (values.length > 0) await connection.run(`insert into alert.plan_effect values ${values.join(", ")}`);
}

function measure(rows: readonly Compared[], minimumControls: number): string {
  const [own] = rows;
  if (own === undefined) throw new Error("an action is compared with nothing, not even itself");
  const others = rows.flatMap(({ is_alerted, before, after }) =>
    is_alerted || before === null || after === null ? [] : [{ before, after }],
  );
  const key = [quoteText(own.alert_id), own.position, quoteText(own.measured_month)];
  const when = `${ofMonthFr(own.before_month)} à ${monthFr(own.measured_month)}`;
  if (own.before === null || own.after === null) {
    const why = `Non mesurable : le chiffre n’est pas publié à l’une des deux clôtures, ${when}.`;
    return [...key, "'none'", 0, "null", "null", "null", quoteText(why)].join(", ");
  }
  const effect = planEffect({ before: own.before, after: own.after }, others, minimumControls);
  if (effect.basis === "before_after") {
    const why = `Avant/après sans témoin, ${when} : l’évolution constatée peut tenir à autre chose qu’au plan.`;
    return [...key, "'before_after'", 0, effect.effect, "null", "null", quoteText(why)].join(", ");
  }
  const why =
    `Évolution comparée à celle de ${others.length} agences sans alerte sur cet indicateur, ${when}. ` +
    "L’intervalle vient de la dispersion de leurs évolutions. Toutes les actions du plan sont mesurées ensemble, " +
    "et un retour spontané vers la moyenne n’est pas exclu.";
  const { basis } = effect;
  return [
    ...key,
    quoteText(basis),
    others.length,
    effect.effect,
    effect.low,
    effect.high,
    quoteText(why),
  ].join(", ");
}
