import type { Trail } from '@understudy/client';
import { localTime } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { bold, dim, green, type Piece, red, yellow } from '../terminal/style.ts';

type Step = Trail['steps'][number];

/** Bad ends stand out, and what still has to happen. */
function coloured({ place, what, current }: Step): Piece {
  if (!current) return what;
  if (place === 'dead_letter' || /given up|failed/.test(what)) return red(what);
  return /waits|queued|running/.test(what) ? yellow(what) : green(what);
}

/** `understudy doctor --message`: the steps in order, then where it is now. */
export function showTrail(out: Output, trail: Trail): void {
  out.table(
    [{ title: 'WHEN' }, { title: 'WHERE' }, { title: 'WHAT', flexible: true }, { title: 'ID' }],
    trail.steps.map((step) => [localTime(step.at), step.place.replaceAll('_', ' '), coloured(step), dim(step.id)]),
  );
  out.line('');
  const now = trail.steps.filter(({ current }) => current);
  for (const step of now)
    out.line(bold('now  '), `${step.place.replaceAll('_', ' ')} `, dim(step.id), '  ', coloured(step));
  if (!trail.complete) out.note(dim('the trail leads on; ask for one of its ids to see the rest'));
}
