/** Small texts of the page: what things of the server are called for a reader. */

export const urgencies = ["urgent", "high", "normal", "low"] as const;

export const urgencyNames: Record<string, string> = {
  urgent: "Urgent",
  high: "High",
  normal: "Normal",
  low: "Low",
};

export const decisionNames: Record<string, string> = {
  approve: "Approved",
  edit: "Approved with edits",
  revise: "Sent back",
  reject: "Rejected",
  take_over: "Taken over",
};

export const deliveryNames: Record<string, string> = {
  queued: "Waiting to be sent",
  sending: "Being sent",
  sent: "Sent",
  failed: "Not sent",
  unknown: "Being reconciled: it may have been sent, and is being looked for",
  stale: "Not sent: the conversation moved on",
  skipped: "Not sent: an earlier step was not",
};

export const routeNames: Record<string, string> = {
  reply: "Reply",
  escalate: "Escalate",
  no_reply: "No reply needed",
};

export const sourceNames: Record<string, string> = {
  article: "Article",
  macro: "Macro",
  conversation: "Past conversation",
  ticket: "Ticket",
  contact: "Customer",
};

/** What the agents are doing once a step is over. */
export const stepNames: Record<string, string> = {
  load: "Classifying…",
  classifier: "Looking for evidence…",
  researcher: "Drafting…",
  responder: "Preparing the review…",
};

/** `payments_setup` for a reader who was not told the topic's title. */
export function topicName(topic: string): string {
  const words = topic.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function languageName(code: string): string {
  if (code === "und") return "undetermined";
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** How long ago, in the largest unit that says enough. */
export function ageOf(from: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - from.getTime()) / 60_000));
  if (minutes < 1) return "now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 60 * 24) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / (60 * 24))} d`;
}

/** A moment in the reader's own zone: the time today, the day and time otherwise. */
export function momentName(moment: Date, now: Date): string {
  const time = moment.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  if (moment.toDateString() === now.toDateString()) return time;
  const sameYear = moment.getFullYear() === now.getFullYear();
  const day = moment.toLocaleDateString(undefined, {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
  return `${day}, ${time}`;
}
