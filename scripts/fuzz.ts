import { spawnSync } from "node:child_process";

// Runs the tests without a GPU again and again, their properties on a new seed each time: npm run fuzz [-- ROUNDS]
const rounds = Number(process.argv[2] ?? 10);
const first = Math.floor(Math.random() * 2 ** 30);
for (let seed = first; seed < first + rounds; seed++) {
  console.log(`seed ${seed} (again: FIDUCIAL_FUZZ_SEED=${seed} npx vitest run --project pure)`);
  const { status } = spawnSync("npx", ["vitest", "run", "--project", "pure", "--reporter", "dot"], {
    stdio: "inherit",
    env: { ...process.env, FIDUCIAL_FUZZ_SEED: String(seed) },
  });
  if (status !== 0) process.exit(1);
}
