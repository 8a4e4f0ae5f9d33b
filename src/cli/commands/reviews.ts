import { Option, type Command } from "commander";
import { z } from "zod";
import { CallerError, reportOf } from "../../domain/errors.ts";
import { Decision } from "../../domain/decision.ts";
import { Delivery } from "../../domain/delivery.ts";
import { Conversation, unansweredMessages } from "../../domain/conversation.ts";
import { Review, ReviewSummary } from "../../domain/review.ts";
import { Permission } from "../../web/api.ts";
import type { Output } from "../output.ts";
import { shorten, table } from "../output.ts";
import type { Act } from "../program.ts";
import { openSession, type Session } from "../session.ts";

const Listing = z.object({ reviews: z.array(ReviewSummary) });

/** A review with what a person is shown at the interrupt, and what became of it. */
const Shown = z.object({
  review: Review,
  permission: Permission,
  /** Whom it is for, by name. */
  authorName: z.string(),
  shown: z.object({ description: z.string() }),
  decision: Decision.nullable(),
  deliveries: z.array(Delivery),
});
export type Shown = z.infer<typeof Shown>;

export function addReviewCommands(program: Command, act: Act): void {
  program
    .command("reviews")
    .description("list the drafts that wait for you")
    .option("--all", "decided and superseded ones as well")
    .addOption(
      new Option(
        "--scope <scope>",
        "colleagues' waiting drafts as well: those of your teams, or all you may see",
      )
        .choices(["mine", "team", "all"])
        .conflicts("all"),
    )
    .action(async ({ all = false, scope = "mine" }: { all?: boolean; scope?: string }) => {
      await act(async ({ options: globals, output }) => {
        const session = await openSession(globals);
        const { reviews } =
          scope === "mine" ? await listReviews(session, all) : await listColleagues(session, scope);
        output.result(reviews);
        output.say(reviews.length === 0 ? "No drafts wait for you." : reviewTable(reviews));
        if (reviews.length > 0) output.say("\nLook at one: npx countersign show <review>");
      });
    });

  program
    .command("show")
    .description("show one review: the draft, what it rests on and what approval would do")
    .argument("<review>", "the review's id, or its beginning")
    .action(async (id: string) => {
      await act(async ({ options, output }) => {
        const session = await openSession(options);
        const shown = await getReview(session, id);
        output.result(shown);
        await sayCustomer(output, session, shown.review);
        sayReview(output, shown);
      });
    });
}

/** The caller's reviews, newest last. */
export function listReviews(session: Session, all: boolean) {
  return session.get(`/api/reviews?limit=500&status=${all ? "all" : "open"}`, Listing);
}

/** The waiting reviews of the caller's teams, or all that they may see; the most urgent first. */
function listColleagues(session: Session, scope: string) {
  return session.get(`/api/reviews?limit=500&order=risk&scope=${scope}`, Listing);
}

/** A review by its id or the beginning of it: one of the caller's, or else one of a colleague's that waits. */
export async function getReview(session: Session, id: string): Promise<Shown> {
  const own = matching(await listReviews(session, true), id);
  const matches = own.length > 0 ? own : await matchingColleagues(session, id);
  if (matches.length > 1) {
    throw new CallerError(
      "review_ambiguous",
      `${matches.length} reviews begin with "${id}".`,
      "Give more of the id.",
    );
  }
  return await session.get(`/api/reviews/${encodeURIComponent(matches[0]?.id ?? id)}`, Shown);
}

export function reviewTable(reviews: readonly ReviewSummary[]): string {
  const severalPeople = new Set(reviews.map(({ teammate }) => teammate)).size > 1;
  return table([
    [
      "REVIEW",
      "CONVERSATION",
      ...(severalPeople ? ["FOR"] : []),
      "CUSTOMER",
      "TOPIC",
      "SURE",
      "PROPOSES",
      "TITLE",
    ],
    ...reviews.map((review) => [
      review.id.slice(0, 8),
      review.conversationId,
      ...(severalPeople ? [shorten(review.teammate.replace(/@.*/, ""), 16)] : []),
      shorten(review.customer, 20),
      review.classification.topic,
      `${Math.round(review.classification.confidence * 100)} %`,
      review.status === "open" ? proposals[review.proposes] : review.status,
      shorten(review.title, 48),
    ]),
  ]);
}

function matching({ reviews }: z.infer<typeof Listing>, id: string): ReviewSummary[] {
  return reviews.filter((review) => review.id.startsWith(id));
}

/** None for who is not connected to Intercom, and so may see only their own. */
async function matchingColleagues(session: Session, id: string): Promise<ReviewSummary[]> {
  try {
    return matching(await listColleagues(session, "all"), id);
  } catch (error) {
    if (error instanceof CallerError) return [];
    throw error;
  }
}

const proposals = { comment: "reply", note: "internal note", nothing: "no reply" } as const;

/** What the customer is waiting to have answered, or why it cannot be read now: the draft is shown either way. */
async function sayCustomer(
  output: Output,
  session: Session,
  { conversationId, customer }: Review,
): Promise<void> {
  if (output.json) return;
  try {
    const conversation = await session.get(`/api/conversations/${conversationId}`, Conversation);
    for (const { text, attachments } of unansweredMessages(conversation)) {
      output.say(`${customer} wrote:`);
      output.say(
        quote([text, ...attachments.map(({ name }) => `[attached: ${name}]`)].filter(Boolean).join("\n")),
      );
      output.say();
    }
  } catch (error) {
    output.say(`The conversation cannot be read now: ${reportOf(error).message}\n`);
  }
}

function quote(text: string): string {
  return text
    .split("\n")
    .map((line) => `  │ ${line}`)
    .join("\n");
}

function sayReview(output: Output, shownReview: Shown): void {
  const { review, shown, decision, deliveries, permission, authorName } = shownReview;
  output.say(`Review ${review.id} · version ${review.version} · ${review.status}`);
  output.say(`Conversation ${review.conversationId} · digest ${review.digest}`);
  output.say();
  output.say(shown.description.replaceAll("**", ""));
  if (decision) output.say(`\nDecided: ${decision.type} by ${decision.decidedBy} at ${decision.decidedAt}`);
  for (const { action, status, reason } of deliveries) {
    output.say(`  ${status}: ${action.summary}${reason ? ` (${reason})` : ""}`);
  }
  if (review.status !== "open") return;
  const id = review.id.slice(0, 8);
  switch (permission.kind) {
    case "yours":
      output.say(`\nDecide: npx countersign approve ${id} | edit | revise | reject | take-over`);
      break;
    case "pick_up":
      output.say(`\nIt is for ${authorName}. Pick it up to decide it: npx countersign pick-up ${id}`);
      break;
    case "refused":
      output.say(`\nIt is for ${authorName}, and not for you to decide. ${permission.reason}`);
  }
}
