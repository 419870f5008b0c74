import { readFile } from "node:fs/promises";

/** Of the kernel's clock that `/proc` counts processor time in: 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** Processor seconds of all processes that this one started and saw end, and of theirs; null elsewhere than on Linux. */
export async function secondsOfChildren(): Promise<number | null> {
  const stat = await readFile("/proc/self/stat", "utf8").catch(() => undefined);
  // After the name, which may hold spaces: state is field 3, cutime and cstime are fields 16 and 17 (proc_pid_stat(5)).
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields === undefined ? null : (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
}
