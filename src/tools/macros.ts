import { z } from "zod";
import { digestOf } from "../domain/json.ts";
import type { Caller, ReadOutcome, ToolGateway } from "./gateway.ts";
import { htmlToText } from "./html.ts";
import {
  mapOutcome,
  nextCursor,
  optionalText,
  providerId,
  providerList,
  readAs,
  readPages,
} from "./provider.ts";

const maximumPages = 20;

/** A saved reply as plain text. A placeholder reads as its default, or as `[key]` when it has none. */
export interface Macro {
  id: string;
  name: string;
  text: string;
  /** Unix seconds. */
  updatedAt: number | null;
  /** Digest of `text`. */
  version: string;
}

/** The macros this teammate may see, from all pages. */
export async function listMacros(gateway: ToolGateway, as: Caller): Promise<ReadOutcome<Macro[]>> {
  return readPages(maximumPages, async (cursor) => {
    const args = cursor === null ? {} : { starting_after: cursor };
    const page = await readAs(gateway, "researcher", as, "intercom_list_macros", args, MacroPage);
    return mapOutcome(page, ({ data, pages }) => ({ items: data.map(toMacro), next: pages }));
  });
}

const ProviderMacro = z.object({
  type: z.literal("macro").optional(),
  id: providerId,
  name: optionalText,
  body: optionalText,
  body_text: optionalText,
  updated_at: z.union([z.string(), z.number()]).nullish(),
});

const MacroPage = z.object({
  data: providerList(ProviderMacro),
  pages: nextCursor,
});

function toMacro(macro: z.output<typeof ProviderMacro>): Macro {
  const text = htmlToText(macro.body) || macro.body_text;
  return {
    id: macro.id,
    name: macro.name,
    text,
    updatedAt: secondsOf(macro.updated_at),
    version: digestOf(text),
  };
}

/** Intercom dates macros in ISO 8601 and everything else in Unix seconds. */
function secondsOf(date: string | number | null | undefined): number | null {
  const value = typeof date === "string" ? Date.parse(date) / 1000 : (date ?? NaN);
  return Number.isFinite(value) ? Math.trunc(value) : null;
}
