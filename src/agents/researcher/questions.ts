/** What questions ask for, how they ask it, and how an answer to it looks. */
const kinds: readonly { asked: RegExp; answered: RegExp }[] = [
  {
    // A way to do something: an instruction.
    asked:
      /\b(?:how (?:do|can|to|does|should|must)|where|set ?up|turn (?:on|off)|which (?:button|menu|setting)|steps?|switch)\b/i,
    answered: /›|\b(?:open|choose|press|click|tap|select|go to|switch|enter)\b/i,
  },
  {
    // A time, a price, a limit: a figure.
    asked:
      /\b(?:how (?:long|much|many|often|soon|quick(?:ly)?|far|late|big)|when|what (?:is the )?(?:price|cost|fee|limit|rate)|costs?|limit|until|deadline)\b/i,
    answered: /\d|\b(?:one|two|three|daily|once|immediately|at once|never)\b/i,
  },
  {
    // Yes or no: what can and cannot be.
    asked:
      /^(?:and |but |so |also )*(?:can|could|is|are|do|does|did|will|may|has|have|am|would)\b|\b(?:or not|is there|is it possible|possible to)\b/i,
    answered: /\b(?:can|cannot|not|only|never|always|must|no)\b/i,
  },
];

const NEITHER = 0.5;

/** Whether a passage has what such a question asks for: 1 for all of it, 0 for none, 0.5 when it cannot be told. */
export function fitsQuestion(ask: string, quote: string): number {
  const relevant = kinds.filter(({ asked }) => asked.test(ask));
  const fitting = relevant.filter(({ answered }) => answered.test(quote));
  return relevant.length === 0 ? NEITHER : fitting.length / relevant.length;
}
