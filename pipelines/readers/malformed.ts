import type { Reason } from "../contract/reasons.ts";
import type { StagedFile } from "./reader.ts";
import { readStagedText } from "./staged-text.ts";

/** Why a record could not be cut into fields; the codes stand in `load.rejected_row` and do not change. */
export const MALFORMED_REASONS = {
  wrong_field_count: {
    sentence: "the line has not as many fields as the header: {value}",
    label_fr: "nombre de champs différent de l'en-tête",
  },
  bad_quote: {
    sentence: "a quote is followed by other text than a separator: {value}",
    label_fr: "guillemet fermé au mauvais endroit",
  },
  unterminated_quote: {
    sentence: "a quote opens here and is never closed: {value}",
    label_fr: "guillemet jamais refermé",
  },
  nul_byte: {
    sentence: "the line holds a NUL byte: {value}",
    label_fr: "octet nul dans la ligne",
  },
  row_too_long: {
    sentence: "the row is longer than 16 MB: {value}",
    label_fr: "ligne de plus de 16 Mo",
  },
  error_cell: {
    sentence: "a cell holds an error of its spreadsheet: {value}",
    label_fr: "cellule en erreur dans le tableur",
  },
  unreadable_cell: {
    sentence: "a cell does not hold what its type and format say: {value}",
    label_fr: "cellule illisible",
  },
  formula_without_value: {
    sentence: "a formula was saved without its value: {value}",
    label_fr: "formule enregistrée sans sa valeur",
  },
} as const satisfies Record<string, Reason>;

/** The code of a reason why a record is malformed. */
export type MalformedReason = keyof typeof MALFORMED_REASONS;

/** Whether the text is the code of a reason why a record is malformed. */
export function isMalformedReason(text: string): text is MalformedReason {
  return Object.hasOwn(MALFORMED_REASONS, text);
}

/** What a reader writes of one malformed record for `malformedRecords`; of the raw text, the first 200 characters. */
export function malformedLine(line: number, reason: MalformedReason, text: string): string {
  const value = Array.from(text.slice(0, 400)).slice(0, 200).join("");
  const shown = value.replaceAll("\0", "\u2400").replaceAll('"', '""');
  return `${line},${reason},"${shown}"\n`;
}

/**
 * A SELECT of the malformed records of all staged files: file_id INTEGER, line INTEGER (unique in a file, and the line of
 * no record of the views), reason VARCHAR (a key of MALFORMED_REASONS), value VARCHAR (the raw record, at most 200
 * characters, NUL shown as ␀). Its rows and those of the views are together the `rowsRead` of the files.
 */
export function malformedRecords(files: readonly StagedFile[]): string {
  const texts = files.flatMap(({ fileId, malformedPath }) =>
    malformedPath === null ? [] : [{ fileId, paths: [malformedPath] }],
  );
  if (texts.length === 0) {
    return "select null::integer as file_id, null::integer as line, null::varchar as reason, null::varchar as value where false";
  }
  const { from, fileId } = readStagedText(texts, {
    separator: ",",
    quote: '"',
    longestRecord: 0,
    columns: [
      ["line", "integer"],
      ["reason", "varchar"],
      ["value", "varchar"],
    ],
  });
  return `select ${fileId} as file_id, line, reason, value from ${from}`;
}
