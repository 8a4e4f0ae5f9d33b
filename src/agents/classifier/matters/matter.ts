/** Something a message says that only a person may answer. */
export interface Matter {
  /** For the reviewer, after "There is a sign that". */
  sign: string;
  /** Any of these gives it away. They are matched against one sentence at a time, with straight apostrophes. */
  patterns: readonly RegExp[];
  /** Matched against the whole text, for what takes more than one sentence to say. */
  across?: readonly RegExp[];
  /** A sentence that speaks of this means something else. */
  unless?: RegExp;
  /** Only a desk whose policy speaks of this leaves the matter to a person. Any desk does where it is not given. */
  policy?: RegExp;
}
