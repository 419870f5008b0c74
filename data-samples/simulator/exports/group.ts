import { firstDay, frenchDate } from "../calendar.ts";
import type { Delivery } from "../delivery.ts";
import { AGENCIES, LANDLORDS, LEGACY_AGENCIES } from "../parameters.ts";
import type { Window } from "../window.ts";
import { compactDate } from "./writing.ts";

/** The group's own directory: its agencies today, and which former agency each one took over, since when. */
export function writeGroupDirectory(delivery: Delivery, window: Window): void {
  const shape = { encoding: "utf-8", separator: ";", lineEnd: "\n" } as const;
  const delivered = compactDate(window.asOf);
  const agencies = delivery.delimited(`groupe/agences_${delivered}.csv`, shape, ["code", "nom", "secteur"]);
  for (const agency of AGENCIES) agencies.addFields([agency.id, agency.name, agency.sector]);

  const takeovers = delivery.delimited(`groupe/reprises_${delivered}.csv`, shape, [
    "bailleur d’origine",
    "ancien code",
    "code",
    "date d’effet",
  ]);
  for (const legacy of LEGACY_AGENCIES) {
    for (const { agency, monthsBeforeEnd } of legacy.takenOverBy) {
      takeovers.addFields([
        LANDLORDS[legacy.landlord].name,
        legacy.code,
        agency,
        frenchDate(firstDay(window.lastMonth - monthsBeforeEnd)),
      ]);
    }
  }
}
