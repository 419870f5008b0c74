import type { Scopes } from "../strategy/scopes.ts";

/** The audiences that a night publishes for: a page tree of reports/pages/ and a schema of the warehouse each. */
export const AUDIENCES = ["managers", "directors", "social-teams"] as const;

export type Audience = (typeof AUDIENCES)[number];

/** The audience whose sites tell of households: one site a scope of the strategy. The others' tell of none. */
const OF_HOUSEHOLDS: readonly Audience[] = ["social-teams"];

/** The schema of the warehouse that an audience's pages read; their queries name it so too. */
export const schemaOf = (audience: Audience): string => audience.replaceAll("-", "_");

/** The schemas of which no column and no row may come from one household. */
export const AGGREGATE_SCHEMAS: readonly string[] = AUDIENCES.filter(
  (audience) => !OF_HOUSEHOLDS.includes(audience),
).map(schemaOf);

/** The schemas whose tables of households say of each row which scope it is for. */
export const SCOPED_SCHEMAS: readonly string[] = OF_HOUSEHOLDS.map(schemaOf);

/** Where each audience's sites begin, at one address: a page tree of reports/pages/ each. */
const TREES: Readonly<Record<Audience, string>> = {
  managers: "pilotage",
  directors: "direction",
  "social-teams": "prevention",
};

/** One site of a night. */
export interface Site {
  /** Its folder below `extracts/`. */
  readonly name: string;
  /** Its folder below `sites/`, and its address: `pilotage`, `prevention/ville-et-vallee`. */
  readonly base: string;
  readonly audience: Audience;
  /** The scope whose households it tells of; undefined where it tells of none. */
  readonly scope: string | undefined;
}

/** The sites of these audiences, for a landlord with these scopes, in order. */
export function sitesOf(audiences: readonly Audience[], scopes: Scopes): Site[] {
  return audiences.flatMap((audience): Site[] =>
    OF_HOUSEHOLDS.includes(audience)
      ? Object.keys(scopes).map((scope) => ({
          name: `${audience}-${scope}`,
          base: `${TREES[audience]}/${scope}`,
          audience,
          scope,
        }))
      : [{ name: audience, base: TREES[audience], audience, scope: undefined }],
  );
}
