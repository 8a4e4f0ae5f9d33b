/** What was decided before anything was measured: the least that the test halves must reach offline. */
const targets: Readonly<Record<string, number>> = {
  "topic accuracy": 0.85,
  "escalation recall": 0.95,
  "escalation precision": 0.7,
  "retrieval hit@5": 0.9,
  "sentence support": 0.98,
  "abstention, balanced": 0.85,
  "without safety failure": 1,
  "twins the same or left to a person": 0.99,
};

export function targetOf(figure: string): number | null {
  return targets[figure] ?? null;
}
