import { beginNight, type NightFolder, switchToNight, type Workspace } from "../workspace.ts";
import { layDown, type PendingFile, settleState } from "./state.ts";

/** Begins a night on a settled state: what a night killed before this one left behind is made whole, or goes. */
export async function openNight(workspace: Workspace): Promise<NightFolder> {
  await settleState(workspace);
  return beginNight(workspace);
}

/**
 * Makes a finished night the current one; what it adds to the state counts from that instant on.
 *
 * @returns the night's folder at its final place.
 */
export async function publishNight(
  workspace: Workspace,
  night: NightFolder,
  files: readonly PendingFile[],
): Promise<NightFolder> {
  await layDown(workspace, night, files);
  const published = await switchToNight(workspace, night);
  await settleState(workspace);
  return published;
}
