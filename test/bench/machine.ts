import { availableParallelism, cpus } from "node:os";

/** What a figure was measured on. */
export function machine(): { processor: string; cores: number; node: string } {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    node: process.version,
  };
}
