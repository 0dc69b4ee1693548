import { ShapeError } from "../../errors.ts";
import { show, type Tensor } from "../../tensor/index.ts";

/** Throws ShapeError unless H and W of x [N, C, H, W] are multiples of `multiple`; it says which sizes would fit. */
export function checkSize(name: string, x: Tensor, multiple: number): void {
  const [, , h, w] = x.shape;
  if (x.shape.length === 4 && h % multiple === 0 && w % multiple === 0 && h > 0 && w > 0) return;
  if (x.shape.length !== 4)
    throw new ShapeError(`${name}: x is ${show(x.shape)}; give images [N, C, H, W], H and W multiples of ${multiple}`);
  const up = (n: number): number => Math.max(1, Math.ceil(n / multiple)) * multiple;
  const down = (n: number): number => Math.max(1, Math.floor(n / multiple)) * multiple;
  throw new ShapeError(
    `${name}: x is ${show(x.shape)}; H and W must be multiples of ${multiple}: pad to ${up(h)}x${up(w)} or resize to ${down(h)}x${down(w)}`,
  );
}
