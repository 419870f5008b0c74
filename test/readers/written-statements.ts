import fc from "fast-check";
import { closingCents, type WrittenMovement, type WrittenStatement } from "./statement-files.ts";

const day = fc.constantFrom("2023-12-29", "2024-01-31", "2024-02-29", "2024-03-05");
const character = fc.constantFrom(..."ABCDEFG0123456789 -./éÉàÇ'\"&<>;,\\");

/** A text without blanks around it, of at most `maxLength` characters. */
export function writtenText(maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: character, minLength: 1, maxLength }).map((text) => text.trim() || "X");
}

/** Not 0: what is lost of nothing cannot be told. */
const cents = fc.oneof(
  fc.integer({ min: 1, max: 200_000 }),
  fc.integer({ min: -200_000, max: -1 }),
  fc.constantFrom(1, -1, 99_999_999_999, -99_999_999_999),
);

const movement: fc.Arbitrary<WrittenMovement> = fc.record(
  {
    cents,
    bookedOn: day,
    label: writtenText(31),
    details: fc.array(fc.tuple(fc.constantFrom("LCC", "NPY", "RCN", "XYZ"), writtenText(70)), {
      maxLength: 3,
    }),
    endToEndId: fc.stringMatching(/^[A-Z0-9-]{1,35}$/),
    debtorName: writtenText(70),
    remittance: writtenText(140),
  },
  { requiredKeys: ["cents", "bookedOn", "label"] },
);

const statement: fc.Arbitrary<WrittenStatement> = fc.record({
  account: fc.constantFrom("00012345678", "00099999999", "0000000000A"),
  openingCents: fc.integer({ min: -1_000_000, max: 1_000_000 }),
  openedOn: day,
  closedOn: day,
  movements: fc.array(movement, { maxLength: 4 }),
});

/** Statements of a few accounts, each opening with what the one before it of the same account closed with. */
export const writtenStatements: fc.Arbitrary<readonly WrittenStatement[]> = fc
  .array(statement, { minLength: 1, maxLength: 3 })
  .map((statements) => {
    const closings = new Map<string, number>();
    return statements.map((written) => {
      const openingCents = closings.get(written.account) ?? written.openingCents;
      const continued = { ...written, openingCents };
      closings.set(written.account, closingCents(continued));
      return continued;
    });
  });
