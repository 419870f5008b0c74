import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";
import { DEFAULT_PLANS, DEFAULT_ROLES } from "./default-playbook.ts";
import { plannedAction } from "./planned-action.ts";

const ownerName = z.string().min(1).max(120);

/** What the landlord does about an indicator in alert, and who answers for it. */
export const playbookSchema = z
  .strictObject({
    owners: z
      .record(
        z.string().regex(/^[a-z][a-z_]*$/, "is lower case letters and _"),
        z.strictObject({
          name: ownerName.describe("The role's name on screen, or the person's."),
          agencies: z
            .record(z.string(), ownerName)
            .default({})
            .describe("Who it is in an agency of its own."),
        }),
      )
      .default({})
      .describe("Names of the roles that answer for actions; added to the usual ones or in their place."),
    plans: z
      .record(z.string(), z.array(plannedAction).max(12))
      .default({})
      .describe("Actions by indicator, or by family of indicators; they take the place of the usual ones."),
  })
  .prefault({})
  .superRefine(({ owners, plans }, context) => {
    for (const [key, actions] of Object.entries(plans)) {
      for (const [i, { owner }] of actions.entries()) {
        if (owner in owners || owner in DEFAULT_ROLES) continue;
        const known = [...new Set([...Object.keys(DEFAULT_ROLES), ...Object.keys(owners)])].sort();
        context.addIssue({
          code: "custom",
          path: ["plans", key, i, "owner"],
          message: `no role is called ${owner}; they are ${known.join(", ")}`,
        });
      }
    }
  });

type Playbook = z.output<typeof playbookSchema>;

/** The statements that give SQL the playbook, defaults filled in: `strategy.playbook` and `strategy.owner`. */
export function playbookTables(playbook: Playbook): string[] {
  const statements = [
    `create table strategy.playbook (
      plan_key varchar not null, position integer not null, action_fr varchar not null, owner_role varchar not null,
      days integer not null, expected_effect double, source_fr varchar not null
    )`,
    "create table strategy.owner (owner_role varchar not null, agency_id varchar, owner_fr varchar not null)",
  ];
  const plans = Object.entries({ ...DEFAULT_PLANS, ...playbook.plans }).flatMap(([key, actions]) =>
    actions.map((planned, i) => {
      const values = [
        quoteText(key),
        i + 1,
        quoteText(planned.action),
        quoteText(planned.owner),
        planned.days,
      ];
      const source = planned.source ?? "hypothèse de travail, à confirmer par l’effet mesuré";
      return `(${[...values, planned.expected ?? "null", quoteText(source)].join(", ")})`;
    }),
  );
  if (plans.length > 0) statements.push(`insert into strategy.playbook values ${plans.join(", ")}`);
  const named: Playbook["owners"] = Object.fromEntries(
    Object.entries(DEFAULT_ROLES).map(([role, name]) => [role, { name, agencies: {} }]),
  );
  const owners = Object.entries({ ...named, ...playbook.owners }).flatMap(([role, { name, agencies }]) => [
    `(${quoteText(role)}, null, ${quoteText(name)})`,
    ...Object.entries(agencies).map(
      ([agency, own]) => `(${quoteText(role)}, ${quoteText(agency)}, ${quoteText(own)})`,
    ),
  ]);
  statements.push(`insert into strategy.owner values ${owners.join(", ")}`);
  return statements;
}
