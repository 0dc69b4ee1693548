import { scale, type Vec3 } from "../geometry/index.ts";

/** Letters of the patient's directions: x to the left, y to posterior, z to superior. */
const letters = [
  ["L", "R"],
  ["P", "A"],
  ["S", "I"],
] as const;

/** Where a direction points, such as "A" or, for an oblique one, "AS": its parts above sin 20 degrees, the largest first. */
export const directionLetters = (direction: Vec3): string =>
  direction
    .map((part, axis) => ({ size: Math.abs(part), letter: letters[axis][part > 0 ? 0 : 1] }))
    .filter(({ size }) => size > 0.342)
    .sort((a, b) => b.size - a.size)
    .slice(0, 2)
    .map(({ letter }) => letter)
    .join("");

/** Letters at the four edges of an image whose columns and rows run along these directions. */
export const edgeLetters = (plane: { readonly columnDirection: Vec3; readonly rowDirection: Vec3 }) => ({
  left: directionLetters(scale(plane.columnDirection, -1)),
  right: directionLetters(plane.columnDirection),
  top: directionLetters(scale(plane.rowDirection, -1)),
  bottom: directionLetters(plane.rowDirection),
});
