import { z } from "zod";

/** One action of the playbook, as vigie.yaml tells it. */
export const plannedAction = z.strictObject({
  action: z.string().min(1).max(300).describe("What is done, in French, as a person would tell a colleague."),
  owner: z
    .string()
    .regex(/^[a-z][a-z_]*$/, "is lower case letters and _")
    .describe("The role that answers for it."),
  days: z.int().min(1).max(365).describe("Days from the alert to the due date."),
  expected: z
    .number()
    .nullable()
    .default(null)
    .describe(
      "Effect expected on the indicator, in its own unit and with its sign: -0.005 is half a point less.",
    ),
  source: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe("Where the expectation comes from; without one it is told as a working assumption."),
});

/** One action of the playbook. */
export type PlannedAction = z.output<typeof plannedAction>;
