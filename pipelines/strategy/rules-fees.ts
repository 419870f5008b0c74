import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";

const FEE_KINDS = ["reminder", "collection", "notice_to_pay", "rejection", "other"] as const;

/**
 * Fees that the law forbids to charge to a residential tenant who has been sentenced to nothing. Defaults: loi 89-462
 * art. 4 p (reminders) and CPCE L111-8 (collection without an enforceable title stays with the creditor, acts that the law
 * prescribes excepted: the notice to pay may be charged). A landlord's counsel verifies them; a list given replaces the
 * default one.
 */
export const feesSchema = z
  .strictObject({
    forbidden: z
      .array(
        z.strictObject({
          country: z.enum(["fr", "be"]),
          fee_kinds: z.array(z.enum(FEE_KINDS)).min(1),
          from: z.iso
            .date()
            .optional()
            .describe("First day on which the rule holds; since ever when absent."),
          to: z.iso
            .date()
            .optional()
            .describe("Last day on which it holds; until further notice when absent."),
        }),
      )
      .default([{ country: "fr", fee_kinds: ["reminder", "collection"] }])
      .describe("Kinds of fees that may not be charged before an enforceable title."),
    heavy_share: z
      .number()
      .min(0)
      .default(0.1)
      .describe("Fees above this share of the principal due weigh too heavily on a case."),
  })
  .prefault({});

/** The statements that give SQL the fees forbidden in the landlord's country, and from when fees are heavy. */
export function feeTables(fees: z.output<typeof feesSchema>, country: "fr" | "be"): string[] {
  const day = (date: string | undefined) => (date === undefined ? "null" : `date ${quoteText(date)}`);
  const rows = fees.forbidden
    .filter((rule) => rule.country === country)
    .flatMap((rule) =>
      rule.fee_kinds.map((kind) => `(${quoteText(kind)}, ${day(rule.from)}, ${day(rule.to)})`),
    );
  const created = [
    "create table strategy.forbidden_fee (fee_kind varchar not null, from_on date, to_on date)",
    `create table strategy.fees as select ${fees.heavy_share}::decimal(9, 4) as heavy_share`,
  ];
  if (rows.length === 0) return created;
  return [...created, `insert into strategy.forbidden_fee values ${rows.join(", ")}`];
}
