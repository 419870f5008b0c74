import type { z } from "zod";
import { date, flag, id } from "./column.ts";
import { lease } from "./lease.ts";
import { defineTable, to } from "./table.ts";

export const leaseTerms = defineTable({
  name: "lease_terms",
  description: "What holds for a lease from a day on, as it was known on a day.",
  columns: {
    lease_id: id("lease"),
    valid_from: date("first day on which it holds"),
    known_on: date("day on which the landlord's files first said so"),
    direct_debit: flag.optional("whether the rent is taken by direct debit"),
    benefit_to_landlord: flag.optional("whether housing benefit is paid to the landlord"),
  },
  key: ["lease_id", "valid_from", "known_on"],
  references: { lease_id: [to(lease, "id")] },
});

export type LeaseTerms = z.infer<typeof leaseTerms.schema>;
