/**
 * The structured creditor reference (ISO 11649) of a number: `RF`, two check digits, the number. Changing or swapping one
 * character of it never gives another valid reference.
 */
export function creditorReference(number: number): string {
  // The letters R and F count as 27 and 15; the check digits start as 00.
  const check = 98n - ((BigInt(number) * 1_000_000n + 271_500n) % 97n);
  return `RF${String(check).padStart(2, "0")}${number}`;
}
