import { z } from "zod";
import { loadListMemory } from "../../pipelines/state/list-memory.ts";
import { queryRows, quoteText } from "../../pipelines/warehouse/connection.ts";
import { openEmptyLandlord, orderedModels } from "../sql/empty-landlord.ts";

/** A household of tonight's cohort, or of a past month end's. */
export interface Household {
  readonly lease: string;
  readonly agency: string;
  readonly probability: number;
  readonly excluded: boolean;
}

const listedRow = z.object({
  lease_id: z.string(),
  agency_id: z.string(),
  place: z.number(),
  kept: z.boolean(),
  rank: z.number(),
});

/** Tables that the lists are made of, with the columns that they read. */
const GIVEN = [
  "risk.model (question varchar, in_shadow boolean)",
  "risk.estimate (question varchar, lease_id varchar, probability double)",
  "risk.cohort (question varchar, as_of date, lease_id varchar, household_id varchar, agency_id varchar, stratum varchar)",
  `risk.past_score (question varchar, as_of date, lease_id varchar, agency_id varchar, probability double, outcome boolean,
     reached_month date, contacted boolean, helped boolean)`,
  "prevention.capacity (as_of date, agency_id varchar, k integer)",
  "prevention.excluded (as_of date, lease_id varchar, is_main boolean)",
  "prevention.list_size (agency_id varchar, k integer)",
];

/** A landlord of whom nothing is known but households with scores, and how long the lists of its agencies are. */
export async function openLists(asOf: string, strategy = "") {
  const { connection, close } = await openEmptyLandlord(strategy, asOf);
  const models = await orderedModels();
  for (const table of GIVEN) await connection.run(`create table ${table}`);
  const queryOf = (id: string): string => models.find((model) => model.id === id)?.query ?? "";

  const insert = async (table: string, rows: readonly string[]) => {
    await connection.run(`delete from ${table}`);
    if (rows.length > 0) await connection.run(`insert into ${table} values ${rows.join(", ")}`);
  };
  const day = (date: string): string => `date '${date}'`;

  return {
    close,

    /** Tonight's list, by agency and place, after the last list of an earlier night. */
    async tonight(
      households: readonly Household[],
      places: Readonly<Record<string, number>>,
      last: { readonly asOf: string; readonly leases: readonly string[] },
    ) {
      const { estimates, cohort, excluded } = rowsOf(households, day(asOf));
      await insert("risk.estimate", estimates);
      await insert("risk.cohort", cohort);
      await insert("prevention.excluded", excluded);
      const sizes = Object.entries(places).map(([agency, k]) => `(${quoteText(agency)}, ${k})`);
      await insert("prevention.list_size", sizes);
      await connection.run("drop table remembered.listed");
      const line = { agency_id: "A", place: 1, probability: 0.5, in_shadow: false };
      await loadListMemory(
        connection,
        last.leases.map((lease_id) => ({ ...line, lease_id, as_of: last.asOf, listed_since: last.asOf })),
      );
      return queryRows(
        connection,
        `select lease_id, agency_id, place, kept, rank from (${queryOf("prevention.list")}) order by agency_id, place`,
        listedRow,
      );
    },

    /** The leases on the replayed list of each month end, in their order. */
    async replay(
      months: readonly { readonly asOf: string; readonly households: readonly Household[] }[],
      places: Readonly<Record<string, number>>,
    ): Promise<string[][]> {
      const past = months.map((month) => rowsOf(month.households, day(month.asOf)));
      await insert(
        "risk.past_score",
        past.flatMap(({ scores }) => scores),
      );
      await insert(
        "prevention.excluded",
        past.flatMap(({ excluded }) => excluded),
      );
      const sizes = Object.entries(places).flatMap(([agency, k]) =>
        months.map((month) => `(${day(month.asOf)}, ${quoteText(agency)}, ${k})`),
      );
      await insert("prevention.capacity", sizes);
      const listed = await queryRows(
        connection,
        `select as_of::varchar as as_of, lease_id from (${queryOf("prevention.replay")}) where listed order by lease_id`,
        z.object({ as_of: z.string(), lease_id: z.string() }),
      );
      return months.map((month) =>
        listed.filter(({ as_of }) => as_of === month.asOf).map(({ lease_id }) => lease_id),
      );
    },
  };
}

function rowsOf(households: readonly Household[], day: string) {
  const named = households.map((one) => ({
    ...one,
    lease: quoteText(one.lease),
    agency: quoteText(one.agency),
  }));
  return {
    estimates: named.map(({ lease, probability }) => `('onset', ${lease}, ${probability})`),
    cohort: named.map(({ lease, agency }) => `('onset', ${day}, ${lease}, ${lease}, ${agency}, 'never')`),
    scores: named.map(
      ({ lease, agency, probability }) =>
        `('onset', ${day}, ${lease}, ${agency}, ${probability}, false, null, false, false)`,
    ),
    excluded: named
      .filter((one) => one.excluded)
      .flatMap(({ lease }) => [`(${day}, ${lease}, true)`, `(${day}, ${lease}, false)`]),
  };
}
