import { importanceIn, type Field } from "./importance.ts";
import type { Reading, ReadPassage } from "./library.ts";
import { bm25, coverage, likenessOf, weigh, type Weights } from "./measures.ts";
import { fitsQuestion } from "./questions.ts";
import { affinity, distinct, tokensOf, type Token } from "./tokens.ts";

/** What is looked for: the ask, and the words that may say what it is about, the nearest first. */
export interface Query {
  ask: string;
  near: string;
  around: string;
  /** What was said before this message. */
  earlier: string;
  topic: string;
  /** How likely each source is to answer this, by what answered such messages before. */
  recalled: ReadonlyMap<string, number>;
}

/** What speaks for a passage as the answer to an ask. */
export interface Features {
  /** How much of the ask stands in the passage... */
  askInText: number;
  /** ...in it, its heading or the title... */
  askInContext: number;
  /** ...and in all that stands under its heading. */
  askInSection: number;
  /** How much of the whole message its source speaks of, and how much the title does. */
  messageInSource: number;
  messageInTitle: number;
  /** How much the source has of the topic's description; of the message again where there is no topic. */
  topicInSource: number;
  /** How much of the passage is about what the message speaks of. */
  textInMessage: number;
  /** BM25F over whole sources and over passages: the best one has 1. */
  sourceRank: number;
  passageRank: number;
  /** How alike the meanings of ask and passage are on the whole. */
  meaning: number;
  /** Whether it has what such a question asks for. */
  kind: number;
  /** Years by which the source is older than the newest that was read, beyond the first of them. */
  age: number;
  /** 1 for a macro. */
  macro: number;
  /** How far its source answered such messages before: the root of the probability. */
  recalled: number;
}

export interface Compared {
  reading: Reading;
  passage: ReadPassage;
  features: Features;
}

/** What the words around the ask count beside its own. */
const LAYER = { ask: 1, near: 0.6, around: 0.4, earlier: 0.3, topic: 0.15 };
const TITLE = { inSource: 4, inPassage: 1 };
const HEADING = 2;
const YEAR_IN_SECONDS = 365 * 24 * 60 * 60;

/** Compares every passage of what was read with an ask, by words, by what they mean, and by its age. */
export function compareWith(readings: readonly Reading[], field: Field): (query: Query) => Compared[] {
  const importance = importanceIn(readings, field);
  const newest = Math.max(0, ...readings.map(({ source }) => source.updatedAt ?? 0));
  const averageSource = mean(readings.map(({ words }) => words.length));
  const averagePassage = mean(readings.flatMap(({ passages }) => passages.map(({ words }) => words.length)));

  return (query) => {
    const { ask, near, message, topic } = weightsOf(query, importance);
    const fit = bestFits();
    const said = [...message.keys()];
    const compared = readings.flatMap((reading) => {
      const title = distinct(reading.titleWords);
      const everything = distinct([...reading.words, ...title]);
      const sourceFields = [
        { words: reading.words, weight: 1 },
        { words: reading.titleWords, weight: TITLE.inSource },
      ];
      const ofSource = {
        messageInSource: coverage(message, (token) => fit(token, everything)),
        messageInTitle: coverage(message, (token) => fit(token, title)),
        topicInSource: coverage(topic.size > 0 ? topic : message, (token) => fit(token, everything)),
        sourceRank: bm25(message, sourceFields, averageSource),
        age: Math.max(0, (newest - (reading.source.updatedAt ?? newest)) / YEAR_IN_SECONDS - 1),
        macro: reading.source.kind === "macro" ? 1 : 0,
        recalled: Math.sqrt(query.recalled.get(`${reading.source.kind}:${reading.source.id}`) ?? 0),
      };
      return reading.passages.map((passage): Compared => {
        const { words, headingWords } = passage;
        const text = distinct(words);
        const context = distinct([...words, ...headingWords, ...title]);
        const section = distinct([...context, ...sectionOf(passage, reading)]);
        const passageFields = [
          { words, weight: 1 },
          { words: headingWords, weight: HEADING },
          { words: reading.titleWords, weight: TITLE.inPassage },
        ];
        const weighedText = weigh([{ words: text, weight: 1 }], importance);
        const weighedPassage = weigh([{ words: [...words, ...headingWords], weight: 1 }], importance);
        const features: Features = {
          ...ofSource,
          askInText: coverage(ask, (token) => fit(token, text)),
          askInContext: coverage(ask, (token) => fit(token, context)),
          askInSection: coverage(ask, (token) => fit(token, section)),
          textInMessage: coverage(weighedText, (token) => fit(token, said)),
          passageRank: bm25(near, passageFields, averagePassage),
          meaning: likenessOf(ask, weighedPassage),
          kind: fitsQuestion(query.ask, passage.quote),
        };
        return { reading, passage, features };
      });
    });
    return bestAsOne(bestAsOne(compared, "sourceRank"), "passageRank");
  };
}

function weightsOf(query: Query, importance: (token: Token) => number) {
  const layer = (name: keyof typeof LAYER) => ({ words: tokensOf(query[name]), weight: LAYER[name] });
  return {
    ask: weigh([layer("ask")], importance),
    near: weigh([layer("ask"), layer("near")], importance),
    message: weigh(
      [layer("ask"), layer("near"), layer("around"), layer("earlier"), layer("topic")],
      importance,
    ),
    topic: weigh([layer("topic")], importance),
  } satisfies Record<string, Weights>;
}

/** How far a word stands among others, each pair of words compared once. */
function bestFits(): (token: Token, words: readonly Token[]) => number {
  const affinities = new Map<Token, Map<Token, number>>();
  return (token, words) => {
    const known = affinities.get(token) ?? new Map<Token, number>();
    affinities.set(token, known);
    let best = 0;
    for (const word of words) {
      let fit = known.get(word);
      if (fit === undefined) known.set(word, (fit = affinity(token, word)));
      if (fit > best) best = fit;
    }
    return best;
  };
}

/** How far from a passage another one may stand and still belong to it. */
const NEIGHBOURS = 3;

function sectionOf({ heading, position }: ReadPassage, { passages }: Reading): Token[] {
  const near = passages.filter(
    (other) => other.heading === heading && Math.abs(other.position - position) <= NEIGHBOURS,
  );
  return near.flatMap(({ words }) => words);
}

function bestAsOne(compared: readonly Compared[], name: "sourceRank" | "passageRank"): Compared[] {
  const best = Math.max(...compared.map(({ features }) => features[name]), Number.MIN_VALUE);
  return compared.map(({ features, ...rest }) => ({
    ...rest,
    features: { ...features, [name]: features[name] / best },
  }));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
