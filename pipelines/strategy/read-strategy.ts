import { readFile } from "node:fs/promises";
import { isNode, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { UserError } from "../user-error.ts";
import { type Strategy, strategySchema } from "./strategy.ts";

/**
 * Reads and checks a strategy file.
 *
 * @throws UserError naming file, line and value when the file is missing, is no YAML, or says something that is not allowed.
 */
export async function readStrategy(path: string): Promise<Strategy> {
  return parseStrategy(await readText(path), path);
}

/** The same from its text; `path` is for messages. */
export function parseStrategy(text: string, path: string): Strategy {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [broken] = document.errors;
  if (broken !== undefined) {
    throw new UserError(`${path}:${broken.linePos?.[0].line ?? 1}: ${broken.message.split("\n")[0]}`);
  }
  const parsed = strategySchema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const lineOf = (keys: readonly PropertyKey[]): number => {
    for (let depth = keys.length; depth > 0; depth--) {
      const node = document.getIn(keys.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  const problems = parsed.error.issues.map((issue) => describe(issue, path, lineOf));
  throw new UserError(problems.join("\n"), "Correct the strategy; the README lists what it may hold.");
}

function describe(
  issue: z.core.$ZodIssue,
  path: string,
  lineOf: (keys: readonly PropertyKey[]) => number,
): string {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const keys = unknown === undefined ? issue.path : [...issue.path, unknown];
  const place = keys.length === 0 ? "the strategy" : keys.map(String).join(".");
  const message = unknown === undefined ? issue.message : "is not something a strategy holds";
  return `${path}:${lineOf(keys)}: ${place}: ${message}`;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      throw new UserError(
        `${path} does not exist: the folder is not a landlord's`,
        "A landlord's folder holds vigie.yaml, sources/ and inbox/. `npm run simulate -- --out DIR` makes one.",
      );
    }
    throw error;
  }
}
