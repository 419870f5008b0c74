import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";
import { feesSchema } from "./rules-fees.ts";

const dated = {
  country: z.enum(["fr", "be"]),
  from: z.iso.date().optional().describe("First day on which the rule holds; since ever when absent."),
  to: z.iso.date().optional().describe("Last day on which it holds; until further notice when absent."),
};

const monthDay = z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "is no day of the year: mm-dd");

const months = z.int().min(0).max(120);

/**
 * The dated rules of the law that indicators and lists hold the landlord to. Defaults: CCH R824-1 and R824-4, décret
 * 2026-84 (benefit arrears), loi 89-462 art. 24 (notice, CCAPEX) and 7-1 (limitation), CPCE L412-6 (winter truce). A
 * landlord's counsel verifies them; a list given replaces the default one.
 */
export const rulesSchema = z
  .strictObject({
    caf_report: z
      .array(
        z
          .strictObject({
            ...dated,
            monthly_calls: z
              .number()
              .positive()
              .optional()
              .describe(
                "Debt in monthly calls from which benefit arrears are constituted: net calls where benefit is paid to the landlord, gross ones where it is paid to the tenant.",
              ),
            euros_above: z.number().min(0).optional().describe("Debt above which they are constituted."),
            months_unpaid: months
              .optional()
              .describe(
                "Months after the first default from which they are constituted, whatever the amount.",
              ),
            report_months: months.describe("Months in which the benefit office must be told."),
          })
          .refine(
            (rule) =>
              [rule.monthly_calls, rule.euros_above, rule.months_unpaid].some((limit) => limit !== undefined),
            "says neither monthly_calls, euros_above nor months_unpaid",
          ),
      )
      .default([
        { country: "fr", to: "2026-12-31", monthly_calls: 2, report_months: 2 },
        { country: "fr", from: "2027-01-01", euros_above: 450, months_unpaid: 3, report_months: 2 },
      ])
      .describe("When the landlord must tell the benefit office that a beneficiary does not pay."),
    ccapex: z
      .array(
        z.strictObject({
          ...dated,
          months_before_summons: months,
          caf_report_counts: z
            .boolean()
            .describe("Whether a report to the benefit office stands for the referral."),
        }),
      )
      .default([{ country: "fr", months_before_summons: 2, caf_report_counts: true }])
      .describe("How long before a summons the commission that prevents evictions must be seized."),
    notice_to_pay: z
      .array(
        z.strictObject({
          country: dated.country,
          leases_from: z.iso.date().optional().describe("First beginning of the leases concerned."),
          leases_to: z.iso.date().optional().describe("Last beginning of the leases concerned."),
          weeks: z.int().min(0).default(0),
          months: months.default(0),
        }),
      )
      .default([
        { country: "fr", leases_to: "2023-07-28", weeks: 0, months: 2 },
        { country: "fr", leases_from: "2023-07-29", weeks: 6, months: 0 },
      ])
      .describe("Time that a notice to pay leaves; the lease's clause counts where it gives longer."),
    winter_truce: z
      .array(z.strictObject({ ...dated, first_day: monthDay, last_day: monthDay }))
      .default([{ country: "fr", first_day: "11-01", last_day: "03-31" }])
      .describe("Days of the year between which nobody is evicted."),
    limitation: z
      .array(z.strictObject({ ...dated, years: z.int().min(1), warn_months: months }))
      .default([{ country: "fr", years: 3, warn_months: 6 }])
      .describe(
        "Years after which a term can no longer be claimed, and months before that from which to warn.",
      ),
    fees: feesSchema,
  })
  .prefault({});

/** The statements that give SQL the rules of the landlord's country. */
export function ruleTables(rules: z.output<typeof rulesSchema>, country: "fr" | "be"): string[] {
  const { caf_report, ccapex, notice_to_pay, winter_truce, limitation } = rules;
  return [
    ...table(
      "caf_rule",
      "from_on date, to_on date, monthly_calls double, euros_above decimal(12, 2), months_unpaid integer, report_months integer not null",
      national(caf_report).map((rule) => [
        ...datesOf(rule),
        number(rule.monthly_calls),
        number(rule.euros_above),
        number(rule.months_unpaid),
        number(rule.report_months),
      ]),
    ),
    ...table(
      "ccapex_rule",
      "from_on date, to_on date, months_before_summons integer not null, caf_report_counts boolean not null",
      national(ccapex).map((rule) => [
        ...datesOf(rule),
        number(rule.months_before_summons),
        String(rule.caf_report_counts),
      ]),
    ),
    ...table(
      "notice_rule",
      "leases_from date, leases_to date, weeks integer not null, months integer not null",
      national(notice_to_pay).map((rule) => [
        ...datesOf({ from: rule.leases_from, to: rule.leases_to }),
        number(rule.weeks),
        number(rule.months),
      ]),
    ),
    ...table(
      "winter_truce",
      "from_on date, to_on date, first_day varchar not null, last_day varchar not null",
      national(winter_truce).map((rule) => [
        ...datesOf(rule),
        quoteText(rule.first_day),
        quoteText(rule.last_day),
      ]),
    ),
    ...table(
      "limitation",
      "from_on date, to_on date, years integer not null, warn_months integer not null",
      national(limitation).map((rule) => [...datesOf(rule), number(rule.years), number(rule.warn_months)]),
    ),
  ];

  function national<Rule extends { readonly country: "fr" | "be" }>(list: readonly Rule[]): Rule[] {
    return list.filter((rule) => rule.country === country);
  }
}

function table(name: string, columns: string, rows: readonly (readonly string[])[]): string[] {
  const create = `create table strategy.${name} (${columns})`;
  if (rows.length === 0) return [create];
  return [
    create,
    `insert into strategy.${name} values ${rows.map((row) => `(${row.join(", ")})`).join(", ")}`,
  ];
}

function datesOf(rule: { readonly from?: string | undefined; readonly to?: string | undefined }): string[] {
  return [rule.from, rule.to].map((day) => (day === undefined ? "null" : `date ${quoteText(day)}`));
}

function number(value: number | undefined): string {
  return value === undefined ? "null" : String(value);
}
