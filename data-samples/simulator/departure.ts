import type { Account } from "./account.ts";
import { type Day, dayOf, firstDay, lastDay, type Month, monthOf } from "./calendar.ts";
import type { Life } from "./life.ts";
import type { Setting } from "./setting.ts";

/** The day on which the tenant leaves of its own accord, when that is this month. */
export function leavesIn(setting: Setting, life: Life, month: Month, monthsInTrouble: number): Day | null {
  const { chances, parameters, start, window } = setting;
  const { departure } = parameters;
  const last = Math.min(lastDay(month), window.asOf);
  let hazard = departure.hazard;
  if (!life.alive) hazard = 0.6;
  else if (month - monthOf(start) < 3) return null;
  else if (monthsInTrouble > departure.longMonths) hazard = departure.long;
  else if (monthsInTrouble > 0) hazard *= departure.withDebt;
  if (!chances.chance(hazard, "leaves", month)) return null;
  const onLast = chances.chance(0.45, "leavesOnLast", month);
  const day = onLast ? lastDay(month) : dayOf(month, chances.integer([2, 28], "leavesDay", month));
  return day > last || day < start ? null : day;
}

/**
 * One month of a departed tenant's account: repairs, the deposit, what is still paid, what is given up. `inTrouble`
 * when rent was already owed before. Returns false once nothing more will happen.
 */
export function settle(
  setting: Setting,
  account: Account,
  month: Month,
  monthsSince: number,
  inTrouble: boolean,
): boolean {
  const { chances, parameters, home, dwelling, agency } = setting;
  const { departure } = parameters;
  account.owed += account.coming;
  account.coming = 0;
  if (monthsSince === 1 && home) {
    if (chances.chance(departure.repairs, "exitRepairs")) {
      const cents = chances.integer(departure.repairsCents, "exitRepairsCents");
      account.charge("repairs", cents, dayOf(month, 14), dayOf(month, 28));
    }
    if (chances.chance(departure.depositHeld, "depositHeld")) {
      const on = dayOf(month, 26);
      account.relieve("deposit", dwelling.rent, on, on);
    }
  }
  if (account.owed < 0 && monthsSince >= 3) {
    const on = dayOf(month, 20);
    account.charge("adjustment", -account.owed, on, on);
  }
  if (account.owed > 0) {
    const willing = monthsSince <= 2 && !inTrouble ? departure.paysAtOnce : departure.paysLater;
    if (chances.chance(willing * agency.recovery, "settles", month)) {
      const whole = monthsSince <= 2 || chances.chance(0.3, "settlesWhole", month);
      const part = whole ? 1 : chances.between([0.1, 0.5], "settlesShare", month);
      const on = Math.max(firstDay(month), dayOf(month, 5) + chances.integer([1, 20], "settlesOn", month));
      account.receive("payment", Math.round(account.owed * part), on, "transfer");
    } else if (
      monthsSince >= departure.writtenOffFrom &&
      chances.chance(departure.writtenOff, "writtenOff", month)
    ) {
      const on = lastDay(month);
      account.relieve("write_off", account.owed, on, on);
    }
  }
  return account.owed !== 0 || monthsSince < 3;
}
