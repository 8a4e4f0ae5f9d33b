import { createAuth } from "../identity/auth.ts";
import { openRuntime } from "../runtime.ts";

/** The file langgraph.json names under `auth.path`: who may call the LangGraph server, and what they may ask. */
export const auth = createAuth(async () => (await openRuntime()).identity);
