import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { PendingFile } from "../../pipelines/state/state.ts";
import { openWorkspace, type Workspace } from "../../pipelines/workspace.ts";

/** A landlord's folder with these files in its state; it goes when the test ends. */
export async function workspaceWith(files: readonly PendingFile[]): Promise<Workspace> {
  const root = await mkdtemp(join(tmpdir(), "vigie-models-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const workspace = openWorkspace(root);
  for (const { path, text } of files) {
    const file = join(workspace.state, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return workspace;
}

/** The files of a landlord's state/models, by name. */
export async function modelFiles(workspace: Workspace): Promise<Record<string, string>> {
  const folder = join(workspace.state, "models");
  const names = (await readdir(folder)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
  return Object.fromEntries(names.map((name, place) => [name, texts[place] ?? ""]));
}

/** The same trainings told by another night: file, dates and versions are named after it. */
export function toldOn(asOf: string, { text }: PendingFile): PendingFile {
  const [, first = ""] = /"as_of":"([\d-]+)"/.exec(text) ?? [];
  return { path: join("models", `${asOf}.1.jsonl`), text: text.replaceAll(first, asOf) };
}
