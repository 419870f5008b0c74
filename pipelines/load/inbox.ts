import { join } from "node:path";
import { glob } from "tinyglobby";
import type { StagedFile } from "../readers/reader.ts";
import type { Feed, Strategy } from "../strategy/strategy.ts";
import { UserError } from "../user-error.ts";
import type { Workspace } from "../workspace.ts";

/** A file of the inbox and the feed that reads it. */
export interface InboxFile {
  /** 1, 2, 3 … in the order of feeds in the strategy, then of delivery, then of paths: the same for the same inbox. */
  readonly fileId: number;
  readonly feedName: string;
  readonly feed: Feed;
  /** Path below inbox/, as messages and tables name it. */
  readonly file: string;
  readonly path: string;
  /** The day of delivery (yyyy-mm-dd) that the file's name tells, where the feed says how. */
  readonly deliveredOn: string | undefined;
  /** What the file's name says it is the full delivery of, such as a year, where the feed says how. */
  readonly group: string | undefined;
}

/** A file of the inbox with what its reader left in the staging folder. */
export interface StagedInboxFile extends InboxFile {
  readonly staged: StagedFile;
}

/**
 * Finds the files of every feed.
 *
 * @throws UserError when a feed has no file, a file belongs to two feeds or to none, or a name tells no delivery date
 *   or group although its feed says that it does: a renamed export must not be passed over in silence.
 */
export async function findInboxFiles(workspace: Workspace, strategy: Strategy): Promise<InboxFile[]> {
  const options = { cwd: workspace.inbox, dot: false };
  const owner = new Map<string, string>();
  const files: InboxFile[] = [];
  for (const [feedName, feed] of Object.entries(strategy.feeds)) {
    const found = (await glob(feed.files, options))
      .map((file) => ({ file, deliveredOn: deliveryDate(file, feed, feedName) }))
      .sort((one, other) => inOrder(one.deliveredOn, other.deliveredOn) || inOrder(one.file, other.file));
    if (found.length === 0) {
      throw new UserError(
        `vigie.yaml: feeds.${feedName}: no file in ${workspace.inbox} matches "${feed.files}"`,
        "Drop the missing export, or take the feed out of the strategy.",
      );
    }
    for (const { file, deliveredOn } of found) {
      const other = owner.get(file);
      if (other !== undefined) {
        throw new UserError(
          `inbox/${file} belongs to two feeds, ${other} and ${feedName}`,
          "Make their globs exclude one another.",
        );
      }
      owner.set(file, feedName);
      files.push({
        fileId: files.length + 1,
        feedName,
        feed,
        file,
        path: join(workspace.inbox, file),
        deliveredOn,
        group: deliveryGroup(file, feed, feedName),
      });
    }
  }
  const ignored = new Set(strategy.ignore.length === 0 ? [] : await glob(strategy.ignore, options));
  const stray = (await glob("**/*", options)).sort().find((file) => !owner.has(file) && !ignored.has(file));
  if (stray !== undefined) {
    throw new UserError(
      `inbox/${stray} belongs to no feed of vigie.yaml: its rows would be lost`,
      "Add a feed that reads it, or list it under ignore.",
    );
  }
  return files;
}

function deliveryDate(file: string, feed: Feed, feedName: string): string | undefined {
  if (feed.delivered_on === undefined) return undefined;
  const found = new RegExp(feed.delivered_on).exec(nameOf(file))?.[1];
  const parts = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(found ?? "");
  const date = parts === null ? "" : `${parts[1]}-${parts[2]}-${parts[3]}`;
  const parsed = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date) {
    throw new UserError(
      `inbox/${file}: its name tells no delivery date where feeds.${feedName}.delivered_on (${feed.delivered_on}) looks for it`,
      "Rename the file or correct delivered_on in vigie.yaml.",
    );
  }
  return date;
}

function deliveryGroup(file: string, feed: Feed, feedName: string): string | undefined {
  if (feed.full_by === undefined) return undefined;
  const group = new RegExp(feed.full_by).exec(nameOf(file))?.[1];
  if (group === undefined) {
    throw new UserError(
      `inbox/${file}: its name does not tell what it replaces where feeds.${feedName}.full_by (${feed.full_by}) looks for it`,
      "Rename the file or correct full_by in vigie.yaml.",
    );
  }
  return group;
}

function inOrder(one = "", other = ""): number {
  return one < other ? -1 : Number(one > other);
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}
