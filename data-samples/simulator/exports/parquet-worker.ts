import { parentPort, workerData } from "node:worker_threads";
import { Delivery } from "../delivery.ts";
import { type StockShare, type WrittenShare, writeShare } from "./parquet-dwellings.ts";

/** What a thread is asked to write, and where. */
export interface ShareOfFolder {
  readonly inbox: string;
  readonly share: StockShare;
}

/** What a thread tells: how many more dwellings are written, and at the end what was. */
export type News = { readonly more: number } | { readonly written: WrittenShare };

const { inbox, share } = workerData as ShareOfFolder;
const tell = (news: News) => parentPort?.postMessage(news);
const written = await writeShare(new Delivery(inbox), share, (more) => tell({ more }));
tell({ written });
