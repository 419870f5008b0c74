import { z } from "zod";
import { quoteText } from "../warehouse/connection.ts";

/** What names a site's folder. */
const ADDRESS = /^(?=.{1,40}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

const scope = z
  .strictObject({
    name: z.string().min(1).max(60).describe("The scope's name on its site, in French."),
    agencies: z
      .union([z.literal("all"), z.array(z.string().min(1)).min(1)])
      .optional()
      .describe("Today's agencies of the scope by their ids; all: every agency, those of tomorrow too."),
    sectors: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Sectors whose agencies are in the scope besides."),
  })
  .refine(
    ({ agencies, sectors }) => agencies !== undefined || sectors !== undefined,
    "names neither agencies nor sectors",
  );

/**
 * The parts of the landlord that a social team answers for. Each scope has a site « Prévention » of its own, which holds the
 * households of its agencies and no other's; the sites' folders are named after the scopes' ids.
 */
export const scopesSchema = z
  .record(z.string(), scope)
  .superRefine((scopes, context) => {
    for (const id of Object.keys(scopes).filter((key) => !ADDRESS.test(key)))
      context.addIssue({
        code: "custom",
        path: [id],
        message: "has an id that is no part of an address: lower case letters, digits and - between them",
      });
  })
  .refine((scopes) => Object.keys(scopes).length > 0, "declares no scope")
  .prefault({ "toutes-les-agences": { name: "Toutes les agences", agencies: "all" } });

export type Scopes = z.output<typeof scopesSchema>;

/**
 * The statements that give SQL the scopes: one row a scope in the order of vigie.yaml, and what each is made of, where a
 * `kind` of `all` has no value.
 */
export function scopeTables(scopes: Scopes): string[] {
  const named = Object.entries(scopes).map(
    ([id, { name }], i) => `(${quoteText(id)}, ${quoteText(name)}, ${i + 1})`,
  );
  const parts = Object.entries(scopes).flatMap(([id, { agencies = [], sectors = [] }]) => [
    ...(agencies === "all"
      ? [`(${quoteText(id)}, 'all', '')`]
      : agencies.map((agency) => `(${quoteText(id)}, 'agency', ${quoteText(agency)})`)),
    ...sectors.map((sector) => `(${quoteText(id)}, 'sector', ${quoteText(sector)})`),
  ]);
  return [
    "create table strategy.scope (scope_id varchar primary key, name_fr varchar not null, position integer not null)",
    `insert into strategy.scope values ${named.join(", ")}`,
    "create table strategy.scope_part (scope_id varchar not null, kind varchar not null, value varchar not null)",
    `insert into strategy.scope_part values ${parts.join(", ")}`,
  ];
}
