import { appendFile, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { tellingsSince } from "../state/state.ts";
import { listState, parseLine, type StateKind } from "../state/state-file.ts";
import type { Workspace } from "../workspace.ts";

const message = z.discriminatedUnion("way", [
  z.strictObject({
    way: z.literal("mail"),
    id: z.string().min(1),
    to: z.email(),
    subject: z.string(),
    text: z.string(),
    html: z.string(),
  }),
  z.strictObject({
    way: z.literal("webhook"),
    id: z.string().min(1),
    webhook: z.string().min(1),
    body: z.unknown(),
  }),
]);

/** A message that is to leave, or has left. */
export type Message = z.infer<typeof message>;

/** `state/outbox/`: the messages of each night, written with its switch. */
export const OUTBOX: StateKind<Message> = { folder: "outbox", line: message };

const sentLine = z.strictObject({ id: z.string().min(1) });

/**
 * The messages that have not left yet, of the last `days` days before `asOf` or before the newest night, whichever is
 * later; the oldest first. Older ones are let go: their news is no news any more.
 *
 * @throws UserError when a file of the outbox is damaged.
 */
export async function waitingMessages(workspace: Workspace, asOf: string, days: number): Promise<Message[]> {
  const newest = (await listState(workspace, OUTBOX)).at(-1)?.asOf ?? asOf;
  const from = daysBefore(newest > asOf ? newest : asOf, days);
  const files = await tellingsSince(workspace, OUTBOX, from);
  const sent = await readSent(workspace);
  return files.flatMap(({ lines }) => lines).filter(({ id }) => !sent.has(id));
}

/**
 * The ids of the messages that have left. A last line that a killed night left unfinished is taken off: its message leaves
 * once more, under the same id.
 *
 * @throws UserError when a finished line is damaged.
 */
async function readSent(workspace: Workspace): Promise<Set<string>> {
  const path = sentFile(workspace);
  const bytes = await bytesOf(path);
  const finished = bytes.lastIndexOf(0x0a) + 1;
  if (finished < bytes.length) await truncate(path, finished);
  const lines = bytes.subarray(0, finished).toString("utf8").split("\n").slice(0, -1);
  return new Set(lines.map((line, i) => parseLine(sentLine, line, `state/sent.jsonl:${i + 1}`).id));
}

/** Keeps that a message has left. */
export async function markSent(workspace: Workspace, { id }: Message): Promise<void> {
  await appendFile(sentFile(workspace), `${JSON.stringify({ id })}\n`, { mode: 0o600, flush: true });
}

function sentFile(workspace: Workspace): string {
  return join(workspace.state, "sent.jsonl");
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}

function daysBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}
