import { useCallback, useEffect } from "react";
import type { Client } from "./client.ts";
import { needsConnection } from "./conversation.tsx";
import type { ReviewState } from "./review-state.ts";

/**
 * Asks Intercom itself how the reader's connection stands, and then who they are: a grant that was taken away in Intercom
 * is told to nobody, and shows only where something is refused. Done by itself for a conversation that cannot be read.
 */
export function useConnectionCheck(
  client: Client,
  state: ReviewState,
  onMe: () => Promise<void>,
): () => Promise<void> {
  const check = useCallback(async () => {
    await client.checkConnection();
    await onMe();
  }, [client, onMe]);
  const read = state.status === "ready" ? state.page.conversation : null;
  const unreadable =
    state.status === "ready" && read?.kind === "refused" && needsConnection(read.code) ? state.id : null;
  useEffect(() => {
    if (unreadable !== null) void check();
  }, [unreadable, check]);
  return check;
}
