import { Anchor, Button, PasswordInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { InvalidRequest, type Session, type SessionRequest, Unauthenticated } from '@understudy/client';
import { type FormEvent, useEffect, useState } from 'react';
import { client } from '../../api/client.ts';
import { explain, LoadingRows } from '../../components/states.tsx';
import { hasCode, spendCode } from '../../session/one-time-code.ts';
import { enterAs, sessionQuery } from '../../session/session.ts';
import { Logo } from '../../shell/logo.tsx';
import { homeOf } from '../../shell/navigation.ts';
import classes from './sign-in-page.module.css';

const route = getRouteApi('/sign-in');

/** By the one-time code of a link, which goes by itself, or by an API key. */
export function SignInPage() {
  const { next, add } = route.useSearch();
  const router = useRouter();
  const cache = useQueryClient();
  const [coded] = useState(hasCode);
  // With a code one is about to be somebody else: nobody asks who one was.
  const { data: session } = useQuery({ ...sessionQuery(), enabled: !coded });
  const leave = (entered: Session | null) => router.history.replace(next ?? homeOf(entered?.scopes ?? []));
  const signIn = useMutation({
    mutationFn: (request: SessionRequest) => client.session.create(request),
    onSuccess: async (opened) => {
      await enterAs(cache, opened);
      leave(opened);
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; the code is worth nothing a second time
  useEffect(() => {
    document.title = 'Sign in · Understudy';
    const code = spendCode();
    if (code !== null) signIn.mutate({ code });
  }, []);
  // Somebody who is signed in already and follows a link to this page has nothing to do here.
  const alreadyIn = session !== undefined && session !== null && add !== true && !coded && signIn.isIdle;
  useEffect(() => {
    if (alreadyIn) router.history.replace(next ?? homeOf(session.scopes));
  }, [alreadyIn, session, next, router]);
  const byCode = coded && (signIn.isIdle || signIn.isPending);
  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <div className={classes.logo}>
          <Logo size={28} />
        </div>
        {byCode ? (
          <>
            <h1 className={classes.title}>Signing you in</h1>
            <LoadingRows rows={2} />
          </>
        ) : (
          <KeyForm
            failure={
              signIn.error === null
                ? null
                : failureOf(signIn.error, coded && signIn.variables !== undefined && 'code' in signIn.variables)
            }
            pending={signIn.isPending}
            adding={add === true}
            onSubmit={(api_key) => signIn.mutate({ api_key })}
            onCancel={add === true ? () => leave(session ?? null) : undefined}
          />
        )}
      </div>
      <p className={classes.foot}>Repetitive decisions, taken over only as far as it can be proved.</p>
    </main>
  );
}

function failureOf(error: unknown, byCode: boolean): string {
  if (error instanceof Unauthenticated || error instanceof InvalidRequest) {
    return byCode
      ? 'This link was used already, or it is too old. Ask for a new one, or use an API key.'
      : 'This key is not known here, or it has expired.';
  }
  return explain(error).detail;
}

interface KeyFormProps {
  failure: string | null;
  pending: boolean;
  adding: boolean;
  onSubmit(key: string): void;
  onCancel?: (() => void) | undefined;
}

function KeyForm({ failure, pending, adding, onSubmit, onCancel }: KeyFormProps) {
  const [key, setKey] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== '') onSubmit(key.trim());
  };
  return (
    <form onSubmit={submit}>
      <h1 className={classes.title}>{adding ? 'Add a workspace' : 'Sign in'}</h1>
      <p className={classes.text}>
        Open the link that <span className="mono">npm start</span> printed or that somebody of your team sent you. Or
        paste an API key of the workspace.
      </p>
      <PasswordInput
        label="API key"
        placeholder="us_…"
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        error={failure}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
      />
      <Button type="submit" fullWidth mt={14} loading={pending} disabled={key.trim() === ''}>
        {adding ? 'Add it' : 'Sign in'}
      </Button>
      {onCancel !== undefined && (
        <div className={classes.cancel}>
          <Anchor component="button" type="button" size="sm" onClick={onCancel}>
            Back
          </Anchor>
        </div>
      )}
    </form>
  );
}
