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
  if (!life.alive) hazard = departure.afterDeath;
  else if (month - monthOf(start) < departure.afterMonths) return null;
  else if (monthsInTrouble > departure.longMonths) hazard = departure.long;
  else if (monthsInTrouble > 0) hazard *= departure.withDebt;
  if (!chances.chance(hazard, "leaves", month)) return null;
  const onLast = chances.chance(departure.onLastDay, "leavesOnLast", month);
  const day = onLast ? lastDay(month) : dayOf(month, chances.integer(departure.day, "leavesDay", month));
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
      account.charge(
        "repairs",
        cents,
        dayOf(month, departure.repairsOn),
        dayOf(month, departure.repairsDueOn),
      );
    }
    if (chances.chance(departure.depositHeld, "depositHeld")) {
      const on = dayOf(month, departure.depositOn);
      account.relieve("deposit", dwelling.rent, on, on);
    }
  }
  if (account.owed < 0 && monthsSince >= departure.refundedFrom) {
    const on = dayOf(month, departure.refundedOn);
    account.charge("adjustment", -account.owed, on, on);
  }
  if (account.owed > 0) {
    const soon = monthsSince <= departure.soonMonths;
    const willing = soon && !inTrouble ? departure.paysAtOnce : departure.paysLater;
    if (chances.chance(willing * agency.recovery, "settles", month)) {
      const whole = soon || chances.chance(departure.paysWhole, "settlesWhole", month);
      const part = whole ? 1 : chances.between(departure.paysPart, "settlesShare", month);
      const days = chances.integer(departure.paysAfterDays, "settlesOn", month);
      const on = Math.max(firstDay(month), dayOf(month, departure.paysFrom) + days);
      account.receive("payment", Math.round(account.owed * part), on, "transfer");
    } else if (
      monthsSince >= departure.writtenOffFrom &&
      chances.chance(departure.writtenOff, "writtenOff", month)
    ) {
      const on = lastDay(month);
      account.relieve("write_off", account.owed, on, on);
    }
  }
  return account.owed !== 0 || monthsSince < departure.openMonths;
}
