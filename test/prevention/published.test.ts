import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { queryRows } from "../../pipelines/warehouse/connection.ts";
import { openEmptyLandlord, orderedModels } from "../sql/empty-landlord.ts";

const MINIMUM = 10;
const database = await openEmptyLandlord(`disclosure: { minimum: ${MINIMUM} }`, "2024-12-31");
const { connection } = database;

afterAll(() => database.close());

/** Counts of households in arrears of one agency; of the company they are the sums. */
const COUNTED = ["caught_alone", "caught_contacted", "missed", "left_out", "alerted", "not_alerted"] as const;

/** What a reader can see of them, as sums of the counts. */
const SEEN: Readonly<Record<string, readonly (typeof COUNTED)[number][]>> = {
  onsets: ["caught_alone", "caught_contacted", "missed", "left_out"],
  caught: ["caught_alone", "caught_contacted"],
  not_listed: ["missed", "left_out"],
  missed: ["missed"],
  left_out: ["left_out"],
  caught_alone: ["caught_alone"],
  month_onsets: ["alerted", "not_alerted"],
  alerted: ["alerted"],
};

const count = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 14 }), fc.integer({ min: 15, max: 90 }));
const agency = fc.record(Object.fromEntries(COUNTED.map((name) => [name, count])));
const isFew = (value: number) => value >= 1 && value <= MINIMUM;

test("no count of few households is published, nor one that a difference within a row or to the company tells", async () => {
  const { query } = (await orderedModels()).find(({ id }) => id === "prevention.published_value") ?? {};
  await connection.run(`
    create table prevention.list_value (
      level varchar, slice_id varchar, first_month date, last_month date, lists integer, listed integer, jaccard double,
      households_listed integer, contacted integer, onsets integer, caught integer, missed integer, left_out integer,
      spared integer, false_alarms integer, caught_alone integer, precision_uncontacted double, lead_days_median double,
      month_onsets integer, alerted integer, reached integer, alerted_before_onset double, contacted_before_onset double,
      warning_days_median double
    )`);
  const columns = Object.keys(SEEN);
  const shownRow = z.record(z.string(), z.number().nullable());
  await fc.assert(
    fc.asyncProperty(fc.array(agency, { minLength: 1, maxLength: 5 }), async (agencies) => {
      const sums = agencies.map((one) =>
        Object.fromEntries(
          columns.map((column) => [
            column,
            (SEEN[column] ?? []).reduce((sum, name) => sum + (one[name] ?? 0), 0),
          ]),
        ),
      );
      const whole = Object.fromEntries(
        columns.map((column) => [column, sums.reduce((sum, one) => sum + (one[column] ?? 0), 0)]),
      );
      await connection.run("delete from prevention.list_value");
      const given = columns.filter((column) => column !== "not_listed");
      const rows = [whole, ...sums].map((row, i) => {
        const level = i === 0 ? "company" : "agency";
        return `('${level}', 'A${i}', 0, ${given.map((column) => row[column] ?? 0).join(", ")})`;
      });
      await connection.run(
        `insert into prevention.list_value (level, slice_id, reached, ${given.join(", ")}) values ${rows.join(", ")}`,
      );
      const shown = await queryRows(
        connection,
        `select ${columns.join(", ")} from (${query}) order by slice_id`,
        shownRow,
      );
      for (const row of shown) {
        const known = columns.flatMap((column) => row[column] ?? []);
        expect(known.filter(isFew)).toEqual([]);
        const { onsets, caught, missed, not_listed, caught_alone, month_onsets, alerted } = row;
        const differences = [
          [onsets, caught],
          [not_listed, missed],
          [caught, caught_alone],
          [month_onsets, alerted],
        ].flatMap(([one, other]) => (one == null || other == null ? [] : [one - other]));
        expect(differences.filter(isFew)).toEqual([]);
      }
      const [company, ...parts] = shown;
      for (const column of columns) {
        const hidden = parts.filter((part) => part[column] === null);
        if (company?.[column] == null) continue;
        expect(hidden.length === 1 && parts.length > 1, column).toBe(false);
      }
    }),
    { numRuns: 60 },
  );
});
