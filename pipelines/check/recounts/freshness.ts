import { z } from "zod";
import { queryRows } from "../../warehouse/connection.ts";
import { daysBetween, monthOf } from "../dates.ts";
import type { StartRecount } from "../recount.ts";

const deliveryRow = z.object({ lease_id: z.string(), delivered_on: z.string() });

/** How old the newest entry and the newest delivery of the stalest agency are, and agencies that none tells of. */
export const recountFreshness: StartRecount = async ({ connection, tally, asOf }) => {
  const deliveries = await queryRows(
    connection,
    `select lease_id, max(delivered_on)::varchar as delivered_on
     from (
       select lease_id, file_id from contract.entry
       union all
       select lease_id, file_id from bank.match inner join contract.bank_receipt on receipt_id = id
     ) as told
     inner join load.file on told.file_id = file.file_id
     where delivered_on is not null group by lease_id order by lease_id`,
    deliveryRow,
  );
  const deliveredOn = new Map(deliveries.map(({ lease_id, delivered_on }) => [lease_id, delivered_on]));
  const newestEntry = new Map<string, string>();
  const newestDelivery = new Map<string, string>();
  const keepNewest = (newest: Map<string, string>, agency: string, day: string | undefined) => {
    if (day !== undefined && day > (newest.get(agency) ?? "")) newest.set(agency, day);
  };
  return {
    add({ lease }) {
      for (const { bookedOn } of lease.entries) keepNewest(newestEntry, lease.agencyId, bookedOn);
      keepNewest(newestDelivery, lease.agencyId, deliveredOn.get(lease.leaseId));
    },
    finish() {
      const month = monthOf(asOf);
      for (const slice of tally.slices) {
        const agencies = tally.agencies.filter((agency) => tally.slicesOf(agency).includes(slice));
        const ages = (newest: Map<string, string>) =>
          agencies.flatMap((agency) => {
            const day = newest.get(agency);
            return day === undefined ? [] : [Math.max(daysBetween(day, asOf), 0)];
          });
        const tell = (indicator: string, days: readonly number[]) =>
          tally.set(indicator, slice, month, {
            numerator: null,
            denominator: days.length,
            value: days.length === 0 ? null : Math.max(...days),
          });
        tell("freshness", ages(newestEntry));
        tell("freshness.delivery", ages(newestDelivery));
        tally.set("freshness.without_entry", slice, month, {
          numerator: null,
          denominator: agencies.length,
          value: agencies.filter((agency) => !newestEntry.has(agency)).length,
        });
      }
    },
  };
};
