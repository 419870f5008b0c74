// Kept: making one takes some thirty times as long as using it, and a night writes tens of thousands of numbers.
const formats = new Map<number, Intl.NumberFormat>();

/** A number as French writes it, with so many decimals: « 17 000,50 », « -3,0 ». */
export function numberFr(value: number, decimals: number): string {
  let format = formats.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat("fr-FR", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(decimals, format);
  }
  return format.format(value);
}
