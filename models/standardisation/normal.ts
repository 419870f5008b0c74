/** Two-sided 95% and 99.8% of the normal distribution. */
export const Z_95 = 1.959963984540054;
export const Z_998 = 3.090232306167814;

/**
 * The normal quantile, for a probability from 0.5 to 1, to 5·10⁻⁴: enough for a limit, too rough for a p-value.
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.
 */
export function normalQuantile(probability: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - probability));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  return t - above / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

/** The 95% quantile of chi-squared, by Wilson and Hilferty's cube root (1931). */
export function chiSquared95(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + 1.6448536 * Math.sqrt(spread)) ** 3;
}
