import { createAuth } from "../identity/auth.ts";
import { openIdentity } from "./identity.ts";

/** The file langgraph.json names under `auth.path`: who may call the LangGraph server, and what they may ask. */
export const auth = createAuth(openIdentity);
