import type { Figure } from "../figures.ts";
import type { ToolCall } from "../trace.ts";

/** `0.923`, or `61.4` where the number is not a share. */
export function valueText({ unit }: Pick<Figure, "unit">, value: number): string {
  if (Number.isNaN(value)) return "-";
  if (unit === "share") return value.toFixed(3);
  return Math.abs(value) <= 1 ? value.toFixed(3) : value.toFixed(1);
}

/** `0.923 [0.871, 0.956]`. */
export function figureText(figure: Figure): string {
  const [low, high] = [valueText(figure, figure.low), valueText(figure, figure.high)];
  return `${valueText(figure, figure.value)} [${low}, ${high}]`;
}

/** The path of the calls, a line for each actor in turn: `researcher: a, b (3 times)`. */
export function pathLines(calls: readonly ToolCall[]): string[] {
  const steps: { actor: string; tools: { tool: string; times: number }[] }[] = [];
  for (const { actor, tool } of calls) {
    if (steps.at(-1)?.actor !== actor) steps.push({ actor, tools: [] });
    const tools = steps.at(-1)?.tools ?? [];
    const last = tools.at(-1);
    if (last?.tool === tool) last.times += 1;
    else tools.push({ tool, times: 1 });
  }
  return steps.map(({ actor, tools }) => {
    const named = tools.map(({ tool, times }) => (times === 1 ? tool : `${tool} (${times} times)`));
    return `${actor}: ${named.join(", ")}`;
  });
}
