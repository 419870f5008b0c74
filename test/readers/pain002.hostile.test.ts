import fc from "fast-check";
import { expect, test } from "vitest";
import { PAIN002_COLUMNS } from "../../pipelines/readers/pain002.ts";
import { damaged, damages, XML_INSERTIONS } from "./damage.ts";
import { everyCase } from "./hostile.ts";
import { euros, pain002File, type WrittenReject } from "./statement-files.ts";
import { writtenText } from "./written-statements.ts";

const reject: fc.Arbitrary<WrittenReject> = fc.record({
  endToEndId: fc.stringMatching(/^[A-Z0-9-]{1,35}$/),
  reason: fc.constantFrom("AM04", "AC04", "MD07", "MS03"),
  information: writtenText(105),
  cents: fc.integer({ min: 1, max: 200_000 }),
  debtorName: writtenText(70),
});

const written = fc.record({
  rejects: fc.array(reject, { maxLength: 4 }),
  version: fc.constantFrom("03" as const, "10" as const),
  damages: damages(XML_INSERTIONS),
});

const READ = ["end_to_end_id", "reason_code", "reason_information", "amount", "debtor_name"];
const places = READ.map((column) => PAIN002_COLUMNS.indexOf(column) + 1);

test("10,000 reports, sound or damaged: rows, or one error", async () => {
  const counts = await everyCase(
    written,
    10_000,
    ({ rejects, version, damages }) => ({
      bytes: damaged(Buffer.from(pain002File(rejects, version)), damages),
      keys: { format: "pain002" },
    }),
    ({ rejects, damages }, outcome) => {
      if (damages.length > 0) return;
      expect(outcome).toMatchObject({ kind: "read", malformed: [] });
      if (outcome.kind === "refused") return;
      expect(outcome.rows.map((row) => places.map((place) => row[place]))).toEqual(
        rejects.map(({ endToEndId, reason, information, cents, debtorName }) => [
          endToEndId,
          reason,
          information,
          euros(cents),
          debtorName,
        ]),
      );
    },
  );
  expect(counts.read + counts.refused).toBe(10_000);
  expect(Math.min(counts.read, counts.refused)).toBeGreaterThan(2000);
}, 300_000);
