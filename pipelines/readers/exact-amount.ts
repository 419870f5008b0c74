/** An amount of money, exactly, in hundred-thousandths of its currency's unit: 12.34 is 1234000n. */
export type ExactAmount = bigint;

/** No bank file has more decimals. */
const DECIMALS = 5;

/** The amount that `digits` (digits only) stand for, the last `decimals` (0 to 5) of them after the point. */
export function exactAmount(digits: string, decimals: number): ExactAmount {
  return BigInt(digits) * 10n ** BigInt(DECIMALS - decimals);
}

/**
 * The amount of an XML decimal without sign: at most 18 digits, at most five after the point; undefined for any other
 * text.
 */
export function parseXmlAmount(text: string): ExactAmount | undefined {
  const [, whole, fraction = ""] = /^0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
  if (whole === undefined || !/\d/.test(text)) return undefined;
  if (fraction.length > DECIMALS || whole.length + fraction.length > 18) return undefined;
  return exactAmount(`0${whole}${fraction}`, fraction.length);
}

/** Canonical text: at least two decimals, and no zero at the end after these: 1234000n → "12.34", -5n → "-0.00005". */
export function amountText(amount: ExactAmount): string {
  const digits = String(amount < 0n ? -amount : amount).padStart(DECIMALS + 1, "0");
  const fraction = digits.slice(-DECIMALS).replace(/0{1,3}$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -DECIMALS)}.${fraction}`;
}
