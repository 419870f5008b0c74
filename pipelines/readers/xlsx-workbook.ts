import { posix } from "node:path";
import { BadWorkbook, LIMITS, type WorkbookPackage } from "./xlsx-package.ts";
import { type NumberKind, numberKind, unescapedText } from "./xlsx-values.ts";

/** One sheet of a workbook and all that is needed to read its cells. */
export interface SheetSource {
  readonly name: string;
  /** The part of the package that holds its rows. */
  readonly part: string;
  readonly strings: readonly string[];
  /** By the style of a cell; empty when the workbook has no styles. */
  readonly kinds: readonly NumberKind[];
  /** Days are counted from 1904-01-01 and not from 1900. */
  readonly is1904: boolean;
}

const ANOTHER_SHEET = "Declare the feed's sheet in vigie.yaml, by its name or its place from 1.";

/**
 * Finds the sheet of that name (whatever its case) or place, the first when undefined, and reads what all sheets share.
 * Hidden sheets are sheets like any other; chart sheets are none.
 *
 * @throws BadWorkbook when there is no such sheet, or the workbook is damaged.
 */
export async function openSheet(
  workbook: WorkbookPackage,
  wanted: string | number | undefined,
): Promise<SheetSource> {
  const main = (await links(workbook, "")).find(({ kind }) => kind === "officeDocument")?.target;
  if (main === undefined) throw new BadWorkbook("is a zip file, but holds no workbook");
  if (main.endsWith(".bin")) {
    throw new BadWorkbook(
      "is a binary workbook (.xlsb)",
      "Have it saved as an Excel workbook (.xlsx), without a password.",
    );
  }
  const related = await links(workbook, main);
  const { sheets, is1904 } = await contents(workbook, main);
  const worksheets = sheets.flatMap(({ name, id }) => {
    const link = related.find((candidate) => candidate.id === id && candidate.kind === "worksheet");
    return link === undefined ? [] : [{ name, part: link.target }];
  });
  const named = worksheets.map(({ name }) => JSON.stringify(name)).join(", ");
  const sheet =
    typeof wanted === "string"
      ? (worksheets.find(({ name }) => name === wanted) ??
        worksheets.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()))
      : worksheets[(wanted ?? 1) - 1];
  if (sheet === undefined) {
    const what = typeof wanted === "string" ? JSON.stringify(wanted) : `number ${wanted ?? 1}`;
    throw new BadWorkbook(`has no sheet ${what}; its sheets are ${named || "none"}`, ANOTHER_SHEET);
  }
  const target = (kind: string) => related.find((link) => link.kind === kind)?.target;
  const [strings, kinds] = [target("sharedStrings"), target("styles")];
  return {
    ...sheet,
    is1904,
    strings: strings === undefined ? [] : await sharedStrings(workbook, strings),
    kinds: kinds === undefined ? [] : await styleKinds(workbook, kinds),
  };
}

interface Link {
  readonly id: string;
  /** The last word of its type. */
  readonly kind: string;
  readonly target: string;
}

/** The parts that a part refers to; "" is the package itself. */
async function links(workbook: WorkbookPackage, part: string): Promise<Link[]> {
  const folder = posix.dirname(part);
  const found: Link[] = [];
  const relations = posix.join(folder, "_rels", `${posix.basename(part)}.rels`);
  await workbook.parse(relations, LIMITS.heldBytes, {
    open(name, { Id, Type, Target, TargetMode }) {
      if (name !== "Relationship" || Target === undefined || TargetMode === "External") return;
      const target = Target.startsWith("/") ? Target.slice(1) : posix.join(folder, Target);
      found.push({ id: Id ?? "", kind: posix.basename(Type ?? ""), target });
    },
    close() {},
    text() {},
  });
  return found;
}

async function contents(workbook: WorkbookPackage, part: string) {
  const sheets: { readonly name: string; readonly id: string }[] = [];
  let is1904 = false;
  await workbook.parse(part, LIMITS.heldBytes, {
    open(name, attributes) {
      if (name === "workbookPr") is1904 = isTrue(attributes.date1904);
      if (name !== "sheet") return;
      // The attribute's prefix is the writer's choice.
      const id = Object.entries(attributes).find(([key]) => key.endsWith(":id"))?.[1];
      sheets.push({ name: attributes.name ?? "", id: id ?? "" });
    },
    close() {},
    text() {},
  });
  return { sheets, is1904 };
}

/** The texts that cells share, in order: formatted runs joined, readings of East Asian words (`rPh`) left out. */
async function sharedStrings(workbook: WorkbookPackage, part: string): Promise<string[]> {
  const strings: string[] = [];
  let text = "";
  let reading = false;
  let taken = false;
  await workbook.parse(part, LIMITS.heldBytes, {
    open(name) {
      if (name === "si") text = "";
      if (name === "rPh") reading = true;
      taken = name === "t" && !reading;
    },
    close(name) {
      taken = false;
      if (name === "rPh") reading = false;
      if (name === "si") strings.push(unescapedText(text));
    },
    text(more) {
      if (taken) text += more;
    },
  });
  return strings;
}

async function styleKinds(workbook: WorkbookPackage, part: string): Promise<NumberKind[]> {
  const codes = new Map<number, string>();
  const formats: number[] = [];
  let inCells = false;
  await workbook.parse(part, LIMITS.heldBytes, {
    open(name, { numFmtId, formatCode }) {
      if (name === "numFmt" && !inCells) codes.set(Number(numFmtId), formatCode ?? "");
      if (name === "cellXfs") inCells = true;
      if (name === "xf" && inCells) formats.push(Number(numFmtId ?? 0));
    },
    close(name) {
      if (name === "cellXfs") inCells = false;
    },
    text() {},
  });
  return formats.map((format) => numberKind(format, codes.get(format)));
}

function isTrue(flag: string | undefined): boolean {
  return flag === "1" || flag === "true";
}
