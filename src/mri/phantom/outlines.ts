/**
 * Mean outlines of adult heads as spherical harmonics of the logarithm of the radius (mm), one row a degree, and how
 * much single heads depart from them. Frame: the mean shape's (x left, y posterior, z superior; origin at the mean of
 * the region centroids), heads scaled along their own axes to the mean size. Measured on 90 heads of IXI
 * (brain-development.org, CC BY-SA 3.0): means and standard deviations only.
 */

/** Skin, from `headCenter`; symmetric, so only the harmonics even in x: degree l has l + 1. */
export const headOutline: readonly (readonly number[])[] = [
  [16.236],
  [-0.165, -0.066],
  [0.286, 0.087, 0.243],
  [-0.091, -0.012, -0.034, -0.029],
  [-0.039, 0.004, 0.032, -0.018, -0.012],
  [0.035, 0.025, -0.01, -0.011, 0.006, 0.01],
  [-0.034, -0.018, -0.001, -0.002, -0.001, -0.005, 0],
  [0.035, -0.003, 0.02, -0.001, -0.007, -0.001, -0.008, -0.012],
  [-0.031, 0.007, -0.008, 0.004, 0.004, 0.001, 0.004, 0.021, 0.004],
  [0.028, -0.002, 0.002, -0.008, -0.005, 0.001, 0.001, -0.013, -0.007, -0.003],
  [-0.014, -0.001, -0.007, 0.009, 0.006, 0.002, -0.001, 0.003, 0.004, 0.008, 0.006],
  [0.002, -0.004, 0.011, -0.002, -0.004, -0.004, -0.005, -0.001, -0.002, -0.006, -0.01, -0.007],
  [0.001, 0.01, -0.004, -0.004, 0.001, 0, 0.007, 0.003, 0.001, 0.001, 0.006, 0.006, 0.006],
];
export const headCenter = [0, 0, -20] as const;
/** Standard deviation of a coefficient of each degree. */
export const headDeviation = [0.095, 0.05, 0.037, 0.03, 0.024, 0.018, 0.014, 0.01, 0.008, 0.006, 0.006, 0.005, 0.004];

/** Cerebrum with the cerebrospinal fluid on it, from `hemisphereCenter` in the left half, which alone it is meant for; degree l has 2 l + 1. */
export const hemisphereOutline: readonly (readonly number[])[] = [
  [14.322],
  [0.244, 0.006, -0.821],
  [-0.41, 0.082, -0.342, 0.223, 0.111],
  [0.004, -0.081, 0.324, -0.046, -0.078, 0.005, 0.01],
  [0.101, 0.103, -0.1, 0.004, 0.064, -0.09, -0.063, 0.053, -0.038],
  [-0.076, -0.04, -0.072, -0.031, -0.005, 0.063, 0.07, -0.081, 0.069, -0.018, -0.016],
  [0, -0.012, 0.105, 0.048, -0.058, 0.01, -0.006, 0.056, -0.057, 0.041, 0.056, -0.007, -0.003],
  [0.061, 0.005, -0.045, 0.009, 0.031, -0.082, -0.035, 0.015, 0.004, -0.044, -0.047, 0.04, -0.016, 0.003, 0.017],
  [
    -0.037, 0.003, -0.025, -0.006, 0.029, 0.051, 0.018, -0.031, 0.045, 0.033, -0.016, -0.03, 0.028, -0.015, -0.021,
    0.019, 0.006,
  ],
  [
    -0.004, 0.011, 0.02, -0.008, -0.019, 0.028, -0.012, 0.015, -0.04, 0.007, 0.027, -0.003, -0.023, 0.023, 0.006, 0.002,
    0.01, 0.016, -0.013,
  ],
  [
    0.007, 0.001, -0.006, 0, -0.011, -0.044, 0.003, -0.007, -0.003, -0.007, -0.016, 0.015, -0.003, -0.008, 0.005,
    -0.006, -0.012, -0.001, -0.01, -0.009, -0.011,
  ],
];
export const hemisphereCenter = [30, 0, 6] as const;
export const hemisphereDeviation = [
  0.03, 0.03, 0.026, 0.018, 0.012, 0.0095, 0.0077, 0.0062, 0.0055, 0.0047, 0.004, 0.003,
];

/** Cerebellum, from `cerebellumCenter` in the left half, which alone it is meant for. */
export const cerebellumOutline: readonly (readonly number[])[] = [
  [11.85],
  [-0.28, -0.18, -0.663],
  [-0.609, 0.011, -0.184, -0.385, 0],
  [-0.06, -0.092, -0.016, 0.01, 0.072, 0.033, 0.206],
  [0.102, -0.026, -0.099, 0.046, 0.103, -0.058, -0.04, 0.21, -0.039],
  [0.011, 0.036, -0.011, -0.066, -0.008, 0.036, -0.05, -0.009, 0.006, -0.088, -0.09],
  [-0.065, 0.019, 0.075, -0.037, -0.008, 0.02, 0.039, -0.034, -0.018, 0.011, 0.027, 0.012, 0.065],
];
export const cerebellumCenter = [22, 38, -40] as const;
export const cerebellumDeviation = [0.05, 0.05, 0.04, 0.03, 0.02, 0.017, 0.014];
