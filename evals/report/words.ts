import type { Figure } from "../figures.ts";

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
