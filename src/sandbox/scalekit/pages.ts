import { Code } from "@connectrpc/connect";
import { serviceError } from "./errors.ts";

const STANDARD_SIZE = 30;
const LARGEST_SIZE = 100;

/** One page of a Scalekit listing. A size of 0 is the standard one; more than 100 is 100. */
export function pageOf<Item>(
  all: readonly Item[],
  request: { pageSize: number; pageToken: string },
): { items: Item[]; fields: { nextPageToken: string; prevPageToken: string; totalSize: number } } {
  const size = Math.min(request.pageSize === 0 ? STANDARD_SIZE : request.pageSize, LARGEST_SIZE);
  const start = request.pageToken === "" ? 0 : readToken(request.pageToken);
  const next = start + size;
  return {
    items: all.slice(start, next),
    fields: {
      totalSize: all.length,
      nextPageToken: next < all.length ? writeToken(next) : "",
      prevPageToken: start > 0 ? writeToken(Math.max(0, start - size)) : "",
    },
  };
}

function writeToken(start: number): string {
  return Buffer.from(`page:${start}`).toString("base64url");
}

function readToken(token: string): number {
  const match = /^page:(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (!match) throw serviceError(Code.InvalidArgument, "INVALID_ARGUMENT", "page_token is not valid");
  return Number(match[1]);
}
