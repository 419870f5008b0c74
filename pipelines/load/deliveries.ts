import type { Strategy } from "../strategy/strategy.ts";
import { UserError } from "../user-error.ts";
import type { StagedInboxFile } from "./inbox.ts";

/** Whether the rows of a file count, or what stands in its place. */
export interface Standing {
  /** The file of the same bytes that was delivered before: every row of this one is a duplicate. */
  readonly copyOf: number | null;
  /** A file of the full delivery that replaced this one: every row of this one is superseded. */
  readonly replacedBy: number | null;
}

/** What the deliveries of a night come to. */
export interface SettledDeliveries {
  /** By file. */
  readonly standing: ReadonlyMap<StagedInboxFile, Standing>;
  /** The files of delta feeds that count. */
  readonly deltas: readonly StagedInboxFile[];
}

const COUNTS: Standing = { copyOf: null, replacedBy: null };

/**
 * Settles which of the files, in the order of their delivery, count. A file delivered again, byte for byte, changes nothing, whatever
 * its name and date. A `full` delivery (the files of one day, of one group where the feed says `full_by`) replaces the
 * earlier ones, unless it is the last one again; the files of the other feeds all count.
 *
 * @throws UserError when a full delivery has lost more of the rows that it replaces than the strategy allows.
 */
export function settleDeliveries(
  files: readonly StagedInboxFile[],
  { max_shrink_share }: Strategy["load"],
): SettledDeliveries {
  const standing = new Map<StagedInboxFile, Standing>();
  const deltas: StagedInboxFile[] = [];
  for (const [feedName, ofFeed] of grouped(files, ({ feedName }) => feedName)) {
    const kind = ofFeed[0]?.feed.delivery;
    if (kind === "full") {
      for (const [, group] of grouped(ofFeed, ({ group }) => group ?? ""))
        settleFull(deliveriesOf(group), feedName, max_shrink_share, standing);
      continue;
    }
    const originals = withoutCopies(ofFeed, standing);
    if (kind === "delta") deltas.push(...originals);
  }
  return { standing, deltas };
}

/** The files of one day. */
type Delivery = readonly StagedInboxFile[];

function settleFull(
  deliveries: readonly Delivery[],
  feedName: string,
  maxShrinkShare: number,
  standing: Map<StagedInboxFile, Standing>,
): void {
  const distinct: Delivery[] = [];
  for (const delivery of deliveries) {
    const originals = withoutCopies(delivery, standing);
    const previous = distinct.at(-1) ?? [];
    if (sameBytes(previous, originals)) withoutCopies([...previous, ...originals], standing);
    else distinct.push(originals);
  }
  const inForce = distinct.at(-1) ?? [];
  refuseShrunk(distinct, feedName, maxShrinkShare);
  for (const file of distinct.slice(0, -1).flat())
    standing.set(file, { copyOf: null, replacedBy: inForce[0]?.fileId ?? null });
}

/** Marks each file that has the bytes of an earlier one as its copy, and gives the others. */
function withoutCopies(
  files: readonly StagedInboxFile[],
  standing: Map<StagedInboxFile, Standing>,
): StagedInboxFile[] {
  const originals = new Map<string, StagedInboxFile>();
  for (const file of files) {
    const original = originals.get(file.staged.sha256);
    standing.set(file, original === undefined ? COUNTS : { copyOf: original.fileId, replacedBy: null });
    if (original === undefined) originals.set(file.staged.sha256, file);
  }
  return [...originals.values()];
}

function sameBytes(one: Delivery, other: Delivery): boolean {
  const sums = new Set(one.map(({ staged }) => staged.sha256));
  return one.length === other.length && other.every(({ staged }) => sums.has(staged.sha256));
}

/**
 * A delivery is measured against the last one before it that had not shrunk itself: two broken exports in a row do not
 * pass as the usual.
 */
function refuseShrunk(deliveries: readonly Delivery[], feedName: string, maxShrinkShare: number): void {
  let sound = deliveries[0] ?? [];
  for (const delivery of deliveries.slice(1)) {
    const before = rowsOf(sound);
    const lost = before === 0 ? 0 : (before - rowsOf(delivery)) / before;
    if (lost <= maxShrinkShare) sound = delivery;
    else if (delivery === deliveries.at(-1))
      throw new UserError(
        `${named(delivery)} replaces the ${before} rows of ${named(sound)} by ${rowsOf(delivery)}: the full delivery of feeds.${feedName} has lost ${percent(lost)} of its rows, more than load.max_shrink_share allows (${percent(maxShrinkShare)})`,
        "Ask for the whole export again. If it is right, move the earlier file out of the inbox or raise load.max_shrink_share in vigie.yaml.",
      );
  }
}

function rowsOf(delivery: Delivery): number {
  return delivery.reduce((sum, { staged }) => sum + staged.rowsRead, 0);
}

function named(delivery: Delivery): string {
  return delivery.map(({ file }) => `inbox/${file}`).join(", ");
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))}%`;
}

function deliveriesOf(files: readonly StagedInboxFile[]): Delivery[] {
  return [...grouped(files, ({ deliveredOn }) => deliveredOn ?? "").values()];
}

/** The files by a name that they give, names in the order in which they first stand. */
function grouped(
  files: readonly StagedInboxFile[],
  nameOf: (file: StagedInboxFile) => string,
): Map<string, StagedInboxFile[]> {
  const groups = new Map<string, StagedInboxFile[]>();
  for (const file of files) {
    const name = nameOf(file);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [file]);
    else group.push(file);
  }
  return groups;
}
