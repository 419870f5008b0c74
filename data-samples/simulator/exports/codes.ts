import type { LandlordId } from "../parameters.ts";
import { digits } from "./writing.ts";

/** How a landlord numbers things: a prefix, then at least so many digits, counted from a first number. */
interface Numbering {
  readonly prefix: string;
  readonly width: number;
  readonly first: number;
}

const numbering = (prefix: string, width: number, first = 0): Numbering => ({ prefix, width, first });

/**
 * The codes by which the whole group knows leases, households and dwellings: their landlord's letter and own number, as
 * `O-B00000101`. The demonstration's mapping makes the same of what each landlord writes.
 */
const CODES = {
  lease: {
    ormois: numbering("O-B", 8),
    vaudrange: numbering("V-", 8),
    sauvelle: numbering("S-", 8, 40_000_000),
  },
  household: {
    ormois: numbering("O-T", 8),
    vaudrange: numbering("V-M", 8),
    sauvelle: numbering("S-", 8, 70_000_000),
  },
  dwelling: {
    ormois: numbering("O-L", 6),
    vaudrange: numbering("V-VL", 6),
    sauvelle: numbering("S-SLOC", 6),
  },
} as const satisfies Record<string, Record<LandlordId, Numbering>>;

/** What the group has a code for. */
export type Coded = keyof typeof CODES;

/** The letter by which the group tells its former landlords apart: `O-01` and `V-01` are two agencies. */
export const LANDLORD_LETTERS: Readonly<Record<LandlordId, string>> = {
  ormois: "O",
  vaudrange: "V",
  sauvelle: "S",
};

/** The group's code of the landlord's lease, household or dwelling of that number. */
export function groupCode(coded: Coded, landlord: LandlordId, number: number): string {
  const { prefix, width, first } = CODES[coded][landlord];
  return prefix + digits(first + number, width);
}

/** The same code as SQL, from the SQL of a landlord's name and of a number. */
export function groupCodeSql(coded: Coded, landlord: string, number: string): string {
  const cases = Object.entries<Numbering>(CODES[coded]).map(([name, { prefix, width, first }]) => {
    const text = `(${first} + ${number})::varchar`;
    return `when '${name}' then '${prefix}' || lpad(${text}, greatest(${width}, length(${text}))::integer, '0')`;
  });
  return `case ${landlord} ${cases.join(" ")} end`;
}
