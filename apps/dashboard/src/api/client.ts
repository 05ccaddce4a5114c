import { UnderstudyClient } from '@understudy/client';

/** The API behind this very page. The session’s cookie goes with each request by itself. */
export const client = new UnderstudyClient({
  baseUrl: window.location.origin,
  cookies: true,
  // A page asks again soon anyway; long silent repeats would only hide what is wrong from whoever looks at it.
  maxRetries: 2,
  totalTimeoutMs: 45_000,
});
