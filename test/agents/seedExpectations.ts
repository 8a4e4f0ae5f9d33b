/** Conversations of the example company that its help centre plainly answers, and by which articles. */
export const answerable: { id: number; articles: string[]; because: string }[] = [
  { id: 9, articles: ["8800033"], because: "what is left of a month is credited when moving to a year" },
  { id: 15, articles: ["8800010"], because: "when and how a no-show fee is charged to a saved card" },
  {
    id: 17,
    articles: ["8800028"],
    because: "where the bank account is changed and where payouts in transit go",
  },
  { id: 19, articles: ["8800033"], because: "what an upgrade in the middle of a period costs" },
  {
    id: 20,
    articles: ["8800029", "8800016"],
    because: "combining appointments on one invoice; reconnecting",
  },
  { id: 21, articles: ["8800041"], because: "moving the authenticator to a new phone" },
  { id: 23, articles: ["8800030"], because: "where one's own tax number is printed on invoices" },
  { id: 24, articles: ["8800036", "8800034"], because: "duplicate charges are refunded" },
  { id: 25, articles: ["8800057"], because: "how everything is exported" },
  { id: 28, articles: ["8800025"], because: "when payouts arrive; the older page disagrees" },
  { id: 29, articles: ["8800016"], because: "why appointments appear twice" },
  { id: 30, articles: ["8800008"], because: "whom a free place is offered to" },
  { id: 31, articles: ["8800040"], because: "what to do when the reset link does not arrive" },
  { id: 34, articles: ["8800029"], because: "reminders of overdue invoices" },
  { id: 36, articles: ["8800051", "8800050"], because: "what Zapier needs; which integrations there are" },
  {
    id: 37,
    articles: ["8800048", "8800005"],
    because: "an empty calendar in the app; what the staff role sees",
  },
  { id: 40, articles: ["8800009"], because: "changing one date of a series" },
  { id: 42, articles: ["8800034"], because: "replacing the card; what happens after a failed charge" },
  { id: 46, articles: ["8800022", "8800020", "8800021"], because: "deposits, turning on payments, fees" },
  { id: 50, articles: ["8800013", "8800014"], because: "which events block the booking page" },
  { id: 51, articles: ["8800004"], because: "why rows update a client, and undoing an import" },
  { id: 53, articles: ["8800048"], because: "no push notifications" },
  { id: 54, articles: ["8800015"], because: "the calendar feed" },
  { id: 57, articles: ["8800043"], because: "when reminders are sent" },
  { id: 59, articles: ["8800036"], because: "a yearly plan is refunded within 30 days" },
  { id: 60, articles: ["8800006"], because: "buffers between appointments" },
  { id: 61, articles: ["8800036"], because: "monthly plans are not refunded" },
  { id: 65, articles: ["8800001", "8800002", "8800008"], because: "set-up, the end of the trial, classes" },
  { id: 66, articles: ["8800039"], because: "how to cancel and until when everything works" },
  { id: 67, articles: ["8800040"], because: "how long a locked sign-in stays locked" },
];

/** Conversations that only a person may answer. */
export const forPeople: { id: number; because: string }[] = [
  { id: 22, because: "a vulnerability is reported" },
  { id: 26, because: "a claim in court is announced" },
  { id: 33, because: "an erasure request" },
  { id: 38, because: "it instructs an assistant" },
  { id: 39, because: "it instructs an assistant" },
  { id: 41, because: "insults and a threat" },
  { id: 43, because: "a subject access request" },
  { id: 44, because: "German" },
  { id: 47, because: "it instructs an assistant and wants to act on another conversation" },
  { id: 49, because: "Arabic" },
  { id: 52, because: "it asks for a teammate by name" },
  { id: 54, because: "it instructs an assistant" },
  { id: 55, because: "Spanish" },
  { id: 62, because: "French" },
  { id: 63, because: "it quotes a promise that was never made" },
  { id: 64, because: "a fourth complaint, and it asks for a person" },
  { id: 69, because: "an outage" },
];

/** Conversations to which nothing is to be answered. */
export const silent = [8, 32];
