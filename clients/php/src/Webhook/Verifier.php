<?php

declare(strict_types=1);

namespace Understudy\Client\Webhook;

use Understudy\Client\Exception\InvalidWebhook;
use Understudy\Client\Secret;

/**
 * Checks webhooks and callbacks as Standard Webhooks 1.0 says. What is truncated, altered, stale or, with a replay guard,
 * sent a second time is refused.
 *
 *     $event = (new Verifier($secret))->verify($request->getContent(), $request->headers->all());
 */
final class Verifier
{
    /** @var list<Secret> the keys' bytes */
    private readonly array $keys;

    /**
     * @param string|list<string> $secrets          `whsec_…`, or several while you change over from one to the next
     * @param int                 $toleranceSeconds how far the time of sending may lie from now, both ways
     * @param ReplayGuard|null    $replays          null: the same delivery is accepted again within the tolerance
     *
     * @throws \InvalidArgumentException when a secret is none
     */
    public function __construct(
        #[\SensitiveParameter]
        string|array $secrets,
        private readonly int $toleranceSeconds = 300,
        private readonly ?ReplayGuard $replays = null,
    ) {
        $keys = [];
        foreach ((array) $secrets as $secret) {
            $keys[] = self::key($secret);
        }
        if ($keys === []) {
            throw new \InvalidArgumentException('at least one webhook secret is needed');
        }
        $this->keys = $keys;
    }

    /**
     * The event, when it is signed under one of the secrets, whole, and not too old.
     *
     * @param string                                    $body    as it came: bytes that nothing has parsed and printed again
     * @param array<string, string|array<string|null>|null> $headers names in any case; also `$_SERVER`
     * @param int|null                                  $now     seconds since the epoch; for tests
     *
     * @throws InvalidWebhook
     */
    public function verify(string $body, array $headers, ?int $now = null): WebhookEvent
    {
        $now ??= time();
        $id = self::header($headers, 'webhook-id');
        $timestamp = self::header($headers, 'webhook-timestamp');
        $signatures = self::header($headers, 'webhook-signature');
        if (preg_match('/^\d{1,12}$/D', $timestamp) !== 1) {
            throw new InvalidWebhook('malformed', 'webhook-timestamp is not in seconds');
        }
        $age = $now - (int) $timestamp;
        if (abs($age) > $this->toleranceSeconds) {
            throw new InvalidWebhook(
                'stale',
                sprintf('it was sent %d s ago; at most %d s are accepted', $age, $this->toleranceSeconds),
            );
        }
        if (!$this->isSigned($id . '.' . $timestamp . '.' . $body, $signatures)) {
            throw new InvalidWebhook('signature', 'no signature in webhook-signature is one under this secret');
        }
        $event = WebhookEvent::fromBody($body, $id);
        $until = (int) $timestamp + $this->toleranceSeconds;
        if ($this->replays !== null && !$this->replays->isFirst($id . '.' . $timestamp, $until)) {
            throw new InvalidWebhook('replayed', 'this delivery came before');
        }

        return $event;
    }

    private function isSigned(string $signed, string $signatures): bool
    {
        $isSigned = false;
        foreach ($this->keys as $key) {
            $expected = 'v1,' . base64_encode(hash_hmac('sha256', $signed, $key->reveal(), true));
            foreach (explode(' ', $signatures) as $signature) {
                // In constant time, and only whole: base64 without its padding would decode to the same bytes.
                $isSigned = hash_equals($expected, $signature) || $isSigned;
            }
        }

        return $isSigned;
    }

    private static function key(#[\SensitiveParameter] mixed $secret): Secret
    {
        $bytes = \is_string($secret) && preg_match('~^whsec_([A-Za-z0-9+/]+={0,2})$~D', $secret, $match) === 1
            ? base64_decode($match[1], true)
            : false;
        if ($bytes === false || \strlen($bytes) < 24) {
            throw new \InvalidArgumentException('a webhook secret is whsec_ and base64 of at least 24 bytes');
        }

        return new Secret($bytes);
    }

    /** @param array<string, string|array<string|null>|null> $headers */
    private static function header(array $headers, string $name): string
    {
        $inServer = 'http_' . str_replace('-', '_', $name);
        foreach ($headers as $candidate => $value) {
            $candidate = strtolower((string) $candidate);
            if ($candidate !== $name && $candidate !== $inServer) {
                continue;
            }
            $values = array_values((array) $value);
            if (\count($values) === 1 && \is_string($values[0]) && $values[0] !== '') {
                return $values[0];
            }
            throw new InvalidWebhook('missing_header', 'the header ' . $name . ' is empty or there twice');
        }
        throw new InvalidWebhook('missing_header', 'the header ' . $name . ' is missing');
    }
}
