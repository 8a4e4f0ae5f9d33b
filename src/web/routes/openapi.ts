import { Hono } from "hono";
import { z } from "zod";
import { AuditEntry } from "../../domain/audit.ts";
import { Conversation } from "../../domain/conversation.ts";
import type { WebEnvironment } from "../answer.ts";
import {
  ConnectionEventData,
  DecisionRequest,
  PresenceEventData,
  PresenceRequest,
  Problem,
  Progress,
  ReviewCounts,
  ReviewEventData,
  ReviewList,
  ReviewPage,
  WorkEventData,
} from "../api.ts";
import { Leaving } from "./presence.ts";
import { Counting, Listing } from "./reviews.ts";

const answers = {
  ConnectionEventData,
  PresenceEventData,
  WorkEventData,
  Problem,
  Progress,
  ReviewCounts,
  ReviewEventData,
  ReviewList,
  ReviewPage,
  Conversation,
  LedgerEntries: z.object({ entries: z.array(AuditEntry) }),
};
type AnswerName = keyof typeof answers;

const json = (name: AnswerName | "DecisionRequest" | "PresenceRequest") => ({
  "application/json": { schema: { $ref: `#/components/schemas/${name}` } },
});
const answer = (description: string, name: AnswerName) => ({ description, content: json(name) });
const refusal = (description: string) => answer(description, "Problem");
const unauthorized = { "401": refusal("Nobody, or nobody known, makes this request.") };
const reviewId = { name: "id", in: "path", required: true, schema: { type: "string" } };

/** `GET /api/openapi.json`: the API as OpenAPI 3.1, made from the schemas that the routes themselves parse with. */
export const openApiRoutes = new Hono<WebEnvironment>().get("/", (context) => context.json(describeApi()));

export function describeApi() {
  return {
    openapi: "3.1.0",
    info: {
      title: "Countersign",
      version: "1",
      description:
        "Reviews that wait for the caller, their decisions, and what became of them. Send a token as `Authorization: Bearer`; in a browser the session's cookie stands for it, and every change carries `x-countersign-csrf`.",
    },
    security: [{ bearer: [] }, { session: [] }],
    paths: {
      "/api/reviews": {
        get: {
          operationId: "listReviews",
          summary: "The caller's reviews, or those of others that they may see, a page at a time",
          parameters: queryOf(Listing),
          responses: {
            "200": answer("A page of them.", "ReviewList"),
            "400": refusal("A wrong parameter."),
            "403": refusal("Others' reviews are for who is connected to Intercom."),
            ...unauthorized,
          },
        },
      },
      "/api/reviews/counts": {
        get: {
          operationId: "countReviews",
          summary: "How many there are, by urgency and topic",
          parameters: queryOf(Counting),
          responses: { "200": answer("The counts.", "ReviewCounts"), ...unauthorized },
        },
      },
      "/api/reviews/{id}": {
        get: {
          operationId: "getReview",
          summary: "One review, with its conversation as the caller may read it now",
          parameters: [reviewId],
          responses: {
            "200": answer("The review.", "ReviewPage"),
            "404": refusal("Not one the caller may see."),
            ...unauthorized,
          },
        },
      },
      "/api/reviews/{id}/decision": {
        post: {
          operationId: "decideReview",
          summary: "Approves, edits, sends back, rejects or takes over",
          parameters: [reviewId],
          requestBody: { required: true, content: json("DecisionRequest") },
          responses: {
            "200": answer("Recorded; how far its run has come.", "Progress"),
            "202": answer(
              "Another run is at work on the conversation: nothing was recorded, try again.",
              "Progress",
            ),
            "403": refusal("Not permitted, or not connected to Intercom."),
            "404": refusal("Not one the caller may see."),
            "409": refusal("Decided or superseded already, or not what was shown."),
            "422": refusal("The answer was not understood."),
            ...unauthorized,
          },
        },
      },
      "/api/reviews/{id}/pick-up": {
        post: {
          operationId: "pickUpReview",
          summary: "Takes a colleague's draft over to decide it, where the desk's rules allow it",
          description:
            "Answers with newline-delimited JSON, a Progress a line; the last one names the review that is now the caller's.",
          parameters: [reviewId],
          responses: {
            "200": {
              description: "The run that puts it before the caller.",
              content: { "application/x-ndjson": { schema: { $ref: "#/components/schemas/Progress" } } },
            },
            "403": refusal("The desk's rules do not allow it, or not connected to Intercom."),
            "404": refusal("Not one the caller may see."),
            "409": refusal("Somebody else was faster: it is not open any more."),
            ...unauthorized,
          },
        },
      },
      "/api/reviews/{id}/presence": {
        post: {
          operationId: "showPresence",
          summary: "Says that the caller has the review on their screen; counts for 45 seconds",
          parameters: [reviewId],
          requestBody: { required: true, content: json("PresenceRequest") },
          responses: {
            "204": { description: "Taken note of." },
            "400": refusal("A wrong body."),
            "404": refusal("Not one of the caller's."),
            ...unauthorized,
          },
        },
        delete: {
          operationId: "endPresence",
          summary: "Says that the caller left the review",
          parameters: [reviewId, ...queryOf(Leaving)],
          responses: { "204": { description: "Taken note of." }, ...unauthorized },
        },
      },
      "/api/conversations/{id}": {
        get: {
          operationId: "getConversation",
          summary: "A conversation, as the caller may read it in Intercom",
          parameters: [reviewId],
          responses: {
            "200": answer("The conversation.", "Conversation"),
            "400": refusal("Not readable."),
            ...unauthorized,
          },
        },
      },
      "/api/events": {
        get: {
          operationId: "streamEvents",
          summary: "What happens to the caller's reviews and connection, as it happens",
          description:
            "Server-sent events. `review` and `connection` are entries of the ledger: the id is its sequence, and `Last-Event-ID` goes on after it. `work` (what the agents make for the caller, also once at the beginning) and `presence` (who else looks at a review the caller looks at) say what is so now, whole each time it changes.",
          parameters: [{ name: "Last-Event-ID", in: "header", required: false, schema: { type: "integer" } }],
          responses: {
            "200": {
              description: "The stream. The data of an event is, by its type, one of these as JSON.",
              content: {
                "text/event-stream": {
                  schema: {
                    type: "string",
                    contentMediaType: "application/json",
                    contentSchema: {
                      anyOf: [
                        "ReviewEventData",
                        "ConnectionEventData",
                        "WorkEventData",
                        "PresenceEventData",
                      ].map((name) => ({ $ref: `#/components/schemas/${name}` })),
                    },
                  },
                },
              },
            },
            ...unauthorized,
          },
        },
      },
      "/api/ledger": {
        get: {
          operationId: "listLedger",
          summary: "Entries of the ledger",
          parameters: [
            { name: "conversationId", in: "query", required: false, schema: { type: "string" } },
            { name: "after", in: "query", required: false, schema: { type: "integer" } },
            { name: "limit", in: "query", required: false, schema: { type: "integer" } },
          ],
          responses: { "200": answer("Entries, oldest first.", "LedgerEntries"), ...unauthorized },
        },
      },
    },
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "countersign_session" },
      },
      schemas: {
        ...schemasOf(answers, "output"),
        ...schemasOf({ DecisionRequest, PresenceRequest }, "input"),
      },
    },
  };
}

function schemasOf(schemas: Record<string, z.ZodType>, io: "input" | "output") {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
      return [name, rest];
    }),
  );
}

function queryOf(schema: z.ZodObject) {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input" });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: "query",
    required: false,
    schema: property,
  }));
}
