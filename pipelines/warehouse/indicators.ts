import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "./connection.ts";
import { type IndicatorDefinition, type Model, ModelError } from "./model.ts";

/** Every indicator that the models define, by id. */
export function collectIndicators(models: readonly Model[]): Map<string, IndicatorDefinition> {
  const indicators = new Map<string, IndicatorDefinition>();
  for (const model of models) {
    for (const [id, definition] of model.indicators) {
      if (indicators.has(id)) throw new ModelError(model.file, `indicator ${id} is defined twice`);
      indicators.set(id, definition);
    }
  }
  return indicators;
}

/** Creates `kpi.indicator`, the catalogue, from the headers of the models. */
export async function loadIndicators(
  connection: DuckDBConnection,
  indicators: ReadonlyMap<string, IndicatorDefinition>,
): Promise<void> {
  await connection.run("create schema if not exists kpi");
  await connection.run(`
    create table kpi.indicator (
      indicator_id varchar primary key, family varchar not null, position integer not null, headline boolean not null,
      label_fr varchar not null, unit varchar not null, good_direction varchar not null, perimeter varchar not null,
      formula_fr varchar not null
    )`);
  const rows = [...indicators].map(([id, indicator]) =>
    [
      quoteText(id),
      quoteText(indicator.family),
      String(indicator.position),
      String(indicator.headline),
      quoteText(indicator.label_fr),
      quoteText(indicator.unit),
      quoteText(indicator.good_direction),
      quoteText(indicator.perimeter),
      quoteText(indicator.formula_fr),
    ].join(", "),
  );
  if (rows.length > 0) await connection.run(`insert into kpi.indicator values (${rows.join("), (")})`);
}
