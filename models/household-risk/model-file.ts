import { createHash } from "node:crypto";
import { z } from "zod";
import { UserError } from "../../pipelines/user-error.ts";
import { type FeatureSpec, featureSet } from "./features.ts";
import type { HouseholdRiskModel } from "./model.ts";

const FORMAT = "household-risk 2";
const REMEDY = "put the last good model file back; the next training writes a new one";

const numbers = z.array(z.number());
const modelSchema: z.ZodType<HouseholdRiskModel> = z.strictObject({
  features: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(["number", "category"]),
      direction: z.enum(["increasing", "decreasing", "none"]),
      levels: z.array(z.string()).exactOptional(),
    }),
  ),
  base: z.number(),
  terms: z.array(
    z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("feature"),
        name: z.string(),
        feature: z.int(),
        knots: numbers,
        values: numbers,
        missing: z.number(),
      }),
      z.strictObject({
        kind: z.literal("pair"),
        name: z.string(),
        pair: z.tuple([z.int(), z.int()]),
        knots: z.tuple([numbers, numbers]),
        values: z.array(numbers),
      }),
    ]),
  ),
  training: z.strictObject({
    rows: z.int(),
    onsets: z.int(),
    windowRows: z.int(),
    windowOnsets: z.int(),
    window: z.enum(["latest periods", "share of households"]),
    strength: z.number(),
    straight: z.number(),
    slope: z.number(),
    shift: z.number(),
  }),
});
const fileSchema = z.strictObject({ format: z.literal(FORMAT), checksum: z.string(), model: modelSchema });

/** The model as text: one line, with a checksum of what it says. Numbers are written so that they read back the same. */
export function writeModel(model: HouseholdRiskModel): string {
  return `${JSON.stringify({ format: FORMAT, checksum: checksumOf(JSON.stringify(model)), model })}\n`;
}

/**
 * Reads a model back.
 *
 * @param fileName named in errors.
 * @param features those that rows to score have; a model of others is refused.
 * @throws UserError when the file is cut short, changed, of another format, or of another feature set.
 */
export function readModel(
  text: string,
  fileName: string,
  features?: readonly FeatureSpec[],
): HouseholdRiskModel {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    throw new UserError(`${fileName} is not a model file: it is cut short or changed`, REMEDY);
  }
  const file = fileSchema.safeParse(written);
  if (!file.success) {
    const [issue] = file.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? "" : `, at ${issue.path.join(".")}`;
    throw new UserError(`${fileName} is not a model file of the format ${FORMAT}${where}`, REMEDY);
  }
  const { checksum, model } = file.data;
  const said = (written as { readonly model: unknown }).model;
  if (checksumOf(JSON.stringify(said)) !== checksum) {
    throw new UserError(`${fileName} is corrupt: its checksum does not match what it says`, REMEDY);
  }
  if (features !== undefined && featureSet(features) !== featureSet(model.features)) {
    throw new UserError(
      `${fileName} is a model of another feature set${difference(model.features, features)}`,
      REMEDY,
    );
  }
  return model;
}

/** Names of the features that only one of two sets has, as the end of a sentence. */
function difference(known: readonly FeatureSpec[], wanted: readonly FeatureSpec[]): string {
  const lacks = (of: readonly FeatureSpec[], than: readonly FeatureSpec[]): string[] =>
    of.filter(({ name }) => !than.some((other) => other.name === name)).map(({ name }) => name);
  const [more, fewer] = [lacks(known, wanted), lacks(wanted, known)];
  const parts = [
    ...(fewer.length > 0 ? [`it lacks ${fewer.join(", ")}`] : []),
    ...(more.length > 0 ? [`it knows ${more.join(", ")}`] : []),
  ];
  return parts.length === 0 ? ": their order, kinds or levels differ" : `: ${parts.join("; ")}`;
}

function checksumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
