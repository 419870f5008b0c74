/** What pages say of alerts, the same words everywhere. */
import { difference, longMonth, ofMonth } from "./french.js";

/** Why an indicator is in alert. */
export const kinds = {
  level_red: "Au-delà du seuil d’alerte, deux clôtures de suite",
  shift_red: "Le mouvement du mois sort de ses limites habituelles",
};

/** The first closing of the running red: that of the opening, or an earlier one where the red is older than the alert. */
export const redSince = (alert) => {
  if (!(alert.months_red > 0) || !alert.month) return alert.opened_month;
  return new Date(
    Date.UTC(alert.month.getUTCFullYear(), alert.month.getUTCMonth() + 1 - alert.months_red, 1),
  );
};

/** « en alerte depuis septembre 2026, 3 clôtures » */
export const since = (alert) => {
  const months = alert.months_red;
  const count = months > 0 ? `, ${months} clôture${months > 1 ? "s" : ""}` : "";
  return `en alerte depuis ${longMonth(redSince(alert))}${count}`;
};

/** « entre la clôture d’août 2026 et celle d’octobre 2026 », or less where the first is not known. */
export const between = (alert) =>
  alert.base_month && alert.month
    ? `entre la clôture ${ofMonth(alert.base_month)} et celle ${ofMonth(alert.month)}`
    : "depuis que l’alerte est ouverte";

/** A change of an indicator in its unit, or what stands where there is none. */
export const change = (unit, value) => (Number.isFinite(value) ? difference(unit, value) : "non calculable");

/** « de −0,5 à +0,1 point » */
export const interval = (unit, low, high) =>
  Number.isFinite(low) && Number.isFinite(high)
    ? `entre ${difference(unit, low)} et ${difference(unit, high)}`
    : "intervalle non calculable";

const states = {
  open: "à faire",
  due: "échéance passée, effet à mesurer",
  measured: "effet mesuré",
  closed: "terminée",
};

/** The state of an action in words, and whether it still waits for somebody. */
export const planState = (plan) => ({
  text: states[plan.status] ?? plan.status,
  running: plan.status === "open" || plan.status === "due",
  due: plan.status === "due",
});
