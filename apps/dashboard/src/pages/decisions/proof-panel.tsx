import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { checkProof } from '@understudy/client';
import { client } from '../../api/client.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { explain } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import { Term } from '../../components/term.tsx';
import { Time } from '../../components/time.tsx';
import { count } from '../../formatting/numbers.ts';
import { IconShieldCheck } from '../../theme/icons.ts';
import classes from './decision-page.module.css';

/** Proves in this browser, without trust in the server’s word, that the decision stands in the ledger. */
export function ProofPanel({ decision }: { decision: string }) {
  const check = useMutation({
    mutationFn: async () => {
      const proof = await client.ledger.proof(decision);
      return { proof, holds: await checkProof(proof) };
    },
  });
  return (
    <Panel
      title={<Term name="ledger proof">Ledger proof</Term>}
      actions={
        <Button variant="default" size="compact-sm" onClick={() => check.mutate()} loading={check.isPending}>
          {check.data === undefined ? 'Check it here' : 'Check again'}
        </Button>
      }
    >
      <div role="status">
        {check.error !== null && <p className={classes.bad}>{explain(check.error).detail}</p>}
        {check.data === undefined ? (
          check.error === null && (
            <p className={classes.quiet}>
              Your browser computes it from the record itself; the server’s word is not needed.
            </p>
          )
        ) : (
          <>
            {check.data.holds ? (
              <Status tone="good" icon={<IconShieldCheck size={13} />}>
                Stands unchanged in the ledger
              </Status>
            ) : (
              <Status tone="bad">The proof does not hold: the record was changed</Status>
            )}
            <Facts
              rows={[
                ['Written', <Time key="at" at={check.data.proof.commit.committed_at_ms} as="exact" />],
                [
                  'Place',
                  `row ${check.data.proof.commit.position + 1} of ${check.data.proof.commit.entries} in commit ${count(check.data.proof.commit.seq)}`,
                ],
                [
                  'Head',
                  <span key="head" className={classes.hash}>
                    <span className="mono">{check.data.proof.log.head}</span>
                    <CopyButton value={check.data.proof.log.head} what="the head" />
                  </span>,
                ],
              ]}
            />
            <p className={classes.quiet}>
              Keep a head somewhere else, and later changes to anything before it will show.
            </p>
          </>
        )}
      </div>
    </Panel>
  );
}
