import fc from "fast-check";

/** One thing that happened to a file on its way; places and lengths are shares of the file. */
export type Damage =
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "remove"; readonly at: number; readonly length: number }
  | { readonly kind: "repeat"; readonly at: number; readonly length: number };

const share = fc.double({ min: 0, max: 1, noNaN: true });

/** What people, editors and attackers put into text. */
const ANYWHERE = [
  "\0",
  "\n",
  "\r",
  "\r\n",
  "\u001a",
  '"',
  '=HYPERLINK("http://x","y")',
  "é😀",
  "\ufeff",
  "-1",
  "0",
  "NaN",
  "9999-12-31",
  "311299",
  " ".repeat(500),
].map((text) => new Uint8Array(Buffer.from(text)));

const FOREIGN = [
  Uint8Array.of(0xe9),
  Uint8Array.of(0xff, 0xfe),
  Uint8Array.of(0x1f, 0x8b),
  Uint8Array.of(0x80),
];

/** No damage mostly, a single one often, else several; `own` are further texts to insert. */
export function damages(own: readonly string[]): fc.Arbitrary<readonly Damage[]> {
  const inserted = [...ANYWHERE, ...FOREIGN, ...own.map((text) => new Uint8Array(Buffer.from(text)))];
  const damage: fc.Arbitrary<Damage> = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("flip"), at: share, bit: fc.nat(7) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("cut"), at: share }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant("insert"), at: share, bytes: fc.constantFrom(...inserted) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove"), at: share, length: share }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("repeat"), at: share, length: share }) },
  );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: fc.tuple(damage) },
    { weight: 2, arbitrary: fc.array(damage, { minLength: 2, maxLength: 5 }) },
  );
}

/** The bytes after all damages, one after the other. */
export function damaged(bytes: Uint8Array, damages: readonly Damage[]): Uint8Array {
  return damages.reduce((before, damage) => afterOne(Buffer.from(before), damage), bytes);
}

function afterOne(bytes: Buffer, damage: Damage): Uint8Array {
  const at = Math.floor(damage.at * bytes.length);
  if (damage.kind === "cut") return bytes.subarray(0, at);
  if (damage.kind === "insert")
    return Buffer.concat([bytes.subarray(0, at), damage.bytes, bytes.subarray(at)]);
  if (damage.kind === "flip") {
    const place = Math.min(at, bytes.length - 1);
    if (place >= 0) bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << damage.bit), place);
    return bytes;
  }
  const end = at + Math.ceil(damage.length * (bytes.length - at));
  const after = damage.kind === "remove" ? [] : [bytes.subarray(at, end), bytes.subarray(at, end)];
  return Buffer.concat([bytes.subarray(0, at), ...after, bytes.subarray(end)]);
}

/** What attackers put into XML. */
export const XML_INSERTIONS: readonly string[] = [
  '<!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]>',
  "&lol;",
  "&#0;",
  "&#xD800;",
  "&#x1F600;",
  "<![CDATA[",
  "]]>",
  "<!-- -- -->",
  "<?php ?>",
  '<?xml version="1.1" encoding="UTF-16"?>',
  "<a>".repeat(100),
  "</Ntry>",
  "<Ntry>",
  "<TxDtls/>",
  "<Amt>1.00</Amt>",
  '<Ntry><Amt Ccy="EUR">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>',
  ' Ccy="USD"',
  ' xmlns="urn:x"',
  "x".repeat(5000),
];
