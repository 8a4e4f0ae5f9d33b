import { isFromCustomer, isMessage } from "../../domain/conversation.ts";
import { firstName, signatureOf } from "../../domain/signature.ts";
import type { Briefing } from "../briefing.ts";
import type { Tone } from "./instruction.ts";

/** "Hi Ana,": the customer's first name if it is plainly a name, since anybody may call themselves anything. */
export function greeting(briefing: Briefing, tone: Tone): string {
  const name = firstName(customerName(briefing)) ?? "there";
  if (tone === "formal") return name === "there" ? "Hello," : `Hello ${name},`;
  return tone === "friendly" ? `Hi ${name}!` : `Hi ${name},`;
}

/** The desk's signature for the teammate who will send it. */
export function signOff({ desk, teammate }: Briefing, tone: Tone): string {
  const signature = signatureOf(desk, teammate.name);
  return tone === "formal" && !/regards|sincerely/i.test(signature)
    ? `Kind regards,\n${signature}`
    : signature;
}

/** What the team calls the customer in a note. */
export function customerLabel(briefing: Briefing): string {
  return firstName(customerName(briefing)) ?? "The customer";
}

function customerName({ contact, conversation }: Briefing): string {
  const author = conversation.parts.findLast((part) => isMessage(part) && isFromCustomer(part))?.author;
  return contact?.name ?? author?.name ?? "";
}
