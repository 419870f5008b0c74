import { type ZipEntry, zip } from "./zip.ts";

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";

/** The styles that `s="…"` means in these workbooks, by their number format. */
const FORMATS = ["General", "dd/mm/yyyy", "#,##0.00", "0.0%", "hh:mm:ss", "[h]:mm", "[$-40C]d mmmm yyyy;@"];
/** Their places. */
export const STYLE = { date: 1, amount: 2, percent: 3, time: 4, elapsed: 5, longDate: 6 } as const;

export interface WorkbookXml {
  /** The rows of each sheet as XML, by the sheet's name. */
  readonly sheets: Readonly<Record<string, string>>;
  /** The XML of each shared string. */
  readonly strings?: readonly string[];
  readonly merged?: readonly string[];
  readonly is1904?: boolean;
}

/** The parts of a workbook, as a spreadsheet writes them. */
export function workbookParts({ sheets, strings, merged, is1904 }: WorkbookXml): ZipEntry[] {
  const names = Object.keys(sheets);
  const ids = names.map((_, i) => `rId${i + 1}`);
  const link = (id: string, kind: string, target: string) =>
    `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
  const links = (all: string) => `<Relationships xmlns="${PACKAGE}">${all}</Relationships>`;
  const listed = names.map((name, i) => `<sheet name="${name}" sheetId="${i + 7}" r:id="${ids[i]}"/>`);
  const merges = (merged ?? []).map((cells) => `<mergeCell ref="${cells}"/>`).join("");
  const codes = FORMATS.map((code, i) => `<numFmt numFmtId="${164 + i}" formatCode="${code}"/>`);
  const styles = FORMATS.map((_, i) => `<xf numFmtId="${164 + i}"/>`);
  return [
    { name: "[Content_Types].xml", bytes: "<Types/>" },
    { name: "_rels/.rels", bytes: links(link("rId1", "officeDocument", "xl/workbook.xml")) },
    {
      name: "xl/workbook.xml",
      bytes: `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr${is1904 ? ' date1904="1"' : ""}/><sheets>${listed.join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      bytes: links(
        names.map((_, i) => link(ids[i] ?? "", "worksheet", `worksheets/sheet${i + 1}.xml`)).join("") +
          link("rId98", "styles", "/xl/styles.xml") +
          (strings === undefined ? "" : link("rId99", "sharedStrings", "sharedStrings.xml")),
      ),
    },
    {
      name: "xl/styles.xml",
      bytes: `<styleSheet xmlns="${MAIN}"><numFmts>${codes.join("")}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${styles.join("")}</cellXfs></styleSheet>`,
    },
    ...(strings === undefined
      ? []
      : [{ name: "xl/sharedStrings.xml", bytes: `<sst xmlns="${MAIN}">${strings.join("")}</sst>` }]),
    ...Object.values(sheets).map((rows, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      bytes: `<worksheet xmlns="${MAIN}"><dimension ref="A1"/><sheetData>${rows}</sheetData>${merges === "" ? "" : `<mergeCells>${merges}</mergeCells>`}</worksheet>`,
    })),
  ];
}

/** The bytes of a workbook. */
export function workbook(xml: WorkbookXml): Buffer {
  return zip(workbookParts(xml));
}

/** A row of text cells as XML. */
export function textRow(number: number, texts: readonly string[]): string {
  const cells = texts.map((text) => `<c t="inlineStr"><is><t>${escapeXml(text)}</t></is></c>`);
  return `<row r="${number}">${cells.join("")}</row>`;
}

/** Text as it stands in XML. */
export function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
}
