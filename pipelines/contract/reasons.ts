/** How a reason is told: an English sentence for the command line, a French label for the sites. */
export interface Reason {
  /** May name `{table}`, `{column}`, `{value}`, `{expected}` and `{first}` (the place of an earlier row). */
  readonly sentence: string;
  readonly label_fr: string;
}

/** Every reason for which a row is refused. The codes stand in `load.rejected_row` and do not change. */
export const REASONS = {
  missing: {
    sentence: "{column} is empty and {table} needs it",
    label_fr: "valeur obligatoire absente",
  },
  not_text: {
    sentence: "{column} is empty text, begins or ends with a space, or holds a control character: {value}",
    label_fr: "texte vide, bordé d'espaces ou avec un caractère invisible",
  },
  too_long: {
    sentence: "{column} is too long ({expected}): {value}",
    label_fr: "texte trop long",
  },
  not_a_date: {
    sentence: "{column} is not a day that exists, written yyyy-mm-dd: {value}",
    label_fr: "date inexistante ou mal écrite",
  },
  not_a_month: {
    sentence: "{column} is not a month written yyyy-mm: {value}",
    label_fr: "mois mal écrit",
  },
  not_a_decimal: {
    sentence: "{column} is not a number written like 1234.56: {value}",
    label_fr: "nombre mal écrit",
  },
  too_many_decimals: {
    sentence: "{column} has too many decimals ({expected}): {value}",
    label_fr: "trop de décimales",
  },
  not_an_integer: {
    sentence: "{column} is not a whole number: {value}",
    label_fr: "nombre entier mal écrit",
  },
  out_of_range: {
    sentence: "{column} is out of range ({expected}): {value}",
    label_fr: "valeur hors des bornes",
  },
  not_in_list: {
    sentence: "{column} is none of {expected}: {value}",
    label_fr: "valeur hors de la liste",
  },
  not_a_flag: {
    sentence: "{column} is neither true nor false: {value}",
    label_fr: "ni vrai ni faux",
  },
  required_when: {
    sentence: "{column} is empty and {expected}",
    label_fr: "valeur absente alors que la ligne la demande",
  },
  before_start: {
    sentence: "{column} is before {expected}: {value}",
    label_fr: "fin antérieure au début",
  },
  unknown_reference: {
    sentence: "{column} is no accepted {expected}: {value}",
    label_fr: "référence inconnue",
  },
  key_conflict: {
    sentence: "{column} {value} already stands, with other content, at {first}",
    label_fr: "même identifiant avec un autre contenu",
  },
} as const satisfies Record<string, Reason>;

/** What stands in `load.rejected_row.value` where the value may not be read by everyone. */
export const WITHHELD = "(withheld)";

/** The code of a reason, as it stands in `load.rejected_row.reason`. */
export type ReasonCode = keyof typeof REASONS;

/** Whether the text is the code of a reason. */
export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASONS, text);
}
